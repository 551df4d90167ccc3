"""Leaving: asked for in one transaction, carried out step by step, reported as it went.

Whatever moment the process dies at, the task is taken up again where the row says it is; a step
done twice changes nothing. The person is told nothing before it is committed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from plainview.platform.jobs import queue
from plainview.privacy import caching
from plainview.privacy.backups import ledger
from plainview.privacy.consent import stopping
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import Refused
from plainview.privacy.models import Device, Erasure, Session
from plainview.privacy.registry import Table
from plainview.privacy.rights import (
    hindrances,
    holdings,
    person,
    queries,
    scanning,
    sealing,
    tables,
)
from plainview.privacy.rights.hindrances import Hindrance
from plainview.privacy.rights.holdings import Found, Holding
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line

TASK = "erase"


class Report(msgspec.Struct):
    """What was planned and what became of it; `notes` name what must be known besides."""

    member: bool
    lines: list[Line]
    found: list[Found] = []
    notes: list[str] = []
    scanned: str = ""


class NobodyThere(Exception):
    """There is nobody of that number any more, or they have asked to leave already."""


class NothingToDo(Exception):
    """No erasure of that key is unfinished."""


class NotRemovable(Exception):
    """A law, or what else stands in the row, keeps it from being deleted by itself."""


class Hindered(Exception):
    """Something has to be seen to first; `hindrance` says what and where."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.why)
        self.hindrance = hindrance


class StepsFailed(Exception):
    """Something could not be erased; the report says what. It is tried again."""


def plan(subject: int) -> list[Line]:
    """What leaving would do, line by line, from what is held now."""
    with duty("erasure"):
        return _plan(person.find(subject))


def _plan(whom: Person) -> list[Line]:
    return [line for holding in holdings.everything() for line in holding.plan(whom)]


def hindrance(subject: int) -> Hindrance | None:
    """What a person must see to before they can leave."""
    with duty("erasure"), transaction.atomic():
        return hindrances.found(subject)


def leave(subject: int) -> str:
    """Ask for the erasure of a member or device; return the key of the report.

    The account is closed and its sessions end in the same transaction. Raises NobodyThere, and
    Hindered where others would be locked out.
    """
    with duty("erasure"), transaction.atomic():
        if (hindrance := hindrances.found(subject)) is not None:
            raise Hindered(hindrance)
        if not (_close(subject) or Device.objects.filter(pk=subject).exists()):
            raise NobodyThere
        whom = person.find(subject)
        report = Report(whom.member, _plan(whom))
        row = Erasure.objects.create(
            asked_at=timezone.now(), sealed=sealing.seal(whom), report=_written(report)
        )
        stopping.remember(subject, whom.addresses)
        recalls.erased(subject, row.pk, whom.addresses)
        Session.objects.filter(account=subject).delete()
        queue.enqueue(TASK, erasure=row.pk)
        transaction.on_commit(lambda: _note(row, whom))
    caching.forget(subject)
    return row.key


def _note(row: Erasure, whom: Person) -> None:
    """Have the ledger outside the database know of it, so that no restored copy undoes it."""
    ledger.erased(whom.subject, report=row.key, day=whom.day.isoformat())


def leave_again(subject: int, key: str, day: dt.date) -> None:
    """Erase somebody who left on `day` and came back by a restored copy, by the same plan.

    Their report goes on under its key. Raises StepsFailed if some of it can't be done.
    """
    with duty("erasure"), transaction.atomic():
        whom = msgspec.structs.replace(person.find(subject), day=day)
        row, _ = Erasure.objects.get_or_create(
            key=key, defaults={"asked_at": timezone.now(), "report": ""}
        )
        report = Report(whom.member, _plan(whom))
        row.state, row.ended_at = Erasure.State.ASKED, None
        row.sealed, row.report = sealing.seal(whom), _written(report)
        row.save()
        _close(subject)
        stopping.remember(subject, whom.addresses)
        recalls.erased(subject, row.pk, whom.addresses)
        Session.objects.filter(account=subject).delete()
    caching.forget(subject)
    carry_out(row.pk)


