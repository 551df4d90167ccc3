"""Searching every row and every byte for values: once through, however many are looked for.

Nothing is taken from the marks: the tables are those that the database has, and each column is read
as text but for those that measure.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from plainview.privacy.rights import forms

CHUNK = 1 << 20
AT_ONCE = 500
"""So many rows are fetched in one go."""
_BETWEEN, _ROWS = b"\x1f", b"\x1e"
_HIDDEN = 1
"""How SQLite calls a column that a virtual table has for its own ends."""
_MEASURES = ("bool", "date", "time", "decimal", "numeric", "real", "float", "double", "interval")
"""What columns of these kinds hold points to nobody by itself."""


@dataclass
class Sought:
    """What is looked for, in small letters: `parts` within a text, `wholes` as all of a column.

    Both lead from a form to the value of which it is one.
    """

    parts: Mapping[bytes, str]
    wholes: Collection[bytes] = ()

    def __post_init__(self) -> None:
        self._anchored = forms.anchored(self.parts)

    def within(self, text: bytes) -> list[bytes]:
        """Which of the forms stand in a text."""
        return [
            form
            for anchor, each in self._anchored.items()
            if anchor in text
            for form in each
            if form in text
        ]


@dataclass
class Met:
    """What was met in one table: how many rows by column, and which values."""

    columns: dict[str, int] = field(default_factory=dict)
    wholes: dict[str, int] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)
    by_value: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many rows by column and value."""


def tables() -> list[str]:
    """The tables that the database has."""
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def columns(table: str) -> dict[str, str]:
    """The columns of a table that can hold a value, as `text`, `bytes` or `number`."""
    found = {}
    for name, kind in _described(table):
        if not kind.startswith(_MEASURES):
            number = "int" in kind or "serial" in kind
            found[name] = "number" if number else "bytes" if kind in ("blob", "bytea") else "text"
    return found


def every_column(table: str) -> list[str]:
    """All columns of a table, as the database has it."""
    return [name for name, _kind in _described(table)]


def _described(table: str) -> list[tuple[str, str]]:
    """Each column as the database has it, with the name of its type in small letters."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA table_xinfo({connection.ops.quote_name(table)})")
            shown = [row for row in cursor.fetchall() if row[6] != _HIDDEN]
            return [(str(row[1]), str(row[2]).lower()) for row in shown]
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [connection.ops.quote_name(table)],
        )
        return [(str(name), str(kind).lower()) for name, kind in cursor.fetchall()]


def in_table(table: str, sought: Sought) -> Met:
    """Read a table once and count what is met. Raises what the database raises."""
    met, names = Met(), columns(table)
    if not names or not (sought.parts or sought.wholes):
        return met
    unsure = False
    for rows in _read(table, names):
        text = _lowered(rows)
        parts = sought.within(text)
        wholes = [each for each in sought.wholes if _BETWEEN + each + _BETWEEN in text]
        if parts or wholes:
            for row in rows:
                values = _lowered([row]).split(_BETWEEN)[1:-1]
                if len(values) == len(names):
                    _count(values, names, parts, wholes, sought, met)
                else:  # one of them has the sign in it by which they are parted
                    unsure = True
    for values in _apart(table, names) if unsure else ():
        parts = sought.within(_BETWEEN.join(values))
        _count(values, names, parts, list(sought.wholes), sought, met)
    return met


def _lowered(rows: list[Any]) -> bytes:
    """Rows as one run of bytes, A to Z in small letters; PostgreSQL gives text, SQLite bytes."""
    if isinstance(rows[0], str):
        return str(_ROWS, "ascii").join(rows).encode().lower()
    return _ROWS.join(rows).lower()


def _count(
    values: list[bytes],
    names: Mapping[str, str],
    parts: list[bytes],
    wholes: list[bytes],
    sought: Sought,
    met: Met,
) -> None:
    """Count a row in those of its columns that hold one of these; a number is met as a whole."""
    for (name, kind), value in zip(names.items(), values, strict=True):
        here = {
            sought.parts[each]
            for each in parts
            if (each == value if kind == "number" else each in value)
        }
        for one in here:
            met.by_value[name, one] = met.by_value.get((name, one), 0) + 1
        if here:
            met.values |= here
            met.columns[name] = met.columns.get(name, 0) + 1
        elif value in wholes:
            met.wholes[name] = met.wholes.get(name, 0) + 1


def _read(table: str, names: Mapping[str, str]) -> Iterator[list[Any]]:
    """The rows of a table, some at a time, each as one text or bytes with its columns parted."""
    quote = connection.ops.quote_name
    texts = [_as_text(quote(name), kind) for name, kind in names.items()]
    if connection.vendor == "sqlite":
        between = "char(31)"
        line = f"CAST({between} || {f' || {between} || '.join(texts)} || {between} AS BLOB)"
    else:
        between = "chr(31)"
        line = f"{between} || {f' || {between} || '.join(texts)} || {between}"
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {line} FROM {quote(table)}")  # noqa: S608
        rows: list[Any] = []
        size = 0
        while some := cursor.fetchmany(AT_ONCE):
            rows += [row for (row,) in some]
            size += sum(len(row) for (row,) in some)
            if size > CHUNK:
                yield rows
                rows, size = [], 0
        if rows:
            yield rows


def _apart(table: str, names: Mapping[str, str]) -> Iterator[list[bytes]]:
    """The values of each row that has the sign in one of them, as random bytes may, one by one."""
    quote = connection.ops.quote_name
    texts = [_as_text(quote(name), kind) for name, kind in names.items()]
    if connection.vendor == "sqlite":
        texts = [f"CAST({each} AS BLOB)" for each in texts]
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(texts)} FROM {quote(table)}")  # noqa: S608
        for row in cursor:
            values = [_lowered([each]) for each in row]
            if any(_BETWEEN in each for each in values):
                yield values


def _as_text(column: str, kind: str) -> str:
    if connection.vendor == "sqlite":
        return f"COALESCE(CAST({column} AS TEXT), '')"
    text = f"encode({column}, 'escape')" if kind == "bytes" else f"CAST({column} AS TEXT)"
    return f"COALESCE({text}, '')"


def in_bytes(path: Path, needles: Mapping[bytes, str]) -> int:
    """How many values stand in a file, by their forms (A to Z in small letters), in any case.

    One that is packed (`.gz`) is unpacked for it.
    """
    sought, found = Sought(needles), set[str]()
    overlap = max(map(len, needles), default=1)
    everything = set(needles.values())
    tail = b""
    with _opened(path) as file:
        while found != everything and (chunk := file.read(CHUNK)):
            text = tail + chunk.lower()
            found |= {needles[form] for form in sought.within(text)}
            tail = text[-overlap:]
    return len(found)


def _opened(path: Path) -> Any:
    file = path.open("rb")
    if path.suffix == ".gz" and file.read(2) == b"\x1f\x8b":
        file.close()
        return gzip.open(path, "rb")
    file.seek(0)
    return file
