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
    """A day as it was for somebody; `law` is that of their last answer by then, "" without one."""

    day: dt.date
    version: Version
    law: str
    decided: list[Decided]


def held(subject: int, day: dt.date) -> Then | None:
    """What held for a person at the end of a day, in UTC; None before the first version.

    Answers and signals are those of then, and so is the place, by the law under which they last
    answered; without an answer by then it is that of now. Age, residence, objections and
    restrictions are those of now, since no day is kept of them.
    """
    end = dt.datetime.combine(day + dt.timedelta(1), dt.time.min, dt.UTC)
    version = queries.at(end - dt.timedelta(microseconds=1))
    known = permissions.read(subject)
    if version is None or known is None:
        return None
    policy = queries.policy_of(version).on(day)
    said = list(receipts.lines(subject, until=end))  # the latest first
    places = (each.jurisdiction for each in said if each.surface != "staff")
    law = next((each for each in places if each in policy.jurisdictions), "")
    now = msgspec.structs.replace(known[0], presence=law or known[0].presence)
    facts = _then(policy, now, said, end)
    signals = Heard.objects.filter(subject=subject, heard_at__lt=end)
    heard = frozenset(signals.values_list("signal", flat=True))
    facts = msgspec.structs.replace(facts, signals=heard)
    words = policy.text(f"jurisdictions.{law}", language()) if law else ""
    decided = [_decided(policy, facts, purpose) for purpose in policy.purposes]
    return Then(day, version, words, decided)


def _decided(policy: Policy, facts: Facts, purpose: str) -> Decided:
    name = policy.text(f"purposes.{purpose}.name", language())
    return Decided(name, explain(policy, facts, purpose, language=language()))


def _then(policy: Policy, now: Facts, lines: list[receipts.Line], end: dt.datetime) -> Facts:
    laws = policy.laws(now.presence, now.residence)
    terms = [law.consent.lapses_months for law in laws if law.consent is not None]
    lapses = min((months for months in terms if months), default=0)
    choices: dict[str, str] = {}
    righted: set[tuple[str, str]] = set()
    for line in lines:
        for said in line.answers:
            if line.corrects:
                righted.add((line.corrects, said.id))
            over = lapses and months_after(line.at.date(), lapses) <= end.date()
            if (line.key, said.id) in righted or said.id in choices:
                continue
            choices[said.id] = "unset" if over and said.word != "denied" else said.word
    return msgspec.structs.replace(
        now,
        choices={id_: word for id_, word in choices.items() if word != "unset"},
        pending=frozenset(),
        valid_until=None,
    )
