"""Searching every row and every byte for values: once through, however many are looked for.

Nothing is taken from the marks: the tables are those that the database has, and each column is read
as text but for those that measure.
"""

from __future__ import annotations

import gzip
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

if TYPE_CHECKING:
    from plainview.privacy.rights.sieve import Sieve

CHUNK = 1 << 20
AT_ONCE = 500
"""So many rows are fetched in one go."""
_BETWEEN, _ROWS = b"\x1f", b"\x1e"
_HIDDEN = 1
"""How SQLite calls a column that a virtual table has for its own ends."""
_MEASURES = ("bool", "date", "time", "decimal", "numeric", "real", "float", "double", "interval")
"""What columns of these kinds hold points to nobody by itself."""


def sieve(forms: Iterable[bytes]) -> Sieve:
    """Forms that are looked for together."""
    from plainview.privacy.rights.sieve import Sieve  # noqa: PLC0415 - NumPy, for who searches

    return Sieve(forms)


@dataclass
class Sought:
    """What is looked for, in small letters: `parts` within a text, `wholes` as all of a column."""

    parts: Sieve
    wholes: Sieve | None = None

    @classmethod
    def of(cls, parts: Iterable[bytes], wholes: Iterable[bytes] = ()) -> Sought:
        """Such forms; the wholes with the signs that part columns."""
        ends = [_BETWEEN + each + _BETWEEN for each in wholes]
        return cls(sieve(parts), sieve(ends) if ends else None)


class Cell(NamedTuple):
    """What was met in a value: its column, the forms within it, and the value if it is a whole."""

    column: str
    parts: frozenset[bytes]
    whole: bytes = b""


def tables() -> list[str]:
    """The tables that the database has."""
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def described() -> dict[str, dict[str, str]]:
    """The tables that the database has: each column with the name of its type in small letters."""
    found: dict[str, dict[str, str]] = {name: {} for name in tables()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT held.name, shown.name, shown.type"
                " FROM sqlite_master AS held JOIN pragma_table_xinfo(held.name) AS shown"
                " WHERE held.type = 'table' AND shown.hidden <> %s",
                [_HIDDEN],
            )
        else:
            cursor.execute(
                "SELECT relname, attname, format_type(atttypid, NULL)"
                " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
                " WHERE pg_table_is_visible(attrelid) AND attnum > 0 AND NOT attisdropped"
                " AND relname = ANY(%s) ORDER BY relname, attnum",
                [list(found)],
            )
        for name, column, kind in cursor.fetchall():
            if name in found:
                found[name][str(column)] = str(kind).lower()
    return found


def filled(names: Collection[str]) -> set[str]:
    """Those of some tables that have a row, asked for in one statement.

    Raises DatabaseError where the database lacks one.
    """
    asked = [f"EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in names]  # noqa: S608
    if not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}")
        return {name for name, has in zip(names, cursor.fetchone(), strict=True) if has}


def _searched(columns: Mapping[str, str]) -> dict[str, str]:
    """Those of a table's columns that can hold a value, as `text`, `bytes` or `number`."""
    found = {}
    for name, kind in columns.items():
        if not kind.startswith(_MEASURES):
            number = "int" in kind or "serial" in kind
            found[name] = "number" if number else "bytes" if kind in ("blob", "bytea") else "text"
    return found


def in_table(table: str, columns: Mapping[str, str], sought: Sought) -> Counter[Cell]:
    """Read a table, as `described`, once; in how many rows each was met.

    Raises what the database raises.
    """
    met: Counter[Cell] = Counter()
    names = _searched(columns)
    if not names:
        return met
    unsure = False
    for rows in _read(table, names):
        for row, parts, wholes in _rows_with(rows, sought):
            values = row.split(_BETWEEN)[1:-1]
            if len(values) == len(names):
                met.update(_cells(values, names, parts, wholes))
            else:  # one of them has the sign in it by which they are parted
                unsure = True
    for values in _apart(table, names) if unsure else ():
        text = _BETWEEN.join([b"", *values, b""])
        wholes = sought.wholes.within(text) if sought.wholes else []
        met.update(_cells(values, names, sought.parts.within(text), wholes))
    return met


def _rows_with(
    rows: list[Any], sought: Sought
) -> Iterator[tuple[bytes, Collection[bytes], Collection[bytes]]]:
    """Those of the rows in which something stands, in small letters, with what it is."""
    text = _lowered(rows)
    parts = sought.parts.within(text)
    wholes = sought.wholes.within(text) if sought.wholes else []
    if not parts and not wholes:
        return
    lines = [_lowered([row]) for row in rows]
    begins = [0, *accumulate(len(line) + len(_ROWS) for line in lines)]
    here: dict[int, tuple[set[bytes], set[bytes]]] = {}
    for kind, forms in enumerate((parts, wholes)):
        for form in forms:
            at = text.find(form)
            while at >= 0:
                number = bisect_right(begins, at) - 1
                here.setdefault(number, (set(), set()))[kind].add(form)
                at = text.find(form, begins[number + 1])
    for number, (some, whole) in here.items():
        yield lines[number], some, whole


def _lowered(rows: list[Any]) -> bytes:
    """Rows as one run of bytes, A to Z in small letters; PostgreSQL gives text, SQLite bytes."""
    if isinstance(rows[0], str):
        return str(_ROWS, "ascii").join(rows).encode().lower()
    return _ROWS.join(rows).lower()


def _cells(
    values: list[bytes],
    names: Mapping[str, str],
    parts: Collection[bytes],
    wholes: Collection[bytes],
) -> Iterator[Cell]:
    """The columns of a row that hold one of these; a number is met as a whole."""
    for (name, kind), value in zip(names.items(), values, strict=True):
        here = frozenset(
            each for each in parts if (each == value if kind == "number" else each in value)
        )
        whole = value if _BETWEEN + value + _BETWEEN in wholes else b""
        if here or whole:
            yield Cell(name, here, whole)


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
    select = f"SELECT {line} FROM {quote(table)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{select} LIMIT {AT_ONCE}")
        rows = [row for (row,) in cursor.fetchall()]
    if len(rows) < AT_ONCE:  # most tables: PostgreSQL asks four times what keeps its place
        if rows:
            yield rows
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(select)
        rows = []
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


def in_bytes(path: Path, sought: Sieve) -> set[bytes]:
    """Which forms (A to Z in small letters) stand in a file, in any case of letters.

    One that is packed (`.gz`) is unpacked for it.
    """
    found: set[bytes] = set()
    tail = b""
    with _opened(path) as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk.lower()
            found.update(sought.within(text))
            tail = text[-sought.longest :]
    return found


def _opened(path: Path) -> Any:
    file = path.open("rb")
    if path.suffix == ".gz" and file.read(2) == b"\x1f\x8b":
        file.close()
        return gzip.open(path, "rb")
    file.seek(0)
    return file
