"""What authorities ask of requests: how many, how they ended, how fast.

The figures are those of 11 CCR 7102(a): received, complied with in whole or in part, denied with
the ground, and the days that a substantive answer took, as a median. The 95th percentile is ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Case as Case_
from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    Value,
    When,
)
from django.db.models.functions import ExtractYear, TruncDate

from plainview.privacy.places.territories import territory_of
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Outcome, Request

LINES = ("kind", "place", "channel", "year")


class Case(NamedTuple):
    """So many requests that are alike to statistics: `many` of them.

    `outcome` is empty while they are open: one of the model's, or `withdrawn`. `days` are those
    from receipt to the answer, None without one; `late` says that it came after its day, extensions
    included; `ground` is that of a denial.
    """

    kind: str
    place: str
    channel: str
    year: str
    outcome: str = ""
    ground: str = ""
    days: int | None = None
    late: bool = False
    many: int = 1


class Line(NamedTuple):
    """The figures of the cases that share something, by its name; days are whole, None without."""

    name: str
    received: int
    granted: int
    partly: int
    refused: int
    nothing: int
    withdrawn: int
    open: int
    late: int
    median: float | None
    p95: int | None


def line(name: str, cases: Iterable[Case]) -> Line:
    """The figures of some cases. What was answered after its day is late, also in part."""
    outcomes: Counter[str] = Counter()
    days: Counter[int] = Counter()
    late = 0
    for each in cases:
        outcomes[each.outcome] += each.many
        late += each.many if each.late else 0
        if each.days is not None:
            days[each.days] += each.many
    answered = days.total()
    middle = (_ranked(days, (answered - 1) // 2 + 1), _ranked(days, answered // 2 + 1))
    return Line(
        name,
        received=outcomes.total(),
        granted=outcomes[Outcome.GRANTED],
        partly=outcomes[Outcome.PARTLY],
        refused=outcomes[Outcome.REFUSED],
        nothing=outcomes[Outcome.NOTHING],
        withdrawn=outcomes[State.WITHDRAWN],
        open=outcomes[""],
        late=late,
        median=sum(middle) / 2 if answered else None,
        p95=_ranked(days, -(-answered * 95 // 100)) if answered else None,
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
    counted: Counter[str] = Counter()
    for each in cases:
        if each.ground:
            counted[each.ground] += each.many
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def _ranked(days: Counter[int], rank: int) -> int:
    """The value at a place, counted from one, in the order of all of them; 0 in none."""
    seen = 0
    for value in sorted(days):
        seen += days[value]
        if seen >= rank:
            return value
    return 0


def counted(year: int | None = None) -> list[Case]:
    """Every request that came in, in one year or ever. What was joined to another is that one.

    The database counts: what comes back are kinds of cases, however many requests there are.
    """
    found = Request.objects.exclude(state=State.JOINED)
    if year is not None:
        found = found.filter(received_at__year=year)
    answered, received = TruncDate("decided_at"), TruncDate("received_at")
    extended = Q(extended_at__isnull=False, extend_to__isnull=False)
    rows = (
        found.annotate(
            in_place=Case_(When(residence="", then=F("place")), default=F("residence")),
            in_year=ExtractYear("received_at"),
            ended=Case_(
                When(state=State.WITHDRAWN, then=Value(str(State.WITHDRAWN))), default=F("outcome")
            ),
            took=ExpressionWrapper(answered - received, output_field=DurationField()),
            until=Case_(When(extended, then=F("extend_to")), default=F("due_on")),
        )
        .annotate(
            after=Case_(
                When(until__lt=answered, then=Value(1)),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
        .order_by()
        .values_list("kind", "in_place", "channel", "in_year", "ended", "ground", "took", "after")
        .annotate(many=Count("id"))
    )
    return [
        Case(
            kind, territory_of(place), channel, str(in_year), outcome, ground,
            took.days if took is not None else None, bool(after), many,
        )
        for kind, place, channel, in_year, outcome, ground, took, after, many in rows
    ]  # fmt: skip


def years() -> list[int]:
    """The years in which requests came in, the latest first."""
    return sorted(
        (each.year for each in Request.objects.dates("received_at", "year")), reverse=True
    )
