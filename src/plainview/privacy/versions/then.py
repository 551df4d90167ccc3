"""What held for somebody on a day: the version of that day, the law of it, what they had said.

Belongs behind a door about the person that serves `privacy-choices`.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import msgspec

from plainview.engine import Decision, Policy, explain
from plainview.engine import Standing as Facts
from plainview.privacy import permissions
from plainview.privacy.consent.models import Heard
from plainview.privacy.consent.questions import language
from plainview.privacy.consent.renewing import months_after
from plainview.privacy.receipts import queries as receipts
from plainview.privacy.versions import queries
from plainview.privacy.versions.models import Version


class Decided(NamedTuple):
    """A purpose as it was decided then: its name, and why."""

    name: str
    decision: Decision


class Then(NamedTuple):
    """A day as it was for somebody."""

    day: dt.date
    version: Version
    decided: list[Decided]


def held(subject: int, day: dt.date) -> Then | None:
    """What held for a person at the end of a day, in UTC; None before the first version.

    Answers and signals are those of then; place, age, objections and restrictions those of now,
    since no day is kept of them.
    """
    end = dt.datetime.combine(day + dt.timedelta(1), dt.time.min, dt.UTC)
    version = queries.at(end - dt.timedelta(microseconds=1))
    known = permissions.read(subject)
    if version is None or known is None:
        return None
    policy = queries.policy_of(version).on(day)
    facts = _then(policy, known[0], subject, end)
    return Then(day, version, [_decided(policy, facts, purpose) for purpose in policy.purposes])


def _decided(policy: Policy, facts: Facts, purpose: str) -> Decided:
    name = policy.text(f"purposes.{purpose}.name", language())
    return Decided(name, explain(policy, facts, purpose, language=language()))


def _then(policy: Policy, now: Facts, subject: int, end: dt.datetime) -> Facts:
    laws = policy.laws(now.presence, now.residence)
    terms = [law.consent.lapses_months for law in laws if law.consent is not None]
    lapses = min((months for months in terms if months), default=0)
    choices: dict[str, str] = {}
    righted: set[tuple[str, str]] = set()
    for line in receipts.lines(subject, until=end):  # the latest first
        for said in line.answers:
            if line.corrects:
                righted.add((line.corrects, said.id))
            over = lapses and months_after(line.at.date(), lapses) <= end.date()
            if (line.key, said.id) in righted or said.id in choices:
                continue
            choices[said.id] = "unset" if over and said.word != "denied" else said.word
    heard = Heard.objects.filter(subject=subject, heard_at__lt=end)
    return msgspec.structs.replace(
        now,
        choices={id_: word for id_, word in choices.items() if word != "unset"},  # type: ignore[arg-type]
        signals=frozenset(heard.values_list("signal", flat=True)),
        pending=frozenset(),
        valid_until=None,
    )
