"""What becomes of each column of each row when a person leaves, derived from marks and policy.

A row is removed. It is anonymised where the policy's schedule says so and the row can stand without
its person. It is kept where a law, or a schedule that outlives an erasure, covers one of its
columns; what else the row says is cut from it as far as the table lets it be empty.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from django.db.models import CharField, Field, FileField, ForeignKey, TextField
from django.utils import timezone

from plainview.engine import Jurisdiction
from plainview.platform import days
from plainview.privacy.declarations import SELF
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Column, SubjectPath, Table
from plainview.privacy.rights import holds, tables
from plainview.privacy.rights.person import Person

Outcome = Literal["removed", "anonymised", "kept"]
_LENGTH = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


class Line(msgspec.Struct, frozen=True):
    """One line of a plan or report: columns of a category in one place, and what becomes of them.

    `holding` is a table or the name of another holding; `until` an ISO date; `because` the id of
    the schedule or law that keeps it. `problem` says why a step failed.
    """

    holding: str
    category: str
    outcome: Outcome
    rows: int
    columns: tuple[str, ...] = ()
    until: str = ""
    because: str = ""
    state: Literal["waiting", "done", "failed"] = "waiting"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What is done to the rows of one table about one person at the end of `path`."""

    table: Table
    path: SubjectPath
    outcome: Outcome
    cut: dict[str, Any] = field(default_factory=dict)
    """Attributes set to nothing in rows that stay."""
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Columns that stay as they are, with the ground and the ISO date until which."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a category is kept although somebody leaves, and how long from the day they do."""

    id: str
    length: str


def grounds(category: str, laws: list[Jurisdiction]) -> list[Ground]:
    """The laws and schedules that keep a category, for a person whom these laws bind."""
    retention = in_force().retention
    found = [
        Ground(id_, law.keep)
        for id_, law in retention.must_keep.items()
        if category in law.categories and any(binds(place, laws) for place in law.places)
    ]
    found += [
        Ground(id_, schedule.keep)
        for id_, schedule in retention.schedule.items()
        if schedule.outlives and category in schedule.categories
    ]
    return found


def binds(place: str, laws: list[Jurisdiction]) -> bool:
    """A law binds where the controller sits, and a person whose whole jurisdiction is its place."""
    if place in ("*", in_force().controller.country):
        return True
    return any(
        law.places and all(code.partition("-")[0] == place or code == place for code in law.places)
        for law in laws
    )


def later(day: dt.date, length: str) -> dt.date:
    """`day` and an ISO 8601 length of years, months, weeks and days; the end of a shorter month."""
    match = _LENGTH.fullmatch(length)
    years, months, weeks, days = (int(n or 0) for n in match.groups()) if match else (0, 0, 0, 0)
    month = day.month - 1 + months
    year, month = day.year + years + month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day.day, last)) + dt.timedelta(7 * weeks + days)


