"""Looking for a person everywhere after they have gone: each table, and each file of the service.

The scan trusts no mark: it reads every table that the database has and every file in the data
folder. Not looked into are the films themselves, files that set-up made, and sealed copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import OperationalError, connection

from plainview.privacy.backups import shelf
from plainview.privacy.registry import registry
from plainview.privacy.rights.copies.models import FOLDER
from plainview.privacy.rights.holdings import Found, Quiet, register
from plainview.privacy.rights.person import Person

CHUNK = 1 << 20
OVERLAP = 1 << 10
FILMS = ("packages", "incoming", "staging")
AT_ONCE = 40
"""Values in one statement: databases limit the depth of a condition."""
_NUMBER = re.compile(r"[0-9]{1,19}")
MEASURES = frozenset(
    {"BooleanField", "DateField", "DateTimeField", "TimeField", "DecimalField", "FloatField"}
)
"""What columns of these kinds hold points to nobody by itself."""
_WORD = 8
"""A shared value shorter than this is no evidence in a running text."""


def in_tables(person: Person) -> Iterator[Found]:
    """Each column of each table in which a value of theirs stands. Reads the whole database."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    for name in names:
        yield from _in_table(name, person)


def _in_table(name: str, person: Person) -> Iterator[Found]:
    table = registry().tables.get(name)
    columns = _columns(name)
    yield from _counted(name, columns, person.unique, "left")
    if table is None or not table.personal or not table.subjects:
        yield from _counted(name, columns, person.shared, "elsewhere")


def _columns(name: str) -> dict[str, str]:
    """The columns of a table that can hold a value of somebody's, each with its kind."""
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, name)
    kinds = {}
    for each in described:
        try:
            kind = str(connection.introspection.get_field_type(each.type_code, each))
        except KeyError:  # a type that Django does not know is read as text
            kind = "TextField"
        if kind not in MEASURES:
            kinds[each.name] = "number" if kind.endswith(("IntegerField", "AutoField")) else "text"
    return kinds


def _counted(
    name: str,
    columns: dict[str, str],
    values: frozenset[str],
    kind: Literal["left", "elsewhere"],
) -> Iterator[Found]:
    """How many rows of each column hold one of the values; shared ones must be all of a value."""
    quote = connection.ops.quote_name
    counts: dict[str, int] = {}
    for some in batched(sorted({value.lower() for value in values}), AT_ONCE):
        sums, params = {}, list[str | int]()
        numbers = [int(value) for value in some if _NUMBER.fullmatch(value)]
        numbers = [number for number in numbers if number < 1 << 63]
        for column, holds in columns.items():
            asked = numbers if holds == "number" else some
            if asked:
                test = _test(quote(column), holds, whole=kind == "elsewhere")
                any_of_them = " OR ".join([test] * len(asked))
                sums[column] = f"SUM(CASE WHEN {any_of_them} THEN 1 ELSE 0 END)"
                params += asked
        if not sums:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sums.values())} FROM {quote(name)}", params)  # noqa: S608
            for column, count in zip(sums, cursor.fetchone(), strict=True):
                counts[column] = counts.get(column, 0) + int(count or 0)
    yield from (Found(f"{name}.{column}", n, kind) for column, n in counts.items() if n)


def _test(column: str, holds: str, *, whole: bool) -> str:
    """The condition that a column holds a value; the value is a parameter in lower case."""
    if holds == "number":
        return f"{column} = %s"
    text = f"LOWER(CAST({column} AS TEXT))"
    if whole:
        return f"{text} = %s"
    if connection.vendor == "sqlite":
        return f"INSTR({text}, %s) > 0"
    return f"POSITION(%s IN {text}) > 0"


def batched(values: list[str], size: int) -> Iterator[list[str]]:
    """`values` in lists of `size` at most."""
    return (values[n : n + size] for n in range(0, len(values), size))


def in_bytes(path: Path, needles: Iterable[bytes]) -> int:
    """How many of the needles (lower case) stand in a file, letters in any case."""
    waiting = set(needles)
    count = len(waiting)
    tail = b""
    with path.open("rb") as file:
        while waiting and (chunk := file.read(CHUNK)):
            text = (tail + chunk).lower()
            waiting = {needle for needle in waiting if needle not in text}
            tail = chunk[-OVERLAP:]
    return count - len(waiting)


