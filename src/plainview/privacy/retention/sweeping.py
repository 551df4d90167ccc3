"""What is due to go, and its going. Stopped at any moment, the next sweep goes on from there.

Due are rows that an erasure kept until a day which it named in its report; rows of which a column
is marked as the moment (`personal(…, event="last-use")`) from which all of their schedules count,
and columns of them whose schedule cuts sooner; rows whose moment their owner tells (`ending`), such
as answers that another has long replaced; accounts that are over (`lasting`); what was known of a
browser that is gone; and mails that stand in files. Where a law names one of the row's categories,
it keeps the row of those whom it binds, and of whoever lives nobody knows where; a person who
restricted what is held of them is passed over. At the end the letters are asked for that come
before an account ends. What no purpose may see is noted first, with the day (`unseen`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import DateTimeField, QuerySet
from django.utils import timezone

from plainview.engine import MustKeep, Schedule
from plainview.platform import days
from plainview.platform.jobs.apart import apart
from plainview.privacy import permissions
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.filters import WITHHOLDS
from plainview.privacy.models import Device, Heard, Kept, Standing, Warned, Withheld
from plainview.privacy.permissions import Known
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.retention import ending, lasting, warning
from plainview.privacy.retention.ending import Row
from plainview.privacy.rights import holdings, holds, scanning, stores, tables, unseen
from plainview.privacy.rights.planning import binds, earlier, emptied, later

BATCH = 500
MAILED = "messages.service"
PROMISE = "promise"
"""An erasure said in its report that they go on a day that has come."""


@dataclass(frozen=True, slots=True)
class Due:
    """Rows that are due; `because` is a schedule's id, PROMISE or why an account is over."""

    table: str
    because: str
    rows: int


def due(today: dt.date | None = None) -> list[Due]:
    """What a sweep would take away now; nothing is changed."""
    with duty("erasure"):
        return _listed(today or timezone.localdate())


def sweep(today: dt.date | None = None) -> list[Due]:
    """Take away what is due; return what went. Raises an ExceptionGroup of what could not go."""
    today = today or timezone.localdate()
    with apart() as tried:
        with duty("erasure"):
            unseen.note(today)
            found = _listed(today)
            for kept in Kept.objects.filter(until__lte=today).iterator(BATCH):
                tried(_honour, kept)
            if found:  # most nights nothing is due, and nothing is asked twice
                _take(found, today, tried)
            Warned.objects.filter(pk__in=lasting.to_forget()).delete()
            if found and not connection.in_atomic_block:
                _clean({each.table for each in found} & registry().tables.keys())
        warning.begin()
    return found


def _take(found: list[Due], today: dt.date, tried: Callable[..., bool]) -> None:
    """Take away what was found due, row by row where some of it can't go."""
    for ended in _ended(today, {(each.table, each.because) for each in found}):
        for keys in _free(ended, today):
            if not tried(_end, ended, keys, today):
                for key in keys:
                    tried(_end, ended, [key], today)
    for together in _told(today):
        tried(_end_told, together)
    for account, why in lasting.over(today).items():
        tried(lasting.dismiss, account, why, today)
    for path in _letters(today):
        tried(path.unlink, missing_ok=True)


@transaction.atomic
def _end(ended: Ended, keys: list[Any], today: dt.date) -> bool:
    if ended.forgets:
        _forget(keys, today)
    ended.end(keys)
    return True


@transaction.atomic
def _end_told(together: tuple[Row, ...]) -> None:
    for row in together:
        _remove(registry().tables[row.table], [row.key])


def _listed(today: dt.date) -> list[Due]:
    counts: dict[tuple[str, str], int] = {}
    for kept in Kept.objects.filter(until__lte=today).iterator(BATCH):
        key = (kept.table, PROMISE)
        counts[key] = counts.get(key, 0) + len(kept.keys)
    for ended in _ended(today):
        counts[ended.table.name, ended.schedule] = sum(map(len, _free(ended, today)))
    for together, schedule in _told_by(today):
        for row in together:
            counts[row.table, schedule] = counts.get((row.table, schedule), 0) + 1
    accounts = get_user_model()._meta.db_table
    for why in lasting.over(today).values():
        counts[accounts, why] = counts.get((accounts, why), 0) + 1
    counts[stores.Outbox.name, in_force().schedule(MAILED).id] = len(_letters(today))
    return [Due(table, why, rows) for (table, why), rows in sorted(counts.items()) if rows]