def earlier(today: dt.date, length: str) -> dt.date:
    """The last day that lies a `length` back, so that `later(day, length)` is not after today."""
    day = today
    while later(day, length) > today:
        day -= max(dt.timedelta(1), (later(day, length) - today) * 9 // 10)
    while later(day + dt.timedelta(1), length) <= today:
        day += dt.timedelta(1)
    return day


def ends_at(since: dt.datetime, category: str) -> dt.datetime:
    """The last moment of the last day on which the schedule keeps what is of a category."""
    last = later(timezone.localdate(since), in_force().schedule(category).keep)
    return days.end(last)


def fates(table: Table, person: Person) -> Iterator[tuple[Fate, tables.Part]]:
    """What becomes of the rows of a table, for each way in which it leads to the person."""
    for part in tables.parts(table):
        yield _fate(table, part.path, person), part


def _fate(table: Table, path: SubjectPath, person: Person) -> Fate:
    by_column = tables.fields(table)
    own = [c for c in table.columns.values() if c.mark.category and c.mark.of in ("", path.name)]
    if (until := person.held.get(table.name)) is not None:
        return Fate(table, path, "kept", {}, {c.name: (holds.GROUND, until) for c in own})
    kept: dict[str, tuple[str, str]] = {}
    laws = person.laws
    for category in {column.mark.category for column in own}:
        ends = [
            (later(person.day, ground.length).isoformat(), ground.id)
            for ground in grounds(category, laws)
        ]
        if ends:
            until, ground = max(ends)
            kept |= {c.name: (ground, until) for c in own if c.mark.category == category}
    if kept:
        return _keeping(table, path, own, kept)
    link = _link(table, path)
    theirs = len(table.subjects) > 1 and any(
        c.mark.of not in ("", path.name) for c in table.columns.values()
    )
    if link is not None and link.null and (theirs or _schedule_then(table.row) == "anonymise"):
        cut = {link.attname: None}
        for column in own:
            if theirs or _schedule_then(column.mark.category) != "anonymise":
                cut |= emptied(by_column[column.name])
        return Fate(table, path, "anonymised", cut)
    return Fate(table, path, "removed")


def _keeping(
    table: Table, path: SubjectPath, own: list[Column], kept: dict[str, tuple[str, str]]
) -> Fate:
    """The row stays for its kept columns; whatever is of another family goes where it can.

    So does what its own schedule cuts, be it of the same family.
    """
    by_column = tables.fields(table)
    families = {table.columns[name].mark.category.partition(".")[0] for name in kept}
    longest = max(kept.values(), key=lambda each: each[1])
    cut: dict[str, Any] = {}
    link = _link(table, path)
    if isinstance(link, ForeignKey) and link.null:
        cut[link.attname] = None
    for column in own:
        field_ = by_column[column.name]
        if column.name in kept or field_.attname in cut:
            continue
        apart = _family(column) not in families or _schedule_then(column.mark.category) == "cut"
        nothing = emptied(field_) if apart else {}
        if nothing:
            cut |= nothing
        else:
            kept[column.name] = longest
    return Fate(table, path, "kept", cut, kept)


def _family(column: Column) -> str:
    return column.mark.category.partition(".")[0]


def _link(table: Table, path: SubjectPath) -> Field[Any, Any] | None:
    """The field by which a row names its person itself; None where it is the key, or further on."""
    if path.hops or path.name == SELF:
        return None
    found = tables.fields(table).get(path.column)
    return None if found is None or found.primary_key else found


def _schedule_then(category: str) -> str:
    schedules = in_force().retention.schedule.values()
    return next((each.then for each in schedules if category in each.categories), "delete")


def emptied(field_: Field[Any, Any]) -> dict[str, Any]:
    """How a field is emptied; nothing where the table does not let it be."""
    if field_.null:
        return {field_.attname: None}
    text = isinstance(field_, CharField | TextField | FileField)
    return {field_.attname: ""} if text and not field_.unique else {}


def lines(
    table: Table, person: Person, counted: dict[tuple[str, str], int] | None = None
) -> Iterator[Line]:
    """What becomes of what a table holds about a person; nothing where it holds nothing.

    `counted` are the rows by table and path, where somebody has counted all of them at once.
    """
    for part in tables.parts(table):
        if counted is None:
            count = part.rows(person.subject).order_by().count()
        else:
            count = counted.get((table.name, part.path.name), 0)
        if count:
            yield from _lines(_fate(table, part.path, person), count)


def _lines(fate: Fate, count: int) -> Iterator[Line]:
    by_column = tables.fields(fate.table)
    groups: dict[tuple[str, Outcome, str, str], list[str]] = {}
    for column in fate.table.columns.values():
        if not column.mark.category or column.mark.of not in ("", fate.path.name):
            continue
        outcome, ground, until = fate.outcome, "", ""
        if fate.outcome == "kept":
            if column.name in fate.kept:
                ground, until = fate.kept[column.name]
            else:
                outcome = "removed"
        elif fate.outcome == "anonymised":
            cut = by_column[column.name].attname in fate.cut
            outcome = "removed" if cut else "anonymised"
        key = (column.mark.category, outcome, until, ground)
        groups.setdefault(key, []).append(column.name)
    for (category, outcome, until, ground), names in groups.items():
        columns = tuple(sorted(names))
        yield Line(fate.table.name, category, outcome, count, columns, until, ground)
