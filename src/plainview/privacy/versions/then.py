"""What held for somebody on a day: the version of that day, the law of it, what they had said.

Belongs behind a door about the person that serves `privacy-choices`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import Decision, Policy, explain
from plainview.engine import Standing as Facts
from plainview.engine.standing import YES
from plainview.platform import days, languages
from plainview.privacy import permissions
from plainview.privacy.consent import renewing
from plainview.privacy.consent.models import Heard
from plainview.privacy.consent.questions import language
from plainview.privacy.receipts import queries as receipts
from plainview.privacy.requests import history
from plainview.privacy.versions import queries
from plainview.privacy.versions.models import Version

UNDATED = ("plan", "features", "cases")
"""Facts of which no day is kept of anybody."""


class Decided(NamedTuple):
    """A purpose as it was decided then: its name, and why."""

    name: str
    decision: Decision


class Home(NamedTuple):
    """Where somebody said they live, and whether they were of age there, at a moment."""

    residence: str | None
    age: Literal["certified-adult", "uncertified"]


class Ports:
    """What rooms above tell; `wiring` joins them."""

    home: Callable[[int, dt.datetime], Home | None] = staticmethod(lambda subject, end: None)
    """By what somebody had certified before a moment; None for who never certifies anything."""


class Then(NamedTuple):
    """A day as it was for somebody.

    `law` is that of their last answer by then and `lived` where they lived, "" where it is not
    known. `todays` are the facts of which no day is kept, so that those of now were taken: of
    `place`, `residence`, `age`, `objections`, `restrictions`, and of `plan`, `features` and
    `cases` always.
    """

    day: dt.date
    version: Version
    law: str
    lived: str
    todays: frozenset[str]
    decided: list[Decided]

    @property
    def told(self) -> str:
        """The facts that are of now, as a list in words."""
        words = {
            "place": _("the place"),
            "residence": _("the residence"),
            "age": _("the age"),
            "objections": _("the objections"),
            "restrictions": _("the restrictions"),
            "plan": _("the plan"),
            "features": _("the features asked for"),
            "cases": _("the open cases"),
        }
        return languages.listed(said for name, said in words.items() if name in self.todays)


def held(subject: int, day: dt.date) -> Then | None:
    """What held for a person at the end of a day, in UTC; None before the first version.

    Answers and signals are those of then, and so are the place, by the law under which they last
    answered; where they lived and their age, by what they had certified; objections and
    restrictions, by their requests. What none of these tells of the day is that of now, and named.
    """
    end = days.start(day + dt.timedelta(1), dt.UTC)
    version = queries.at(end - dt.timedelta.resolution)
    known = permissions.read(subject)
    if version is None or known is None:
        return None
    policy = queries.policy_of(version).on(day)
    said = list(receipts.lines(subject, until=end))  # the latest first
    places = (each.jurisdiction for each in said if each.surface != "staff")
    law = next((each for each in places if each in policy.jurisdictions), "")
    todays = {*UNDATED} if law else {*UNDATED, "place"}
    now = msgspec.structs.replace(known[0], presence=law or known[0].presence)
    home = Ports.home(subject, end)
    if home is None:
        todays |= {"residence", "age"} if known[0].residence else set()
    else:
        now = msgspec.structs.replace(now, residence=home.residence)
    if known[0].age == "minor":
        todays.add("age")  # by whatever route it is known, since when is not
    elif home is not None:
        now = msgspec.structs.replace(now, age=home.age)
    now, unknown = history.then(policy, now, subject, end)
    facts = _then(policy, now, said, end)
    signals = Heard.objects.filter(subject=subject, heard_at__lt=end)
    heard = frozenset(signals.values_list("signal", flat=True))
    facts = msgspec.structs.replace(facts, signals=heard)
    lived = policy.jurisdiction(now.residence).id if now.residence else ""
    decided = [_decided(policy, facts, purpose) for purpose in policy.purposes]
    names = (_named(policy, law), _named(policy, lived))
    return Then(day, version, *names, todays=frozenset(todays | unknown), decided=decided)


def _named(policy: Policy, law: str) -> str:
    return policy.text(f"jurisdictions.{law}", language()) if law else ""


def _decided(policy: Policy, facts: Facts, purpose: str) -> Decided:
    name = policy.text(f"purposes.{purpose}.name", language())
    return Decided(name, explain(policy, facts, purpose, language=language()))


def _then(policy: Policy, now: Facts, lines: list[receipts.Line], end: dt.datetime) -> Facts:
    """`now` with what had been said before `end`, counted as `permissions.answered` counts it."""
    lapses = renewing.lapses_after(policy, now.presence, now.residence)
    righted = {(each.corrects, said.id) for each in lines if each.corrects for said in each.answers}
    choices: dict[str, str] = {}
    until: dt.datetime | None = None
    for line in reversed(lines):
        answers = {s.id: s.word for s in line.answers if (line.key, s.id) not in righted}
        choices = {id_: word for id_, word in _at(choices, until, line.at) if id_ not in answers}
        until = until if permissions.has_yes(choices) else None
        if lapses and permissions.has_yes(answers):
            over = days.start(renewing.months_after(timezone.localdate(line.at), lapses))
            until = over if until is None else min(until, over)
        choices |= answers
    last = _at(choices, until, end - dt.timedelta.resolution)
    return msgspec.structs.replace(
        now,
        choices={id_: word for id_, word in last if word != "unset"},
        pending=frozenset(),
        valid_until=None,
    )


def _at(
    choices: dict[str, str], until: dt.datetime | None, moment: dt.datetime
) -> Iterable[tuple[str, str]]:
    """The answers that stand at a moment: once one yes has lapsed, none is left."""
    lapsed = until is not None and until <= moment
    return [(id_, word) for id_, word in choices.items() if not lapsed or word not in YES]