def _letters(today: dt.date) -> list[Path]:
    """The files of mails that are past the time of mails."""
    keep = in_force().schedule(MAILED).keep
    return stores.Outbox().older(earlier(today, keep))


def _honour(kept: Kept) -> None:
    """Do what an erasure said it would do on this day: empty columns, or delete the rows."""
    table = registry().tables.get(kept.table)
    if table is not None and _held(table, kept.keys):
        return
    with transaction.atomic():
        if table is not None and kept.cut:
            tables.manager(table).filter(pk__in=kept.keys).update(**kept.cut)
        elif table is not None:
            _remove(table, kept.keys)
        kept.delete()


def _held(table: Table, keys: list[Any]) -> bool:
    """Whether one of these rows is under a legal hold, so that they wait for its end."""
    rows, held = tables.manager(table).filter(pk__in=keys), holds.held_of(table.name)
    return bool(held) and any(
        rows.filter(**{f"{path.lookup}__in": held}).exists() for path in table.subjects
    )


def _remove(table: Table, keys: list[Any]) -> None:
    """Delete rows, their files first: without the row nobody would find the file."""
    rows = tables.manager(table).filter(pk__in=keys)
    for field in holdings.file_fields(table):
        for name in filter(None, rows.values_list(field.attname, flat=True)):
            field.storage.delete(name)
    lasting.keep_use(table, keys)
    rows.delete()


@dataclass(frozen=True, slots=True)
class Ended:
    """Rows past the time of their schedule, and what becomes of them: they go, or are cut.

    `laws` keep longer, each the rows of those whom it binds.
    """

    table: Table
    schedule: str
    rows: QuerySet[Any]
    moment: str
    cut: dict[str, Any]
    laws: tuple[MustKeep, ...] = ()
    forgets: bool = False
    """Whether their keys are devices, of which nothing is known any more afterwards."""

    def end(self, keys: list[Any]) -> None:
        """Do it to the rows of these keys."""
        if self.cut:
            tables.manager(self.table).filter(pk__in=keys).update(**self.cut)
        else:
            _remove(self.table, keys)


def _ended(today: dt.date, only: Collection[tuple[str, str]] | None = None) -> Iterator[Ended]:
    """The tables whose rows have a time of their own, and what is past it.

    Of the tables and schedules of `only` alone, if it is given; what is known of a device ends in
    the same night as the device itself, so that is among them always.
    """
    empty = tables.empty()
    for table in registry().personal_tables():
        moment = next((c for c in table.columns.values() if c.mark.event), None)
        if table.model is None or moment is None or table.name in empty or not tables.keyed(table):
            continue
        field = tables.fields(table)[moment.name]
        for schedule in _schedules(table, moment.mark.event):
            if only is not None and (table.name, schedule.id) not in only:
                continue
            said = {c.mark.category for c in table.columns.values()}
            cut: dict[str, Any] = {}
            if schedule.then == "cut":
                said = set(schedule.categories)
                cut = _emptied(table, said)
            laws = _laws(said)
            rows = _past(table, field, earlier(today, schedule.keep))
            if cut:
                rows = rows.exclude(**cut)
            yield Ended(table, schedule.id, rows, field.attname, cut, laws)
    known = Device.objects.values("pk")
    for model in (Withheld, Heard, Standing):  # the standing last: the others are found by it
        gone = Standing.objects.filter(device=True).exclude(subject__in=known)
        rows = gone if model is Standing else model._base_manager.filter(subject__in=gone)
        table = registry().tables[model._meta.db_table]
        yield Ended(table, "device", rows, "", {}, forgets=model is Standing)


def _laws(said: set[str]) -> tuple[MustKeep, ...]:
    """The laws that name one of these categories."""
    laws = in_force().retention.must_keep.values()
    return tuple(law for law in laws if said & set(law.categories))


def _told(today: dt.date) -> Iterator[tuple[Row, ...]]:
    for together, _schedule in _told_by(today):
        yield together


