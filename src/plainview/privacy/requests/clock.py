"""By which days a request is due, as the policy has it for where somebody is and lives (P5.2c).

The engine counts (`engine/clocks.py`); here it is told which laws, which right and which pauses.
Where no law names a time, our own does (`within` of the right).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from plainview.engine import Calendar, Dates, Jurisdiction, NoSuchRight, Pause, dates
from plainview.privacy.places import applying, calendars
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

APPEAL = "appeal"
AMERICA = "US"
OURS = "P30D"
"""Our time for what the policy doesn't name, such as a letter that nobody has sorted yet."""
PATIENCE = dt.timedelta(days=30)
"""So long we wait for proof or an answer before a person looks at it again."""
SOON = dt.timedelta(days=7)
"""So long before the last day somebody is told, if nobody has decided yet."""


class Days(NamedTuple):
    """The days of a request. `due` is None while the law's clock stands still (`stopped`)."""

    acknowledge: dt.date | None
    due: dt.date | None
    target: dt.date | None
    extend_to: dt.date | None
    stopped: str


def laws(place: str, residence: str) -> list[Jurisdiction]:
    """The laws that bind somebody who is in one place and lives in another; "" is unknown.

    Who says where they live and is seen nowhere is presumed to be there.
    """
    return in_force().laws(place or residence or None, residence or None)


def names_a_state(words: str) -> bool:
    """Whether a text has the words for American states (P5.2b): recognised, never needed."""
    mail = in_force().mail
    folded = " ".join(words.split()).casefold()  # mail breaks lines anywhere
    return mail is not None and mail.state_rights.casefold() in folded


def in_the_states(place: str) -> str:
    """The place of somebody in the United States, where they are seen in one; else all of them."""
    return place if place.upper().startswith(AMERICA) else AMERICA


def lives(said: str, place: str, *, american: bool) -> str:
    """Where whoever asks by a form lives, which offered them the place they are seen in.

    Who is `american` by the door or the words lives in the States, unless they said where else;
    they did not by leaving what the form offered.
    """
    return in_the_states(place) if american and said in ("", place) else said


def today() -> dt.date:
    """The day of now by the clock of who answers for the service."""
    return day(timezone.now())


def day(moment: dt.datetime) -> dt.date:
    """The day of a moment by the same clock."""
    return calendars.controllers(in_force()).day(moment)


def of_request(
    kind: str,
    received: dt.datetime,
    *,
    place: str = "",
    residence: str = "",
    pauses: Iterable[Pause] = (),
) -> Days:
    """The days of a request of a kind (a right of the policy, "" for one not sorted yet).

    What is not sorted yet has the strictest of all days. A moment must know its zone.
    """
    policy = in_force()
    pauses = tuple(pauses)
    there = laws(place, residence)
    if not kind:
        each = [
            of_request(id_, received, place=place, residence=residence, pauses=pauses)
            for id_, right in policy.rights.items()
            if right.carried_out_by != "at-once" and any(id_ in law.rights for law in there)
        ]
        strictest = min(each, key=lambda days: days.due or dt.date.max)
        first = min((days.acknowledge for days in each if days.acknowledge), default=None)
        return strictest._replace(acknowledge=first)
    person = calendars.persons(policy, applying.code_of(policy, residence or place or None))
    controller = calendars.controllers(policy)
    try:
        found = dates(there, kind, received, controller=controller, person=person, pauses=pauses)
    except NoSuchRight:
        found = Dates(received=controller.day(received))
    if found.due is not None or found.stopped:
        return Days(found.acknowledge, found.due, found.target, found.extended, found.stopped)
    right = policy.rights.get(kind)
    due = later(found.received, (right.within if right else "") or OURS)
    return Days(found.acknowledge, due, _target(due, found.received, controller), None, "")


def of_appeal(appealed: dt.datetime, *, place: str, residence: str) -> Days:
    """The days of an appeal that came in at a moment (P5.2.3.2a)."""
    return of_request(APPEAL, appealed, place=place, residence=residence)


def appeal_until(decided: dt.datetime) -> dt.date:
    """The last day on which a decision can be appealed."""
    policy = in_force()
    right = policy.rights.get(APPEAL)
    return later(day(decided), (right.window if right else "") or "P90D")


def _target(due: dt.date, received: dt.date, kept: Calendar) -> dt.date:
    day = due
    for _ in range(2):
        day -= dt.timedelta(days=1)
        while not kept.works(day):
            day -= dt.timedelta(days=1)
    return max(day, received)