def database_files() -> list[Path]:
    """The files of a SQLite database that there are."""
    if connection.vendor != "sqlite":
        return []
    name = str(connection.settings_dict["NAME"])
    return [path for end in ("", "-wal", "-journal") if (path := Path(name + end)).is_file()]


def as_stored(value: str) -> list[bytes]:
    """How a value looks in SQLite's file: as text, and a long number in its bytes."""
    found = [value.lower().encode()]
    if re.fullmatch(r"\d{10,19}", value):
        number = int(value)
        width = 6 if number < 1 << 47 else 8
        found.append(number.to_bytes(width, "big").lower())
    return found


class Database(Quiet):
    """The database as a whole: its tables, and on SQLite the bytes of its file."""

    name = "database"

    def clean(self, tables: Iterable[str]) -> None:
        """Let no freed byte stay: merge search indexes, empty the log, or vacuum on PostgreSQL.

        SQLite zeroes what it frees (`secure_delete`). Outside transactions only.
        """
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in tables:
                    cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
                return
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE %s",
                ["CREATE VIRTUAL TABLE%USING fts%"],
            )
            for (name,) in cursor.fetchall():
                quoted = connection.ops.quote_name(name)
                cursor.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('optimize')")  # noqa: S608
        self._empty_log()

    def rebuild(self) -> None:
        """Write SQLite's file anew, with the rows that there are and not a byte more.

        A page that overflows is parted, and what moves out of it leaves copies that
        `secure_delete` never meets. Costs the length of the file, so only where a scan found any.
        Outside transactions only. Raises BusyLog.
        """
        with connection.cursor() as cursor:
            try:
                cursor.execute("VACUUM")
            except OperationalError as error:  # somebody else writes, or the disk is full
                raise BusyLog from error
        self._empty_log()

    def _empty_log(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
        if busy:
            raise BusyLog

    def look(self, person: Person) -> Iterator[Found]:
        """Every table, then the bytes of the file for each value that no table holds any more."""
        in_rows = list(in_tables(person))
        yield from in_rows
        standing = {each.where.partition(".")[0] for each in in_rows if each.kind == "left"}
        gone = [value for value in person.unique if not _stands(value, standing)]
        needles = [each for value in gone for each in as_stored(value)]
        for path in database_files():
            if times := in_bytes(path, needles):
                yield Found(path.name, times)


def _stands(value: str, tables: Iterable[str]) -> bool:
    """Whether one of these tables still holds the value, so that the file holds it too."""
    alone = frozenset({value})
    return any(True for name in tables for _ in _counted(name, _columns(name), alone, "left"))


def in_file(found: Iterable[Found]) -> bool:
    """Whether some of it stands in the database's own files and in none of its rows."""
    files = {path.name for path in database_files()}
    return any(each.kind == "left" and each.where in files for each in found)


class BusyLog(Exception):
    """The database is in use, so that its log can't be emptied or its file written just now."""


class Folder(Quiet):
    """Every other file of the service: logs, mails, pictures, what is being sent."""

    name = "folder"

    def _paths(self) -> Iterator[Path]:
        own = {path.resolve() for path in database_files()}
        data = Path(settings.DATA)
        made = {Path(settings.STATIC_ROOT).resolve(), (data / "secret-key").resolve()}
        made.add((data / "policy").resolve())
        made.add((data / FOLDER).resolve())  # sealed: any short value stands in it by chance
        made |= set(shelf.place().resolve().glob(f"*{shelf.END}"))  # likewise
        films = {(Path(settings.MEDIA_ROOT) / name).resolve() for name in FILMS}
        for root in sorted({data.resolve(), Path(settings.MEDIA_ROOT).resolve()}):
            for path in sorted(root.rglob("*")):
                above = set(path.parents) | {path}
                if path.is_file() and path not in own and not above & (made | films):
                    yield path

    def look(self, person: Person) -> Iterator[Found]:
        """Names and bytes of the files."""
        needles = [value.lower().encode() for value in person.unique]
        words = [value.lower().encode() for value in person.shared if len(value) >= _WORD]
        for path in self._paths():
            if path.name.endswith(("-shm", "-journal", "-wal")):
                continue
            named = sum(needle in path.name.lower().encode() for needle in needles)
            if times := named + in_bytes(path, needles):
                yield Found(path.name if not named else path.suffix or "a file", times)
            elif times := in_bytes(path, words):
                yield Found(path.name, times, "elsewhere")


def join() -> None:
    """Register both."""
    for holding in (Database(), Folder()):
        register(holding)
