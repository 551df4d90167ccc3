"""What an authority asks: what did this person see on that day, what did they say, who was told?

Everything here runs within a door about the person, who reads that it was opened and why: it sees
their rows and nobody else's, each part under the purpose that may have it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from plainview.platform import days
from plainview.privacy.consent import questions
from plainview.privacy.consent.models import Heard
from plainview.privacy.disclosures import queries as ledger
from plainview.privacy.disclosures.models import Disclosure, Recall
from plainview.privacy.gate.scope import entering
from plainview.privacy.receipts import queries
from plainview.privacy.receipts.queries import Line, Said


@dataclass(frozen=True, slots=True)
class Stood:
    """What somebody had said of one purpose by then, and when."""

    said: Said
    at: dt.datetime
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something that left, or was called back: to whom, when, and what of it."""

    at: dt.datetime
    recipient: str
    purpose: str
    what: str
    state: str

    def document(self) -> dict[str, str]:
        """The same for a bundle."""
        return {
            "at": moment(self.at),
            "recipient": self.recipient,
            "purpose": self.purpose,
            "what": self.what,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of a browser, and when it was first heard."""

    name: str
    at: dt.datetime

    def document(self) -> dict[str, str]:
        """The same for a bundle."""
        return {"signal": self.name, "at": moment(self.at)}


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it, up to the end of a day."""

    day: dt.date
    lines: list[Line]
    stood: list[Stood]
    signals: list[Signal]
    told: list[Told]

    @property
    def latest(self) -> Line | None:
        """The last entry of that day or before it."""
        return self.lines[0] if self.lines else None


def picture(subject: int, day: dt.date) -> Picture:
    """What was so at the end of `day`, in UTC.

    Belongs behind a door about the person that serves `privacy-choices` and may enter
    `record-keeping`.
    """
    end = days.start(day + dt.timedelta(1), dt.UTC)
    lines = queries.lines(subject, until=end)
    heard = Heard.objects.filter(subject=subject, heard_at__lt=end).order_by("heard_at")
    signals = [Signal(row.signal, row.heard_at) for row in heard]
    with entering("record-keeping"):
        told = sorted(_told(subject, end), key=lambda each: each.at)
    return Picture(day, lines, _stood(lines), signals, told)


def _stood(lines: list[Line]) -> list[Stood]:
    """The last word to each purpose, without what is put right; `lines` are the latest first."""
    righted = {(line.corrects, said.id) for line in lines if line.corrects for said in line.answers}
    found: dict[str, Stood] = {}
    for line in lines:
        for said in line.answers:
            if (line.key, said.id) not in righted:
                found.setdefault(said.id, Stood(said, line.at, line.key))
    return sorted(found.values(), key=lambda each: each.said.name)


def _told(subject: int, end: dt.datetime) -> Iterator[Told]:
    for row in Disclosure.objects.filter(subject=subject, queued_at__lt=end):
        yield Told(
            at=row.sent_at or row.tried_at or row.queued_at,
            recipient=questions.called(row.recipient),
            purpose=ledger.purpose_words(row.purpose),
            what=ledger.categories_words(row.categories),
            state=ledger.states()[ledger.state_of(row)][0],
        )
    for call in Recall.objects.filter(subject=subject, asked_at__lt=end):
        called = ledger.called_words(call)
        yield Told(
            at=call.asked_at,
            recipient=questions.called(call.recipient),
            purpose=ledger.purpose_words(call.purpose) if call.purpose else "",
            what=called.act,
            state=called.state,
        )


def moment(at: dt.datetime) -> str:
    """A time as documents write it: UTC, to the second."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def today() -> dt.date:
    """The day of now, in UTC."""
    return timezone.now().astimezone(dt.UTC).date()
