"""What the database holds and nobody has declared: of that nobody can say that it is gone.

A schema that is half migrated has such tables and columns, and so has a hand that made one. While
something stands in them an erasure is not complete. Each names itself, never what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

from plainview.privacy.registry import registry
from plainview.privacy.rights import searching
from plainview.privacy.rights.holdings import Found, Quiet
from plainview.privacy.rights.person import Person


class NotDeclared(Exception):
    """There are tables or columns with something in them that no mark speaks of."""


class Undeclared(Quiet):
    """Tables and columns that the registry has not."""

    name = "undeclared"

    def erase(self, person: Person) -> int:
        """Raises NotDeclared where something stands in one of them."""
        if names := list(_unknown()):
            raise NotDeclared(", ".join(names))
        return 0

    def look_for(self, people: Sequence[Person]) -> Iterator[tuple[int, Found]]:
        """Each of them that holds anything, as something of which nobody can say what it is."""
        for name in _unknown():
            for one in people:
                yield one.subject, Found(name, 1, "unknown")


def _unknown() -> Iterator[str]:
    known, described = registry().tables, searching.described()
    for name in _own_tables():
        table = known.get(name)
        if table is None or (table.personal and table.model is None):
            if _any(name, "TRUE"):
                yield name
            continue
        for column in described.get(name, ()):
            if column not in table.columns and _any(name, _filled(column)):
                yield f"{name}.{column}"


def _own_tables() -> list[str]:
    """The tables that hold rows by themselves: not the indexes that SQLite keeps as tables."""
    if connection.vendor != "sqlite":
        return searching.tables()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA table_list")
        rows = [row for row in cursor.fetchall() if row[0] == "main" and row[2] == "table"]
    return sorted(str(row[1]) for row in rows if not str(row[1]).startswith("sqlite_"))


def _filled(column: str) -> str:
    name = connection.ops.quote_name(column)
    return f"{name} IS NOT NULL AND CAST({name} AS TEXT) <> ''"


def _any(table: str, condition: str) -> bool:
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(table)
        cursor.execute(f"SELECT 1 FROM {quoted} WHERE {condition} LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None
