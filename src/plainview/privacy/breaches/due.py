"""By when a breach is told, and to whom, as the policy has it for where people live.

The engine counts (`engine/breaches.py`); here it is told which laws, and what was done so far. Who
answers for the service is always under the law of their own seat. Under one regime with it, as
everywhere in the Union, its authority alone is told (GDPR 56). Where nobody knows the place,
each duty has the strictest clock of all that the policy knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple, get_args

from plainview.engine import Authority, Clock, Jurisdiction, Policy, clocks
from plainview.engine.breaches import RISKS
from plainview.privacy.breaches.said import (
    Ground,
    Hidden,
    Missed,
    Risk,
    Said,
    Sent,
    Shown,
    Spared,
    Stated,
    Told,
    Written,
)
from plainview.privacy.places import applying, calendars

AUTHORITY, PEOPLE, SUPPLEMENT = "authority", "people", "supplement"
UNKNOWN = "unknown"
SOON = dt.timedelta(hours=24)
State = Literal["running", "soon", "late", "waiting", "done", "spared", "needless"]
UNDONE: tuple[State, ...] = ("running", "soon", "late", "waiting")


class Deadline(NamedTuple):
    """One duty of a breach: under which law, by when, and how it stands.

    `key` names it in entries, `law` is the id of a jurisdiction, `places` those of the breach that
    it is for. `told` are the times that it was done, the first of which counts; `overdue` says that
    this was, or is not yet, after its moment. `begun` is what the clock runs from. `missed` is how
    many people were written to in vain and told in no other way since: until they are, the duty is
    open (GDPR 34(3)(c)).
    """

    key: str
    law: str
    places: tuple[str, ...]
    clock: Clock
    begun: dt.datetime | None
    authorities: tuple[Authority, ...]
    told: tuple[Told, ...]
    spared: Spared | None
    state: State
    overdue: bool
    missed: int

    @property
    def open(self) -> bool:
        """Whether it is still to be done, or may come to be."""
        return self.state in UNDONE


def grounds(duty: str) -> tuple[Ground, ...]:
    """Why the duty of a key may not hold: Article 34(3) excuses from telling the people alone."""
    return get_args(Ground) if duty.partition("@")[0] == PEOPLE else ("law",)


def deadlines(
    policy: Policy, facts: Stated, said: Sequence[Said], now: dt.datetime
) -> list[Deadline]:
    """Every duty of a breach, those with the nearest moment first."""
    found = []
    for law, (places, laws) in _groups(policy, facts.places).items():
        begun = {"aware": facts.aware}
        for duty in (PEOPLE, AUTHORITY):
            if told := _told(said, f"{duty}@{law}"):
                begun[duty] = min(each.at for each in told)
        kept = [calendars.controllers(policy)]
        codes = {applying.code_of(policy, place) for place in places}
        kept += [each for code in codes if (each := calendars.persons(policy, code)) is not None]
        found += [
            _deadline(policy, law, tuple(places), clock, begun, facts, said, now)
            for clock in clocks(laws, begun, kept)
        ]
    return sorted(found, key=_order)


def _groups(
    policy: Policy, places: Iterable[str]
) -> dict[str, tuple[list[str], list[Jurisdiction]]]:
    """The laws that are counted together, by the id of the one whose authority is told."""
    home = policy.jurisdiction(policy.controller.country)
    groups: dict[str, tuple[list[str], list[Jurisdiction]]] = {home.id: ([], [home])}
    for place in places or (UNKNOWN,):
        law = policy.jurisdiction(place)
        ours = law.id == UNKNOWN or (not law.strictest_of and law.regime == home.regime)
        named, laws = groups.setdefault(home.id if ours else law.id, ([], []))
        named.append(place)
        laws += [each for each in policy.laws(law.id, law.id) if each not in laws]
    return groups


def _deadline(
    policy: Policy,
    law: str,
    places: tuple[str, ...],
    clock: Clock,
    begun: dict[str, dt.datetime],
    facts: Stated,
    said: Sequence[Said],
    now: dt.datetime,
) -> Deadline:
    key = f"{clock.duty}@{law}"
    told = _told(said, key)
    spared = _spared(said, key, facts.risk)
    missed = _missed(said, key, places or facts.places) if clock.duty == PEOPLE else 0
    at = now if missed else min((each.at for each in told), default=now)
    overdue = clock.due is not None and at > clock.due
    state: State = "running"
    if told and not missed:
        state = "done"
    elif spared:
        state = "spared"
    elif not clock.holds(facts.risk, facts.people):
        state = "needless"
    elif clock.due is None:
        state = "waiting"
    elif overdue:
        state = "late"
    elif clock.due - now < SOON:
        state = "soon"
    return Deadline(
        key=key,
        law=law,
        places=places,
        clock=clock,
        begun=begun.get(clock.telling.after),
        authorities=policy.jurisdictions[law].authority,
        told=told,
        spared=spared,
        state=state,
        overdue=overdue and state in ("late", "done"),
        missed=missed,
    )


def reaches(written: Written, places: Collection[str]) -> bool:
    """Whether letters went to all of those who live under some laws, none being all of them."""
    return not written.places or (bool(places) and set(places) <= set(written.places))


def _missed(said: Sequence[Said], key: str, places: Collection[str]) -> int:
    """How many of those people letters did not reach, whom nothing else told since."""
    missed, public = 0, False
    for each in said:
        if isinstance(each, Sent | Missed):
            letters = said[each.of - 1]
            if isinstance(letters, Written) and reaches(letters, places) and not public:
                missed = each.unreached if isinstance(each, Sent) else each.people
        elif isinstance(each, Shown | Hidden):
            public = isinstance(each, Shown)
            missed = 0 if public else missed
        elif isinstance(each, Told | Spared) and each.duty == key:
            missed = 0
    return missed


def _spared(said: Iterable[Said], key: str, risk: Risk) -> Spared | None:
    """The last word that a duty does not hold, unless a higher risk was stated since (34(4))."""
    found, now, then = None, risk, risk
    for each in said:
        if isinstance(each, Stated):
            now = each.risk
        elif isinstance(each, Spared) and each.duty == key:
            found, then = each, now
    return None if RISKS.index(risk or "high") > RISKS.index(then or "high") else found


def _told(said: Iterable[Said], key: str) -> tuple[Told, ...]:
    return tuple(each for each in said if isinstance(each, Told) and each.duty == key)


def _order(each: Deadline) -> tuple[bool, bool, dt.datetime, str]:
    due = each.clock.due
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return not each.open, due is None, due or last, each.key
