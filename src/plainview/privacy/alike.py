"""Standings that say the same, whenever a yes of theirs lapses: the database groups them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Length, NullIf, StrIndex, Substr

RUN = 20_000
"""How many standings are changed in one statement."""
LAPSES = ',"valid_until":'
"""The last of a standing's facts as they are written."""
CLOSED = "}"


def heads(standings: QuerySet[Any]) -> QuerySet[Any]:
    """Standings with their `head`: what they say but for when a yes lapses, without its bracket.

    `ends` is the place of the first character behind it, counted from 1.
    """
    lapses = NullIf(StrIndex("facts", Value(LAPSES)), Value(0))
    found: QuerySet[Any] = standings.annotate(
        ends=Coalesce(lapses, Greatest(Length("facts"), 1)), head=Substr("facts", 1, F("ends") - 1)
    )
    return found


def head(stored: str) -> str:
    """The same of one standing's facts as they are written."""
    said, lapses, _rest = stored.partition(LAPSES)
    return said if lapses else stored[:-1]


def runs(standings: QuerySet[Any], size: int = RUN) -> Iterator[QuerySet[Any]]:
    """All of them in the order of their subjects, so many at a time; a subject is in one run."""
    last = -(2**63)
    while (end := _end(standings.filter(subject__gt=last), size)) is not None:
        yield standings.filter(subject__gt=last, subject__lte=end)
        last = end


def _end(standings: QuerySet[Any], size: int) -> int | None:
    subjects = standings.order_by("subject").values_list("subject", flat=True)
    full = list(subjects[size - 1 : size])
    return full[0] if full else subjects.last()
