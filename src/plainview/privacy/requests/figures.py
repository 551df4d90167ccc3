"""What authorities ask of requests: how many, how they ended, how fast.

The figures are those of 11 CCR 7102(a): received, complied with in whole or in part, denied with
the ground, and the days that a substantive answer took, as a median. The 95th percentile is ours.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Outcome, Request

LINES = ("kind", "place", "channel", "year")


class Case(NamedTuple):
    """One request as statistics see it. `outcome` is empty, and so `answered`, while it is open.

    `outcome` is one of the model's, or `withdrawn`; `due` the day by which it was to be answered,
    extensions included; `ground` that of a denial.
    """

    kind: str
    place: str
    channel: str
    received: date
    answered: date | None = None
    outcome: str = ""
    ground: str = ""
    due: date | None = None

    @property
    def year(self) -> str:
        """The year in which it came in."""
        return str(self.received.year)


class Line(NamedTuple):
    """The figures of the cases that share something, by its name; days are whole, None without."""

    name: str
    received: int
    granted: int
    partly: int
    refused: int
    withdrawn: int
    open: int
    late: int
    median: float | None
    p95: int | None


def line(name: str, cases: Iterable[Case]) -> Line:
    """The figures of some cases. What was answered after its day is late, also in part."""
    found = list(cases)
    outcomes = Counter(each.outcome for each in found)
    days = sorted((each.answered - each.received).days for each in found if each.answered)
    late = sum(bool(each.answered and each.due and each.answered > each.due) for each in found)
    return Line(
        name,
        received=len(found),
        granted=outcomes[Outcome.GRANTED],
        partly=outcomes[Outcome.PARTLY],
        refused=outcomes[Outcome.REFUSED],
        withdrawn=outcomes[State.WITHDRAWN],
        open=outcomes[""],
        late=late,
        median=statistics.median(days) if days else None,
        p95=_rank(days, 95) if days else None,
    )


def lines(cases: Iterable[Case], by: str) -> list[Line]:
    """A line for each value of `by`, one of LINES, the most frequent first; years in order."""
    parts: dict[str, list[Case]] = {}
    for each in cases:
        parts.setdefault(getattr(each, by), []).append(each)
    found = [line(name, part) for name, part in parts.items()]
    if by == "year":
        return sorted(found, key=lambda each: each.name)
    return sorted(found, key=lambda each: (-each.received, each.name))


def denials(cases: Iterable[Case]) -> list[tuple[str, int]]:
    """How many were denied on which ground, in whole or in part, the most frequent first."""
    counted = Counter(each.ground for each in cases if each.ground)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _rank(ordered: list[int], percent: int) -> int:
    """The smallest value that so many percent do not exceed (nearest rank)."""
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def counted(year: int | None = None) -> list[Case]:
    """Every request that came in, in one year or ever. What was joined to another is that one."""
    found = Request.objects.exclude(state=State.JOINED)
    if year is not None:
        found = found.filter(received_at__year=year)
    rows = found.values_list(
        "kind", "residence", "place", "channel", "state", "outcome", "ground",
        "received_at", "decided_at", "due_on", "extend_to", "extended_at",
    )  # fmt: skip
    return [
        Case(
            kind,
            residence or place,
            channel,
            timezone.localdate(received),
            timezone.localdate(decided) if decided else None,
            State.WITHDRAWN if state == State.WITHDRAWN else outcome,
            ground,
            extend_to if extended and extend_to else due,
        )
        for kind, residence, place, channel, state, outcome, ground, received, decided, due,
        extend_to, extended in rows.iterator()
    ]  # fmt: skip


def years() -> list[int]:
    """The years in which requests came in, the latest first."""
    return sorted(
        (each.year for each in Request.objects.dates("received_at", "year")), reverse=True
    )
