"""What applies to somebody who is in one place and lives in another: rights, days, authority."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.text import capfirst

from plainview.engine import BASES, Authority, Dates, Jurisdiction, Policy, Settlement, dates
from plainview.platform.languages import colon
from plainview.privacy.places import calendars
from plainview.privacy.places.territories import territory_in_a_sentence

IN_LAW = ("security", "duty", "case")
"""The kinds of purposes whose footing is the same everywhere, so that no page need say it."""
ADVERTISING, CLOSED_BY_SIGNAL = "advertising", "signal-closes"
"""The kind of purposes of which laws name their opt-outs, and the trait of those that one ends."""


class Given(NamedTuple):
    """One right as somebody has it: in words, by whose will, and the days of a request made now.

    `begins` is the day from which the law gives what we give already.
    """

    id: str
    words: str
    door: str
    proof_free: bool
    by_law: bool
    begins: dt.date | None
    articles: tuple[str, ...]
    dates: Dates


class Ground(NamedTuple):
    """How one kind of purposes stands before anybody is asked."""

    kind: str
    words: str


class Applied(NamedTuple):
    """All that a place, or two, mean for a person on a day.

    `by_interest`: something is on before anybody is asked because of an interest of ours.
    `ends` are the names of what an opt-out, or a signal, ends there.
    """

    laws: tuple[Jurisdiction, ...]
    names: tuple[str, ...]
    statutes: tuple[tuple[str, dt.date | None], ...]
    given: tuple[Given, ...]
    grounds: tuple[Ground, ...]
    authorities: tuple[Authority, ...]
    settlers: tuple[Settlement, ...]
    age: int
    opt_in: bool
    by_interest: bool
    opt_out: str
    ends: tuple[str, ...]
    appeal: Dates
    free: int
    look_back: dt.date | None
    verification: tuple[str, ...]
    agents: tuple[str, ...]
    signal_since: dt.date | None
    unverified: bool


def applied(
    policy: Policy,
    language: str,
    presence: str | None,
    residence: str | None,
    moment: dt.datetime,
) -> Applied:
    """What applies, with the days of a request made at `moment` (which knows its zone).

    Places are ISO codes or ids of jurisdictions; rights are the union of both places (P3.1b).
    """
    day = moment.date()
    laws = tuple(policy.laws(presence, residence))
    home = residence or presence
    own = policy.own(presence, home)
    given = tuple(_given(policy, language, laws, presence, residence, moment))
    done = {each.kind for each in policy.purposes.values()}
    kinds = {kind for law in laws for kind in law.kinds} & done - {*IN_LAW}
    footing = {kind: _firmest(laws, kind) for kind in policy.kinds if kind in kinds}
    return Applied(
        laws=laws,
        names=tuple(dict.fromkeys(_name(policy, language, code) for code in (presence, home))),
        statutes=tuple(dict.fromkeys(each for law in own for each in _statute(policy, law, day))),
        given=given,
        grounds=tuple(
            Ground(kind, policy.text(f"bases.{basis}", language)) for kind, basis in footing.items()
        ),
        authorities=authorities(policy, own),
        settlers=settlers(laws),
        age=policy.age_of_majority(home),
        opt_in="opt-in" in policy.models(presence, residence),
        by_interest="legitimate-interest" in footing.values(),
        opt_out=policy.text(opt_out_key(policy, presence, home), language),
        ends=tuple(
            policy.text(f"purposes.{id_}.name", language)
            for id_ in ended_by_opt_out(policy, presence, home)
        ),
        appeal=_dates(policy, laws, "appeal", presence, residence, moment),
        free=_free(laws),
        look_back=min((law.clocks.look_back for law in laws if law.clocks.look_back), default=None),
        verification=tuple(dict.fromkeys(law.clocks.verification for law in laws)),
        agents=tuple(dict.fromkeys(law.clocks.agents for law in laws)),
        signal_since=min(
            (
                law.signals.from_
                for law in laws
                if law.signals
                and law.signals.required
                and law.signals.from_
                and law.signals.from_ <= day
            ),
            default=None,
        ),
        unverified=any(law.clocks.unverified or law.clocks.doubt for law in laws),
    )


def opt_out_key(policy: Policy, presence: str | None, residence: str | None) -> str:
    """The key of what the opt-out is called there: by its law, if what that speaks of is done."""
    ended = ended_by_opt_out(policy, presence, residence)
    if any(policy.purposes[id_].kind == ADVERTISING for id_ in ended):
        return f"local.optout.{policy.opt_out_law(presence, residence).id}"
    return "choices.optout.action"


def ended_by_opt_out(policy: Policy, presence: str | None, residence: str | None) -> list[str]:
    """The purposes that an opt-out, or a signal, ends there, in the order of `questioned`."""
    asked = questioned(policy, presence, residence)
    return [id_ for id_ in asked if CLOSED_BY_SIGNAL in policy.purposes[id_].traits]


def questioned(policy: Policy, presence: str | None, residence: str | None) -> list[str]:
    """The purposes that one can refuse there, kind by kind as the policy lists them.

    Those of news wait until there is some.
    """
    kinds, asked = list(policy.kinds), policy.asks(presence, residence)
    return sorted(
        asked - {*policy.messages.waiting},
        key=lambda id_: (kinds.index(policy.purposes[id_].kind), policy.bit(id_)),
    )


def _given(
    policy: Policy,
    language: str,
    laws: tuple[Jurisdiction, ...],
    presence: str | None,
    residence: str | None,
    moment: dt.datetime,
) -> list[Given]:
    day = moment.date()
    found = []
    for id_, right in policy.rights.items():
        there = [law.rights[id_] for law in laws if id_ in law.rights]
        if not there:
            continue
        binding = [law for law in laws if law.by_law(id_, day)]
        coming = [each.from_ for each in there if each.by == "law" and each.from_]
        found.append(
            Given(
                id=id_,
                words=policy.text(f"rights.{id_}", language),
                door=right.door,
                proof_free=right.identity == "none",
                by_law=bool(binding),
                begins=None if binding else min(coming, default=None),
                articles=_articles(policy, language, binding, id_),
                dates=_dates(policy, laws, id_, presence, residence, moment),
            )
        )
    return found


def _articles(
    policy: Policy, language: str, laws: Iterable[Jurisdiction], right: str
) -> tuple[str, ...]:
    """Where the laws give a right, each article once; of several laws beside the name of each."""
    cited = dict.fromkeys((_lawgiver(policy, law), law.rights[right].article) for law in laws)
    found = [(policy.text(f"jurisdictions.{whose}", language), it) for whose, it in cited if it]
    if len({whose for whose, _ in found}) < 2:
        return tuple(article for _, article in found)
    return tuple(f"{capfirst(whose)}{colon()}{article}" for whose, article in found)


def _lawgiver(policy: Policy, law: Jurisdiction) -> str:
    """The id of the place that the law of a place is from: the nearest at or above it with one."""
    above = (policy.jurisdictions[parent] for parent in law.parents)
    return next((each.id for each in (law, *above) if each.law), law.id)


def _dates(
    policy: Policy,
    laws: tuple[Jurisdiction, ...],
    right: str,
    presence: str | None,
    residence: str | None,
    moment: dt.datetime,
) -> Dates:
    lives = residence or presence
    return dates(
        laws,
        right,
        moment,
        controller=calendars.controllers(policy),
        person=calendars.persons(policy, code_of(policy, lives)),
    )


def code_of(policy: Policy, place: str | None) -> str | None:
    """The ISO code of a place: itself, or the first of the places of a jurisdiction."""
    law = policy.jurisdictions.get(place or "")
    return next(iter(law.places), None) if law is not None else place


def _statute(policy: Policy, law: Jurisdiction, day: dt.date) -> list[tuple[str, dt.date | None]]:
    """The nearest law of a place or its ancestors by name, and when it begins if it has not."""
    for each in (law, *(policy.jurisdictions[parent] for parent in law.parents)):
        if each.law:
            return [(each.law, None if each.in_force(day) else each.from_)]
    return []


def authorities(policy: Policy, laws: Iterable[Jurisdiction]) -> tuple[Authority, ...]:
    """Whom to complain to: those of each place, then those of the law that it shares (P12d).

    So who is in the Union finds the list of all its authorities beside their own.
    """
    found: list[Authority] = []
    for law in laws:
        found += law.authority
        if not law.law:
            shared = (policy.jurisdictions[parent] for parent in law.parents)
            found += next((each.authority for each in shared if each.law), ())
    return tuple(dict.fromkeys(each for each in found if each.url))


def settlers(laws: Iterable[Jurisdiction]) -> tuple[Settlement, ...]:
    """Who outside settles a dispute about what was decided at the desk, by these laws."""
    return tuple(dict.fromkeys(each for law in laws for each in law.settlement))


def _free(laws: tuple[Jurisdiction, ...]) -> int:
    """How many requests a year the laws make free: the most of them, 0 where one makes all free."""
    counts = [law.clocks.free for law in laws]
    return max(counts) if all(counts) else 0


def _firmest(laws: tuple[Jurisdiction, ...], kind: str) -> str:
    return max((law.kinds[kind] for law in laws if kind in law.kinds), key=BASES.index)


def _name(policy: Policy, language: str, code: str | None) -> str:
    if code is not None and code not in policy.jurisdictions and code in policy.places:
        return territory_in_a_sentence(code)
    return policy.text(f"jurisdictions.{policy.jurisdiction(code).id}", language)
