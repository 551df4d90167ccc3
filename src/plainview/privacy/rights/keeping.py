"""Notes what an erasure leaves standing, so that what it promises for a day is done then."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
from django.db.models import QuerySet

from plainview.privacy.models import Kept
from plainview.privacy.rights import planning, tables
from plainview.privacy.rights.planning import Fate

MOST = 500
"""So many rows stand in one note."""


def note(fate: Fate, rows: QuerySet[Any]) -> None:
    """Write down, for rows that are kept, what goes on which day. Twice is as good as once."""
    for cut, until, ground in _days(fate):
        keep(fate.table.name, rows, until, ground, cut)


def keep(
    table: str, rows: QuerySet[Any], until: str, because: str, cut: dict[str, Any] | None = None
) -> None:
    """Note that rows stay until a day (ISO) on which `cut` is done to them, or they go."""
    keys = rows.order_by("pk").values_list("pk", flat=True).iterator(MOST)
    while some := list(itertools.islice(keys, MOST)):
        known = msgspec.json.encode([table, some, cut or {}, until])
        Kept.objects.bulk_create(
            [
                Kept(
                    mark=hashlib.sha256(known).hexdigest(),
                    table=table,
                    keys=some,
                    cut=cut or {},
                    until=until,
                    because=because,
                )
            ],
            ignore_conflicts=True,
        )


def _days(fate: Fate) -> Iterator[tuple[dict[str, Any], str, str]]:
    """For each day named: the columns emptied on it, or none on the last, when the rows go."""
    by_column = tables.fields(fate.table)
    last, last_ground = max((until, ground) for ground, until in fate.kept.values())
    by_day: dict[tuple[str, str], dict[str, Any]] = {}
    for name, (ground, until) in fate.kept.items():
        if until != last:
            by_day.setdefault((until, ground), {}).update(planning.emptied(by_column[name]))
    for (until, ground), cut in by_day.items():
        if cut:
            yield cut, until, ground
    yield {}, last, last_ground
