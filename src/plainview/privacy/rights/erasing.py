"""Carrying an erasure out, step by step, each in a transaction with the report of it.

Whatever moment the process dies at, the task is taken up again where the row says it is; a step
done twice changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec
from cryptography.fernet import InvalidToken
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from plainview.platform.parts import step_aside
from plainview.privacy.backups import ledger
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.refusals import Refused
from plainview.privacy.models import Erasure
from plainview.privacy.rights import holdings, holds, person, scanning, sealing, tables
from plainview.privacy.rights.holdings import Found, Holding
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line, lines


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


LEFT = ("left", "unknown")
"""What is found of these kinds leaves an erasure incomplete."""


class StepsFailed(Exception):
    """Something could not be erased; the report says what. It is tried again."""


def planned(whom: Person) -> list[Line]:
    """What would become of each thing that is held about somebody."""
    found: list[Line] = []
    counted = _counted(whom.subject)
    for holding in holdings.everything():
        try:
            with tables.may_fail():
                if isinstance(holding, holdings.Rows):
                    found += lines(holding.table, whom, counted)
                else:
                    found += holding.plan(whom)
        except DatabaseError as error:  # a schema that is half migrated
            found.append(Line(holding.name, "", "removed", 0, state="failed", problem=_said(error)))
    return found


def _counted(subject: int) -> dict[tuple[str, str], int] | None:
    """The rows of a person by table and path, where one statement can tell."""
    try:
        with tables.may_fail():
            counts = tables.counts(subject, untold=True)
            return {(part.table.name, part.path.name): rows for part, rows in counts}
    except DatabaseError:  # a schema that is half migrated: each table is asked by itself
        return None


def _empty(people: Sequence[int]) -> dict[int, frozenset[str]]:
    """The tables that hold nothing of each at the moment, where one statement can tell."""
    every = frozenset(table.name for table in tables.tables())
    try:
        with tables.may_fail():
            found = tables.held(people)
            return {one: every - {part.table.name for part in found[one]} for one in found}
    except DatabaseError:  # a schema that is half migrated: each table is asked by itself
        return dict.fromkeys(people, frozenset())


def _said(error: Exception) -> str:
    return type(error).__name__


def note(row: Erasure, whom: Person) -> None:
    """Have the ledger outside the database know of it, so that no restored copy undoes it."""
    ledger.erased(whom.subject, report=row.key, day=whom.day.isoformat())


class _Case:
    """An erasure that is carried out with others, and what went wrong with it, if anything did."""

    def __init__(self, row: Erasure, whom: Person) -> None:
        self.row = row
        self.report = read(row)
        self.whom = whom
        self.found: list[Found] = []
        self.failed: Exception | None = None

    def step_through(self, empty: frozenset[str], *, again: bool) -> None:
        """Every holding in turn but the `empty` tables, each in a transaction with the report."""
        self.whom = whom = _as_of_now(self.whom, self.row.pk)
        note(self.row, whom)
        for holding in holdings.everything():
            mine = [line for line in self.report.lines if line.holding == holding.name]
            waits = not mine or any(line.state != "done" or _stale(line, whom) for line in mine)
            due = (again or waits) and (mine or holding.name not in empty)
            if due and not _step(self.row, self.report, whom, holding):
                self.failed = StepsFailed()

    def end(self) -> None:
        """Say what became of it. Raises StepsFailed where a hold came or went since."""
        with transaction.atomic():
            if holds.covered(self.whom.subject) != self.whom.held:
                raise StepsFailed
            _end(self.row, self.report, self.found)


def carry_out(erasure: int) -> None:
    """Do what is still to be done of an erasure. Raises StepsFailed if some of it can't be."""
    (failed,) = carry_out_together([erasure])
    if failed is not None:
        raise failed


def carry_out_together(erasures: Sequence[int]) -> list[Exception | None]:
    """Do what is still to be done of some erasures: each by itself, and one search for all.

    Returns for each what went wrong with it, StepsFailed mostly, or None. Raises what the search
    raises, which is everybody's.
    """
    with duty("erasure"):
        rows = Erasure.objects.filter(pk__in=erasures).exclude(sealed="")
        cases = [_Case(row, sealing.unseal(row.sealed)) for row in rows]
        _each(cases)
        for case in _proved(cases):
            try:
                case.end()
            except StepsFailed as error:
                case.failed = error
    failed = {case.row.pk: case.failed for case in cases}
    return [failed.get(number) for number in erasures]


def _each(cases: list[_Case], *, again: bool = False) -> None:
    """Step through each; whatever breaks one leaves the others alone."""
    empty = _empty([case.whom.subject for case in cases]) if cases else {}
    for case in cases:
        try:
            case.step_through(empty[case.whom.subject], again=again)
        except Refused:
            raise
        except Exception as error:
            case.failed = error