def unfinished() -> list[int]:
    """The erasures that were asked for and are not carried out."""
    with duty("erasure"):
        return list(Erasure.objects.exclude(sealed="").values_list("pk", flat=True))


def _close(subject: int) -> bool:
    open_accounts = get_user_model()._default_manager.filter(pk=subject, is_active=True)
    return bool(open_accounts.update(is_active=False))


def carry_out(erasure: int) -> None:
    """Do what is still to be done of an erasure. Raises StepsFailed if some of it can't be."""
    with duty("erasure"):
        row = Erasure.objects.filter(pk=erasure).first()
        if row is None or not row.sealed:
            return
        whom = sealing.unseal(row.sealed)
        _note(row, whom)
        report = read(row)
        if not _step_through(row, report, whom):
            raise StepsFailed
        found = _look(report, whom)
        if any(each.kind == "left" for each in found):  # written meanwhile: once more
            _step_through(row, report, whom, again=True)
            if not _rebuild(report, found):
                raise StepsFailed
            found = _look(report, whom)
        _end(row, report, found)


def give_up(erasure: int) -> None:
    """After the last attempt: look at what is left and say so. What identifies stays sealed."""
    with duty("erasure"):
        row = Erasure.objects.filter(pk=erasure).first()
        if row is not None and row.sealed:
            report = read(row)
            _end(row, report, _look(report, sealing.unseal(row.sealed)))


def try_again(key: str) -> None:
    """Take up an erasure that could not be finished. Raises NothingToDo."""
    with duty("erasure"), transaction.atomic():
        unfinished = Erasure.objects.select_for_update().filter(state=Erasure.State.INCOMPLETE)
        row = unfinished.filter(key=key).first()
        if row is None:
            raise NothingToDo
        report = read(row)
        report.lines = [
            msgspec.structs.replace(line, state="waiting", problem="")
            if line.state == "failed"
            else line
            for line in report.lines
        ]
        row.state, row.report = Erasure.State.ASKED, _written(report)
        row.save(update_fields=["state", "report"])
        queue.enqueue(TASK, erasure=row.pk)


def remove_entry(subject: int, token: str) -> None:
    """Delete one row of a person's, with the files it names.

    Raises django.core.signing.BadSignature for a token that is not theirs, NotRemovable for a row
    that is not theirs to delete by itself.
    """
    table, key = queries.of_token(token, subject)
    with duty("erasure"), transaction.atomic():
        if not queries.removable(table, subject):
            raise NotRemovable
    take_out(subject, table, key)


def take_out(subject: int, table: Table, key: str) -> None:
    """Delete one row of a person's for good, and have whoever got what it said told."""
    with duty("erasure"), transaction.atomic():
        ledger.removed(subject, table=table.name, rows=[key])
        _remove(table, tables.about(table, subject).filter(pk=key))
        recalls.corrected(subject, table.categories, asked=True)


def remove_all(subject: int, category: str) -> None:
    """Delete every row of a person's that holds a category and is theirs to delete by itself.

    Whoever refused its uses can still do so: the rows are out of every purpose's sight, not gone.
    """
    with duty("erasure"), transaction.atomic():
        ledger.removed(subject, category=category)
        _remove_all(subject, category)
        recalls.corrected(subject, frozenset({category}), asked=True)


def remove_again(
    subject: int, category: str, table: str, rows: Callable[[list[Any]], list[Any]]
) -> None:
    """Delete once more what somebody had deleted and a restored copy brought back.

    That is a category, or of a table those rows that `rows` picks from the keys of theirs.
    """
    with duty("erasure"), transaction.atomic():
        if category:
            _remove_all(subject, category)
            return
        known = {each.name: each for each in tables.tables()}
        if table in known:
            mine = tables.about(known[table], subject)
            keys = rows(list(mine.values_list("pk", flat=True)))
            _remove(known[table], mine.filter(pk__in=keys))


def _remove_all(subject: int, category: str) -> None:
    for table in tables.tables():
        own = {part.category(field) for part in tables.parts(table) for field in part.fields}
        if category in own and queries.removable(table, subject):
            _remove(table, tables.about(table, subject))


