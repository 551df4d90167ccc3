"""The rows about one person, table by table, read off the marks: access and erasure share it."""

from __future__ import annotations

import functools
import graphlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    Count,
    F,
    Field,
    ForeignKey,
    IntegerField,
    Q,
    QuerySet,
    Value,
)

from plainview.privacy.declarations import told
from plainview.privacy.gate.filters import STANDING
from plainview.privacy.policies import in_force
from plainview.privacy.registry import SubjectPath, Table, registry
from plainview.privacy.rights import searching

CREDENTIALS = "credentials"


class NoKey(Exception):
    """A table lacks the primary key that its model names, so that no single row can be told."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a table belongs to the person at the end of `path`: the fields, and the secrets."""

    table: Table
    path: SubjectPath
    fields: tuple[Field[Any, Any], ...]
    secrets: tuple[Field[Any, Any], ...]

    def rows(self, subject: int) -> QuerySet[Any]:
        """Their rows. Two people in one row that are the same person give it once."""
        found: QuerySet[Any] = manager(self.table).filter(**{self.path.lookup: subject})
        for earlier in self.table.subjects[: self.table.subjects.index(self.path)]:
            found = found.exclude(**{earlier.lookup: subject})
        return found

    def told(self, subject: int) -> QuerySet[Any]:
        """Their rows as they may know of them: without what a law forbids to tell them yet."""
        found = self.rows(subject)
        if self.table.untold and self.path == self.table.subjects[0]:
            found = found.filter(told(self.table.untold))
        return found

    def rows_of(self, subjects: Iterable[int]) -> QuerySet[Any]:
        """The rows of several people, each once; `path.lookup` names whose each is."""
        return self.rows_among(manager(self.table).all(), subjects)

    def rows_among(self, rows: QuerySet[Any], subjects: Iterable[int]) -> QuerySet[Any]:
        """Those of some rows of the table that are about several people, each once."""
        found = rows.filter(**{f"{self.path.lookup}__in": subjects})
        for earlier in self.table.subjects[: self.table.subjects.index(self.path)]:
            found = found.exclude(**{earlier.lookup: F(self.path.lookup)})
        return found

    @property
    def nobodys(self) -> tuple[Field[Any, Any], ...]:
        """The fields of the table that hold nothing about anybody."""
        held = {column.name for column in self.table.columns.values() if column.mark.category}
        return tuple(f for name, f in fields(self.table).items() if name not in held)

    def category(self, field: Field[Any, Any]) -> str:
        """What a field of this table holds."""
        return self.table.columns[str(field.column)].mark.category

    @property
    def categories(self) -> set[str]:
        """What it holds; a family only where there is nothing of it but the row itself."""
        own = {self.category(field) for field in (*self.fields, *self.secrets)}
        return {each for each in own if "." in each} or own


def manager(table: Table) -> Any:
    """All rows of a table, whatever its model's own manager leaves out.

    Raises TypeError for a table that no model stands for.
    """
    if table.model is None:
        raise TypeError(f"{table.name} has no model")
    return table.model._base_manager


def tables() -> Iterator[Table]:
    """The personal tables whose rows lead to somebody."""
    return (table for table in registry().personal_tables() if table.model and table.subjects)


def empty() -> set[str]:
    """The tables about people in which there is no row, asked for in one statement.

    One that the database lacks is not among them.
    """
    names = {each.name for each in registry().personal_tables()} & {*searching.tables()}
    return names - searching.filled(names)


def _filled() -> list[Part]:
    """The parts of the tables that have any row, or that the database lacks."""
    nothing = empty()
    return [part for table in tables() if table.name not in nothing for part in parts(table)]


def about(table: Table, subject: int) -> QuerySet[Any]:
    """The rows of a table that are about a person, alone or with another."""
    condition = Q()
    for path in table.subjects:
        condition |= Q(**{path.lookup: subject})
    found: QuerySet[Any] = manager(table).filter(condition)
    return found