def _proved(cases: list[_Case]) -> list[_Case]:
    """Those of which all steps are done, once they have been looked for everywhere.

    What was written meanwhile goes, and whose it is are looked for once more.
    """
    _clean(cases)
    well = _well(cases)
    _look(well)
    again = [case for case in well if any(each.kind == "left" for each in case.found)]
    if again:
        _each(again, again=True)
        _clean(again)
        _rebuild([case for case in again if scanning.in_file(case.found)])
        _look(_well(again))
    return _well(cases)


def _well(cases: Iterable[_Case]) -> list[_Case]:
    return [case for case in cases if case.failed is None]


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
    """After the last attempt: look at what is left and say so. What identifies stays sealed.

    Where the service's key was lost nobody knows whom to look for: then nothing is called done.
    """
    with duty("erasure"):
        row = Erasure.objects.filter(pk=erasure).first()
        if row is None or not row.sealed:
            return
        try:
            whom = sealing.unseal(row.sealed)
        except InvalidToken as error:
            report = read(row)
            for line in report.lines:
                if line.state != "done":
                    _mark(report, line.holding, "failed", _said(error))
            _end(row, report, [], searched=False)
            return
        case = _Case(row, _as_of_now(whom, row.pk))
        _look([case])
        _end(row, case.report, case.found)


def read(row: Erasure) -> Report:
    """The report of a row."""
    return msgspec.json.decode(row.report, type=Report)


def written(report: Report) -> str:
    """A report as its row keeps it: JSON."""
    return msgspec.json.encode(report).decode()


def _stale(line: Line, whom: Person) -> bool:
    """Whether a line was planned before a hold came or went, so that it is not so any more."""
    if line.because == holds.GROUND:
        return line.holding not in whom.held
    return line.holding in whom.held and (line.state != "done" or line.outcome == "kept")


def _went(line: Line, plan: list[Line]) -> bool:
    """Whether what was to be kept has gone by itself since, such as the session one left with."""
    return line.outcome == "kept" and line.state != "done" and not plan


def _step(row: Erasure, report: Report, whom: Person, holding: Holding) -> bool:
    try:
        began = time.monotonic()
        while holding.lessen(whom):
            step_aside(time.monotonic() - began)
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


def _clean(cases: list[_Case]) -> None:
    """Have the database let go of freed bytes, once for all."""
    for case in cases:
        case.report.notes = ["dead-rows"] if connection.vendor == "postgresql" else []
    touched = sorted(set[str]().union(*(_tables(case.report) for case in cases)))
    _noted(cases, lambda: scanning.Database().clean(touched))
    for case in cases:
        _save(case.row, case.report)


def _rebuild(cases: list[_Case]) -> None:
    """Write the database's file anew, where bytes of these were found that no row holds."""
    if cases:
        _noted(cases, scanning.Database().rebuild)


def _noted(cases: list[_Case], act: Callable[[], None]) -> None:
    """Do what a database can't do inside a transaction; the reports note what hinders it."""
    hindered = "not-cleaned" if connection.in_atomic_block else ""
    if not hindered:
        try:
            act()
        except scanning.BusyLog:
            hindered = "busy-log"
            for case in cases:
                case.failed = StepsFailed()
    for case in cases if hindered else ():
        case.report.notes = sorted({*case.report.notes, hindered})


def _tables(report: Report) -> set[str]:
    return {line.holding for line in report.lines if line.columns}


def _look(cases: list[_Case]) -> None:
    """What is still found, in one search for all, but for what each report says is kept."""
    found: dict[int, list[Found]] = {}
    people = [case.whom for case in cases]
    for holding in holdings.everything() if people else ():
        for subject, each in holding.look_for(people):
            found.setdefault(subject, []).append(each)
    for case in cases:
        case.found = _surprises(case.report, case.whom, found.get(case.whom.subject, []))


def _surprises(report: Report, whom: Person, found: list[Found]) -> list[Found]:
    """What was found of somebody but for the columns that the report says are kept; it notes it."""
    kept = {
        f"{line.holding}.{column}"
        for line in report.lines
        if line.outcome == "kept" and line.state == "done"
        for column in line.columns
    }
    surprises = [each for each in found if each.where not in kept]
    report.scanned = timezone.now().isoformat()
    notes = {
        "hash-stays": any(each.kind == "hashed" for each in surprises),
        "claimed": any(each.kind == "claimed" for each in surprises),
        "given-anew": any("@" in value for value in whom.shared),
        "number-stays": len(surprises) < len(found),
    }
    report.notes = sorted({*report.notes, *(name for name, true in notes.items() if true)})
    return surprises


def _end(row: Erasure, report: Report, found: list[Found], *, searched: bool = True) -> None:
    report.found = found
    left = any(each.kind in LEFT for each in found)
    done = searched and not left and all(line.state == "done" for line in report.lines)
    row.state = Erasure.State.DONE if done else Erasure.State.INCOMPLETE
    row.report, row.ended_at = written(report), timezone.now()
    if done:
        row.sealed = ""
    row.save(update_fields=["state", "report", "ended_at", "sealed"])
    if done:
        for each in recalls.ended:
            each(row.pk)
