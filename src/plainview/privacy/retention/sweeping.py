"""What is due to go, and its going. Stopped at any moment, the next sweep goes on from there.

Two things are due: rows that an erasure kept until a day which it named in its report, and rows of
which a column is marked as the moment (`personal(…, event="last-use")`) from which all of their
schedules count. Where a law names one of the row's categories, the longer of the two decides, for
everybody; a person who restricted what is held of them is passed over, since it is kept for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone

from plainview.engine import Schedule
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.models import Kept, Standing
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import holdings, scanning, tables
from plainview.privacy.rights.planning import later

BATCH = 500
PROMISE = "promise"
"""An erasure said in its report that they go on a day that has come."""


@dataclass(frozen=True, slots=True)
class Due:
    """Rows of a table that are due; `because` is a schedule's id, or PROMISE."""

    table: str
    because: str
    rows: int


def due(today: dt.date | None = None) -> list[Due]:
    """What a sweep would take away now; nothing is changed."""
    with duty("erasure"):
        return _listed(today or timezone.localdate())


def sweep(today: dt.date | None = None) -> list[Due]:
    """Take away what is due; return what went."""
    today = today or timezone.localdate()
    with duty("erasure"):
        found = _listed(today)
        for kept in Kept.objects.filter(until__lte=today).iterator(BATCH):
            _honour(kept)
        for table, _schedule, rows in _ended(today):
            while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
                with transaction.atomic():
                    _remove(table, keys)
        if found and not connection.in_atomic_block:
            _clean({each.table for each in found})
    return found


def _listed(today: dt.date) -> list[Due]:
    counts: dict[tuple[str, str], int] = {}
    for kept in Kept.objects.filter(until__lte=today).iterator(BATCH):
        key = (kept.table, PROMISE)
        counts[key] = counts.get(key, 0) + len(kept.keys)
    for table, schedule, rows in _ended(today):
        counts[table.name, schedule.id] = rows.count()
    return [Due(table, why, rows) for (table, why), rows in sorted(counts.items()) if rows]


def _honour(kept: Kept) -> None:
    """Do what an erasure said it would do on this day: empty columns, or delete the rows."""
    table = registry().tables.get(kept.table)
    with transaction.atomic():
        if table is not None and kept.cut:
            tables.manager(table).filter(pk__in=kept.keys).update(**kept.cut)
        elif table is not None:
            _remove(table, kept.keys)
        kept.delete()


def _remove(table: Table, keys: list[Any]) -> None:
    """Delete rows, their files first: without the row nobody would find the file."""
    rows = tables.manager(table).filter(pk__in=keys)
    for field in holdings.file_fields(table):
        for name in filter(None, rows.values_list(field.attname, flat=True)):
            field.storage.delete(name)
    rows.delete()


def _ended(today: dt.date) -> Iterator[tuple[Table, Schedule, QuerySet[Any]]]:
    """The tables whose rows have a time of their own, with the schedule and the rows past it."""
    restricted = Standing.objects.filter(permitted__gte=WITHHOLDS).values("subject")
    for table in registry().personal_tables():
        found = _schedule(table)
        if found is None:
            continue
        column, schedule = found
        field = tables.fields(table)[column]
        last: Any = earlier(today, _longest(table, schedule))
        if isinstance(field, DateTimeField):
            midnight = dt.datetime.combine(last + dt.timedelta(1), dt.time.min)
            rows = tables.manager(table).filter(
                **{f"{field.attname}__lt": timezone.make_aware(midnight)}
            )
        else:
            rows = tables.manager(table).filter(**{f"{field.attname}__lte": last})
        for path in table.subjects:
            rows = rows.exclude(**{f"{tables.lookup(path)}__in": restricted})
        yield table, schedule, rows.order_by()


def _schedule(table: Table) -> tuple[str, Schedule] | None:
    """The column that marks the moment, and the schedule that ends the row; None without either.

    All that the row says must count from the same event, or a part of it would go too soon.
    """
    moment = next((c for c in table.columns.values() if c.mark.event), None)
    if table.model is None or moment is None:
        return None
    said = {c.mark.category for c in table.columns.values() if c.mark.category} - {table.row}
    schedules = in_force().retention.schedule.values()
    mine = [each for each in schedules if said & set(each.categories)]
    if not all(each.after == moment.mark.event and each.then == "delete" for each in mine):
        return None
    start = dt.date(2000, 1, 1)
    return moment.name, min(mine, key=lambda each: later(start, each.keep))


def _longest(table: Table, schedule: Schedule) -> str:
    """The schedule's length, or that of a law which names what the rows hold, if it is longer."""
    said = {c.mark.category for c in table.columns.values()}
    laws = in_force().retention.must_keep.values()
    lengths = [schedule.keep, *(law.keep for law in laws if said & set(law.categories))]
    return max(lengths, key=lambda length: later(dt.date(2000, 1, 1), length))


def earlier(today: dt.date, length: str) -> dt.date:
    """The last day that lies a `length` back, so that `later(day, length)` is not after today."""
    day = today
    while later(day, length) > today:
        day -= max(dt.timedelta(1), (later(day, length) - today) * 9 // 10)
    while later(day + dt.timedelta(1), length) <= today:
        day += dt.timedelta(1)
    return day


def _clean(names: set[str]) -> None:
    try:
        scanning.Database().clean(sorted(names))
    except scanning.BusyLog:
        return  # the log empties at the next quiet moment, or after the next sweep