def counts(subject: int, category: str = "", *, untold: bool = False) -> list[tuple[Part, int]]:
    """What belongs to a person, where there is any, with how many rows of it: in one statement.

    Of a category alone, if one is given; with what they may not know of yet only if `untold`.
    Raises DatabaseError where a table is not as its model says.
    """
    every = [part for part in _filled() if not category or category in part.categories]
    counted = [
        (part.rows(subject) if untold else part.told(subject))
        .order_by()
        .annotate(counted_part=Value(number, IntegerField()))
        .values("counted_part")
        .annotate(counted_rows=Count("*"))
        .values_list("counted_part", "counted_rows")
        for number, part in enumerate(every)
    ]
    found = counted[0].union(*counted[1:], all=True) if counted else ()
    return [(every[number], rows) for number, rows in found if rows]


def held(subjects: Collection[int]) -> dict[int, list[Part]]:
    """What holds something of each of several people, in one statement.

    Raises DatabaseError where a table is not as its model says.
    """
    every = _filled()
    asked = [
        part.rows_of(subjects)
        .order_by()
        .annotate(held_part=Value(number, IntegerField()), held_of=F(part.path.lookup))
        .values_list("held_part", "held_of")
        .distinct()
        for number, part in enumerate(every)
    ]
    found: dict[int, list[Part]] = {subject: [] for subject in subjects}
    for number, subject in asked[0].union(*asked[1:], all=True) if asked else ():
        found[subject].append(every[number])
    return found


def may_fail() -> AbstractContextManager[object]:
    """What is read within may raise DatabaseError and leaves a transaction around it whole."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def fields(table: Table) -> dict[str, Field[Any, Any]]:
    """The fields of a table by column."""
    return _by_column(table.model) if table.model else {}


@functools.cache
def _by_column(model: Any) -> dict[str, Field[Any, Any]]:
    return {field.column: field for field in model._meta.local_concrete_fields}


def parts(table: Table) -> Iterator[Part]:
    """What belongs to each of the people whom a row of the table is about.

    A column marked `of` somebody is theirs alone, and so is the number of each in the row.
    """
    by_column, secrets = fields(table), _secrets()
    first = {path: path.hops[0].column if path.hops else path.column for path in table.subjects}
    for path in table.subjects:
        others = {column for other, column in first.items() if other != path}
        mine = [
            column
            for column in table.columns.values()
            if column.mark.category
            and column.mark.of in ("", path.name)
            and column.name not in others
        ]
        plain = tuple(by_column[c.name] for c in mine if c.mark.category not in secrets)
        hidden = tuple(by_column[c.name] for c in mine if c.mark.category in secrets)
        yield Part(table, path, plain, hidden)


def secret(category: str) -> bool:
    """Whether values of a category let somebody in, so that they are named and never copied."""
    return category in _secrets()


def _secrets() -> frozenset[str]:
    categories = in_force().categories
    return frozenset(id_ for id_, each in categories.items() if each.sensitive == CREDENTIALS)


def keyed(table: Table) -> bool:
    """Whether the database has the table with the primary key that its model names."""
    wanted = {field.column for field in manager(table).model._meta.pk_fields}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA table_info({connection.ops.quote_name(table.name)})")
            return {row[1] for row in cursor.fetchall() if row[5]} == wanted
        cursor.execute(
            "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid"
            " AND attnum = ANY(indkey) WHERE indrelid = to_regclass(%s) AND indisprimary",
            [connection.ops.quote_name(table.name)],
        )
        return {name for (name,) in cursor.fetchall()} == wanted


def children_first() -> list[Table]:
    """The personal tables in an order in which their rows can go.

    The standing goes first, so that nothing refusable is written about the person any more.
    """
    known = {table.name: table for table in tables()}
    graph: dict[str, set[str]] = {name: set() for name in known}
    for name, table in known.items():
        for field in fields(table).values():
            if isinstance(field, ForeignKey):
                remote: Any = field.remote_field.model
                parent = remote._meta.db_table
                if parent in known and parent != name:
                    graph[parent].add(name)
    order = list(graphlib.TopologicalSorter(graph).static_order())
    return [known[name] for name in sorted(order, key=lambda name: name != STANDING)]
