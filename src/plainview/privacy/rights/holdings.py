"""Whatever holds something about people: each says what, gives it back, lets it go, looks for rest.

The marked tables are holdings, and so are files, the cache and the outbox of development. A store
outside (an index, a processor) joins with `register`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Literal, Protocol

import msgspec
from django.db import connection
from django.db.models import BinaryField, FileField, QuerySet
from django.db.models.deletion import Collector

from plainview.privacy.registry import Table
from plainview.privacy.rights import keeping, planning, tables
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line

Kind = Literal["left", "elsewhere", "claimed", "unknown", "hashed"]
PART = 5_000
"""So many rows go in one transaction: some 40 ms, in which SQLite lets nobody else write."""


class Found(msgspec.Struct, frozen=True):
    """Something of a person that was found after everything had gone.

    `kind` is "left" for what should have gone, "elsewhere" for a word that is theirs and others'
    too, in a place that is about nobody, "claimed" for one in what somebody else wrote who showed
    nobody that it is theirs, "unknown" for a place of which nobody can say whether it
    holds anything of theirs, "hashed" for a keyed hash of ours in rows that lead back to nobody;
    `where` names the table and column, or the file.
    """

    where: str
    times: int
    kind: Kind = "left"


class Holding(Protocol):
    """A place that holds something about people. All of it runs under a duty."""

    name: str

    def plan(self, person: Person) -> Iterator[Line]:
        """What is held and what would become of it; nothing where nothing is held."""
        ...

    def originals(self, person: Person) -> Iterator[tuple[str, BinaryIO]]:
        """Files that are theirs, by a name of its own without slashes, each open for reading."""
        ...

    def lessen(self, person: Person) -> bool:
        """Take a part away first where there is much; whether there may be more. May raise."""
        ...

    def erase(self, person: Person) -> int:
        """Carry the plan out; return how many things went. May be asked again. May raise."""
        ...

    def look_for(self, people: Sequence[Person]) -> Iterator[tuple[int, Found]]:
        """What still points to some people, each find with the number of whom it points to."""
        ...


class Quiet:
    """A holding that does nothing until it says so; the others are made of it."""

    name = ""

    def plan(self, person: Person) -> Iterator[Line]:
        """Nothing is held."""
        yield from ()

    def originals(self, person: Person) -> Iterator[tuple[str, BinaryIO]]:
        """No file is theirs."""
        yield from ()

    def lessen(self, person: Person) -> bool:
        """There is never much."""
        return False

    def erase(self, person: Person) -> int:
        """Nothing goes."""
        return 0

    def look_for(self, people: Sequence[Person]) -> Iterator[tuple[int, Found]]:
        """Nothing is found."""
        yield from ()


class Rows(Quiet):
    """One marked table, ours or a third party's."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.name = table.name

    def plan(self, person: Person) -> Iterator[Line]:
        """As marks and policy say."""
        return planning.lines(self.table, person)

    def originals(self, person: Person) -> Iterator[tuple[str, BinaryIO]]:
        """The files that the rows name or hold, as they were sent."""
        for part in tables.parts(self.table):
            for field in part.fields:
                if isinstance(field, BinaryField):
                    rows = part.rows(person.subject).values_list("pk", field.attname)
                    for key, content in rows:
                        if content:
                            name = f"{self.table.name}-{field.column}-{key}"
                            yield name, io.BytesIO(bytes(content))
            for field in set(file_fields(self.table)) & set(part.fields):
                for name in _named(part.rows(person.subject), field):
                    if field.storage.exists(name):
                        yield name.replace("/", "-"), field.storage.open(name)

    def lessen(self, person: Person) -> bool:
        """Some rows of those that go, or stay without their person.

        So nobody waits long for a table that is written to.
        """
        for fate, part in planning.fates(self.table, person):
            if fate.outcome == "kept" or any(file_fields(self.table)):
                continue
            rows = part.rows(person.subject).order_by()
            if _at_once(rows, fate):
                continue
            if rows[PART : PART + 1].exists() and tables.keyed(self.table):
                some = tables.manager(self.table).filter(pk__in=rows.values("pk")[:PART])
                if fate.outcome == "removed":
                    some.delete()
                else:  # what is cut leads to them, so that the next part is another
                    some.update(**fate.cut)
                return True
        return False

    def erase(self, person: Person) -> int:
        """Files go before the rows that name them: without the row nobody would find the file.

        Raises OSError for a file that can't be deleted, NoKey for rows that are to be kept and that
        nothing tells apart, and what the database raises when a row is bound to another that stays.
        """
        went = 0
        for fate, part in planning.fates(self.table, person):
            rows = part.rows(person.subject).order_by()
            for field in file_fields(self.table):
                if fate.outcome == "removed" or field.attname in fate.cut:
                    for name in _named(rows, field):
                        field.storage.delete(name)
            if fate.outcome == "kept" and self.name not in person.held:  # a hold is looked after
                if rows.exists() and not tables.keyed(self.table):
                    raise tables.NoKey(self.name)
                keeping.note(fate, rows)
            if fate.outcome == "removed":
                went += _delete(self.table, rows)
            elif fate.cut:
                went += rows.update(**fate.cut)
        return went


def _at_once(rows: QuerySet[Any], fate: planning.Fate) -> bool:
    """Whether one statement takes them all and hinders nobody: PostgreSQL lets others write."""
    if connection.vendor != "postgresql":
        return False
    return fate.outcome == "anonymised" or Collector(using=rows.db).can_fast_delete(rows)


def _delete(table: Table, rows: QuerySet[Any]) -> int:
    """Delete rows: without a primary key by what they are about, or others' would go along."""
    if tables.keyed(table):
        return rows.delete()[0]
    deleted: int = rows._raw_delete(rows.db)
    return deleted


def _named(rows: QuerySet[Any], field: Any) -> list[str]:
    return [name for name in rows.values_list(field.attname, flat=True) if name]


def file_fields(table: Table) -> Iterator[Any]:
    """The fields of a table that name files."""
    return (f for f in tables.fields(table).values() if isinstance(f, FileField))


_registered: list[Holding] = []


def register(holding: Holding) -> None:
    """Let a holding take part in copies, erasures and scans; the order is that of the calls."""
    _registered[:] = [each for each in _registered if each.name != holding.name]
    _registered.append(holding)


def registered() -> list[Holding]:
    """The holdings beside the tables."""
    return list(_registered)


def everything() -> list[Holding]:
    """Every holding in the order in which an erasure goes through them."""
    return [*_registered, *(Rows(table) for table in tables.children_first())]
