"""Carrying an erasure out, step by step, each in a transaction with the report of it.

Whatever moment the process dies at, the task is taken up again where the row says it is; a step
done twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import msgspec
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from plainview.privacy.backups import ledger
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import Refused
from plainview.privacy.models import Erasure
from plainview.privacy.rights import holdings, holds, person, scanning, sealing, tables
from plainview.privacy.rights.holdings import Found, Holding
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line


class Report(msgspec.Struct):
    """What was planned and what became of it; `notes` name what must be known besides.

    `named` are the hosts of services to which the person had it sent: nobody asks there but they.
    `stores` has what became of each holding beside the tables: removed, nothing-held or failed.
    """

    member: bool
    lines: list[Line]
    found: list[Found] = []
    notes: list[str] = []
    scanned: str = ""
    stores: dict[str, str] = {}
    named: list[str] = []


LONGEST_PAUSE = 0.05
"""Seconds that an erasure steps aside after a part of a table."""
LEFT = ("left", "unknown")
"""What is found of these kinds leaves an erasure incomplete."""


class StepsFailed(Exception):
    """Something could not be erased; the report says what. It is tried again."""


def planned(whom: Person) -> list[Line]:
    """What would become of each thing that is held about somebody."""
    found: list[Line] = []
    empty = _empty(whom)
    for holding in holdings.everything():
        if holding.name in empty:
            continue
        try:
            with tables.may_fail():
                found += holding.plan(whom)
        except DatabaseError as error:  # a schema that is half migrated
            found.append(Line(holding.name, "", "removed", 0, state="failed", problem=_said(error)))
    return found


def _empty(whom: Person) -> frozenset[str]:
    """The tables that hold nothing of somebody at the moment, where one statement can tell."""
    every = frozenset(table.name for table in tables.tables())
    try:
        with tables.may_fail():
            return every - {part.table.name for part, _rows in tables.counts(whom.subject)}
    except DatabaseError:  # a schema that is half migrated: each table is asked by itself
        return frozenset()


def _said(error: Exception) -> str:
    return type(error).__name__


def note(row: Erasure, whom: Person) -> None:
    """Have the ledger outside the database know of it, so that no restored copy undoes it."""
    ledger.erased(whom.subject, report=row.key, day=whom.day.isoformat())


def carry_out(erasure: int) -> None:
    """Do what is still to be done of an erasure. Raises StepsFailed if some of it can't be."""
    with duty("erasure"):
        row = Erasure.objects.filter(pk=erasure).first()
        if row is None or not row.sealed:
            return
        whom = _as_of_now(sealing.unseal(row.sealed), row.pk)
        note(row, whom)
        report = read(row)
        if not _step_through(row, report, whom):
            raise StepsFailed
        found = _look(report, whom)
        if any(each.kind == "left" for each in found):  # written meanwhile: once more
            _step_through(row, report, whom, again=True)
            if not _rebuild(report, found):
                raise StepsFailed
            found = _look(report, whom)
        with transaction.atomic():
            if holds.covered(whom.subject) != whom.held:  # one came or went since
                raise StepsFailed
            _end(row, report, found)


def _as_of_now(whom: Person, erasure: int) -> Person:
    """The person by what may have changed since they asked.

    That is what is under a legal hold, and which address is somebody's anew: what stands under that
    is not touched and not counted as theirs.
    """
    holds.met(whom.subject, erasure)
    anew = person.given_anew(whom)
    return msgspec.structs.replace(
        whom,
        held=holds.covered(whom.subject),
        unique=whom.unique - anew,
        shared=whom.shared | anew,
    )


def give_up(erasure: int) -> None:
    """After the last attempt: look at what is left and say so. What identifies stays sealed."""
    with duty("erasure"):
        row = Erasure.objects.filter(pk=erasure).first()
        if row is not None and row.sealed:
            report = read(row)
            whom = _as_of_now(sealing.unseal(row.sealed), row.pk)
            _end(row, report, _look(report, whom))


def read(row: Erasure) -> Report:
    """The report of a row."""
    return msgspec.json.decode(row.report, type=Report)


def written(report: Report) -> str:
    """A report as its row keeps it: JSON."""
    return msgspec.json.encode(report).decode()


def _step_through(row: Erasure, report: Report, whom: Person, *, again: bool = False) -> bool:
    """Every holding in turn, each in a transaction with the report of it; whether all went well."""
    well = True
    empty = _empty(whom)
    for holding in holdings.everything():
        mine = [line for line in report.lines if line.holding == holding.name]
        waits = not mine or any(line.state != "done" or _stale(line, whom) for line in mine)
        if (again or waits) and (mine or holding.name not in empty):
            well = _step(row, report, whom, holding) and well
    well = _clean(report) and well
    _save(row, report)
    return well


def _stale(line: Line, whom: Person) -> bool:
    """Whether a line was planned before a hold came or went, so that it is not so any more."""
    if line.because == holds.GROUND:
        return line.holding not in whom.held
    return line.holding in whom.held and line.state != "done"


def _went(line: Line, plan: list[Line]) -> bool:
    """Whether what was to be kept has gone by itself since, such as the session one left with."""
    return line.outcome == "kept" and line.state != "done" and not plan


def _step(row: Erasure, report: Report, whom: Person, holding: Holding) -> bool:
    try:
        began = time.monotonic()
        while holding.lessen(whom):
            _let_others_write(time.monotonic() - began)
            began = time.monotonic()
        with transaction.atomic():
            plan = list(holding.plan(whom))
            report.lines = [
                line
                for line in report.lines
                if line.holding != holding.name or not (_stale(line, whom) or _went(line, plan))
            ]
            report.lines += [line for line in plan if _missing(report, line)]
            went = holding.erase(whom)
            _mark(report, holding.name, "done")
            _store(report, holding, "removed" if went else "nothing-held")
            _save(row, report)
    except Refused:
        raise
    except Exception as error:  # whatever a holding may raise, the person is told of it
        _mark(report, holding.name, "failed", _said(error))
        _store(report, holding, "failed")
        _save(row, report)
        return False
    return True


def _let_others_write(taken: float) -> None:
    """Leave as long as a part took, so that who waits for SQLite's one writer finds it free."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(taken, LONGEST_PAUSE))


def _store(report: Report, holding: Holding, result: str) -> None:
    """Note what became of a store; what a step took before its process died stays noted."""
    if isinstance(holding, holdings.Rows):
        return
    if not (result == "nothing-held" and report.stores.get(holding.name) == "removed"):
        report.stores[holding.name] = result


def _save(row: Erasure, report: Report) -> None:
    Erasure.objects.filter(pk=row.pk).update(report=written(report))


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
    if any(each.kind == "hashed" for each in found):
        report.notes = sorted({*report.notes, "hash-stays"})
    if any("@" in value for value in whom.shared):
        report.notes = sorted({*report.notes, "given-anew"})
    if number_stays:
        report.notes = sorted({*report.notes, "number-stays"})
    return found


def _end(row: Erasure, report: Report, found: list[Found]) -> None:
    report.found = found
    left = any(each.kind in LEFT for each in found)
    done = not left and all(line.state == "done" for line in report.lines)
    row.state = Erasure.State.DONE if done else Erasure.State.INCOMPLETE
    row.report, row.ended_at = written(report), timezone.now()
    if done:
        row.sealed = ""
    row.save(update_fields=["state", "report", "ended_at", "sealed"])