def _told_by(today: dt.date) -> Iterator[tuple[tuple[Row, ...], str]]:
    """What others tell to be past its time, and no law or hold keeps, with its schedule's id."""
    for teller in ending.tellers:
        schedule = teller.schedule
        if schedule is None:
            continue
        tables_ = [registry().tables[name] for name in teller.tables]
        laws = _laws({c.mark.category for table in tables_ for c in table.columns.values()})
        held = {table.name: set(holds.held_of(table.name)) for table in tables_}
        for together in teller.told(earlier(today, schedule.keep)):
            if any(row.subject in held[row.table] for row in together):
                continue
            known = permissions.read_each({row.subject for row in together}) if laws else {}
            if not any(_keeps(laws, row.ended, known.get(row.subject), today) for row in together):
                yield together, schedule.id


def _forget(devices: list[int], today: dt.date) -> None:
    """Say of devices that are forgotten until when what they answered is kept."""
    for teller in ending.tellers:
        if (schedule := teller.schedule) is not None:
            teller.forget(devices, later(today, schedule.keep))


def _past(table: Table, field: Any, last: Any) -> QuerySet[Any]:
    """The rows whose moment lies on `last` or before, without those of restricted people."""
    if isinstance(field, DateTimeField):
        last = days.end(last)
    rows: QuerySet[Any] = tables.manager(table).filter(**{f"{field.attname}__lte": last})
    restricted = Standing.objects.filter(permitted__gte=WITHHOLDS).values("subject")
    held = holds.held_of(table.name)
    for path in table.subjects:
        rows = rows.exclude(**{f"{path.lookup}__in": restricted})
        rows = rows.exclude(**{f"{path.lookup}__in": held}) if held else rows
    return rows


def _schedules(table: Table, event: str) -> list[Schedule]:
    """What ends the rows, the shortest of it, and what cuts columns sooner; empty without either.

    All that the row says must count from the same event, or a part of it would go too soon.
    """
    said = {c.mark.category for c in table.columns.values() if c.mark.category}
    if "." not in table.row:  # a family, which its kinds speak for; else the row is of one kind
        said.discard(table.row)
    mine = [each for each in in_force().retention.schedule.values() if said & set(each.categories)]
    deleting = [each for each in mine if each.then == "delete"]
    cutting = [each for each in mine if each.then == "cut"]
    if len(deleting) + len(cutting) < len(mine) or any(each.after != event for each in mine):
        return []
    return [*cutting, *sorted(deleting, key=lambda each: ending.days(each.keep))[:1]]


def _emptied(table: Table, said: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in table.columns.values():
        if column.mark.category in said:
            found |= emptied(tables.fields(table)[column.name])
    return found


def _free(ended: Ended, today: dt.date) -> Iterator[list[Any]]:
    """The keys of the rows that no law keeps, a batch at a time; asked for again, those left."""
    rows, last = ended.rows.order_by("pk"), None
    paths = [path.lookup for path in ended.table.subjects]
    names = ["pk", *([ended.moment, *paths] if ended.laws else [])]
    while found := list(
        (rows.filter(pk__gt=last) if last is not None else rows).values_list(*names)[:BATCH]
    ):
        last = found[-1][0]
        if not ended.laws:
            yield [key for (key,) in found]
            continue
        known = permissions.read_each(who for _, _, *subjects in found for who in subjects if who)
        yield [
            key
            for key, moment, *subjects in found
            if not any(_keeps(ended.laws, moment, known.get(who), today) for who in subjects)
        ]


def _keeps(laws: tuple[MustKeep, ...], moment: Any, facts: Known | None, today: dt.date) -> bool:
    """Whether a law still keeps what happened at `moment` to a person; to nobody known, any may."""
    day = timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment
    theirs = None if facts is None else in_force().laws(facts.presence, facts.residence)
    return any(
        later(day, law.keep) > today
        and (theirs is None or any(binds(place, theirs) for place in law.places))
        for law in laws
    )


def _clean(names: set[str]) -> None:
    try:
        scanning.Database().clean(sorted(names))
    except scanning.BusyLog:
        return  # the log empties at the next quiet moment, or after the next sweep