def _remove(table: Table, rows: QuerySet[Any]) -> None:
    for field in holdings.file_fields(table):
        for name in filter(None, rows.values_list(field.attname, flat=True)):
            field.storage.delete(name)
    rows.delete()


def read(row: Erasure) -> Report:
    """The report of a row."""
    return msgspec.json.decode(row.report, type=Report)


def _written(report: Report) -> str:
    return msgspec.json.encode(report).decode()


def _step_through(row: Erasure, report: Report, whom: Person, *, again: bool = False) -> bool:
    """Every holding in turn, each in a transaction with the report of it; whether all went well."""
    well = True
    for holding in holdings.everything():
        mine = [line for line in report.lines if line.holding == holding.name]
        if again or not mine or any(line.state != "done" for line in mine):
            well = _step(row, report, whom, holding) and well
    well = _clean(report) and well
    _save(row, report)
    return well


def _step(row: Erasure, report: Report, whom: Person, holding: Holding) -> bool:
    try:
        with transaction.atomic():
            report.lines += [line for line in holding.plan(whom) if _missing(report, line)]
            holding.erase(whom)
            _mark(report, holding.name, "done")
            _save(row, report)
    except Refused:
        raise
    except Exception as error:  # whatever a holding may raise, the person is told of it
        _mark(report, holding.name, "failed", type(error).__name__)
        _save(row, report)
        return False
    return True


def _save(row: Erasure, report: Report) -> None:
    Erasure.objects.filter(pk=row.pk).update(report=_written(report))


def _missing(report: Report, line: Line) -> bool:
    known = {(each.holding, each.category, each.outcome) for each in report.lines}
    return (line.holding, line.category, line.outcome) not in known


def _mark(report: Report, name: str, state: Literal["done", "failed"], problem: str = "") -> None:
    if state == "failed" and not any(line.holding == name for line in report.lines):
        report.lines.append(Line(name, "", "removed", 0))
    report.lines = [
        msgspec.structs.replace(line, state=state, problem=problem)
        if line.holding == name
        else line
        for line in report.lines
    ]


def _clean(report: Report) -> bool:
    """Have the database let go of freed bytes; whether it could."""
    report.notes = ["dead-rows"] if connection.vendor == "postgresql" else []
    return _noted(report, lambda: scanning.Database().clean(sorted(_tables(report))))


def _rebuild(report: Report, found: list[Found]) -> bool:
    """Where bytes were found that no row holds, write the database's file anew."""
    return not scanning.in_file(found) or _noted(report, scanning.Database().rebuild)


def _noted(report: Report, act: Callable[[], None]) -> bool:
    """Do what a database can't do inside a transaction; the report notes what hinders it."""
    if connection.in_atomic_block:
        report.notes = sorted({*report.notes, "not-cleaned"})
        return True
    try:
        act()
    except scanning.BusyLog:
        report.notes = sorted({*report.notes, "busy-log"})
        return False
    return True


def _tables(report: Report) -> set[str]:
    return {line.holding for line in report.lines if line.columns}


def _look(report: Report, whom: Person) -> list[Found]:
    """What is still found, but for the columns that the report says are kept."""
    kept = {
        f"{line.holding}.{column}"
        for line in report.lines
        if line.outcome == "kept" and line.state == "done"
        for column in line.columns
    }
    number_stays = False
    found = []
    for holding in holdings.everything():
        for each in holding.look(whom):
            if each.where in kept:
                number_stays = True
            else:
                found.append(each)
    report.scanned = timezone.now().isoformat()
    if number_stays:
        report.notes = sorted({*report.notes, "number-stays"})
    return found


def _end(row: Erasure, report: Report, found: list[Found]) -> None:
    report.found = found
    left = any(each.kind == "left" for each in found)
    done = not left and all(line.state == "done" for line in report.lines)
    row.state = Erasure.State.DONE if done else Erasure.State.INCOMPLETE
    row.report, row.ended_at = _written(report), timezone.now()
    if done:
        row.sealed = ""
    row.save(update_fields=["state", "report", "ended_at", "sealed"])
