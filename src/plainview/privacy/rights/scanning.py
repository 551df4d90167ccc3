"""Looking for a person everywhere after they have gone: each table, and each file of the service.

The scan trusts no mark: it reads every table that the database has and every file in the data
folder. Not looked into are the films themselves, files that set-up made, and sealed copies.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from plainview.privacy.backups import shelf
from plainview.privacy.registry import registry
from plainview.privacy.rights import forms, searching
from plainview.privacy.rights.copies.models import FOLDER
from plainview.privacy.rights.holdings import Found, Quiet, register
from plainview.privacy.rights.person import Person

FILMS = ("packages", "incoming", "staging")
_WORD = 8
"""A shared value shorter than this is no evidence in a running text."""

MOMENT_MS, MOMENTS = 100, 100
"""So long the log waits for who reads in it, keeping writers waiting too, and so many times."""


def in_tables(person: Person) -> Iterator[Found]:
    """Each column of each table in which a value of theirs stands. Reads the whole database."""
    for found, _values in _in_tables(person):
        yield from found


def _in_tables(person: Person) -> Iterator[tuple[list[Found], set[str]]]:
    """For each table what is found in it, and which values. Raises what the database raises."""
    parts = forms.needles(person.unique)
    hashed = forms.hashes(person.subject, person.unique)
    shared = {form for value in person.shared for form in forms.plain(value)}
    for name in searching.tables():
        table = registry().tables.get(name)
        of_people = table is not None and table.personal and bool(table.subjects)
        aside = table is not None and bool(table.unlinked)
        wholes = set() if of_people else shared
        met = searching.in_table(
            name, searching.Sought(parts if aside else {**parts, **hashed}, wholes)
        )
        found = [Found(f"{name}.{column}", n, "left") for column, n in met.columns.items()]
        found += [Found(f"{name}.{column}", n, "elsewhere") for column, n in met.wholes.items()]
        if aside:
            digests = searching.in_table(name, searching.Sought(hashed))
            found += [
                Found(f"{name}.{column}", n, "hashed") for column, n in digests.columns.items()
            ]
        yield found, met.values


def database_files() -> list[Path]:
    """The files of a SQLite database that there are."""
    if connection.vendor != "sqlite":
        return []
    name = str(connection.settings_dict["NAME"])
    return [path for end in ("", "-wal", "-journal") if (path := Path(name + end)).is_file()]


class Database(Quiet):
    """The database as a whole: its tables, and on SQLite the bytes of its file."""

    name = "database"

    def clean(self, tables: Iterable[str]) -> None:
        """Let no freed byte stay: merge search indexes, empty the log, or vacuum on PostgreSQL.

        SQLite zeroes what it frees (`secure_delete`). PostgreSQL leaves few dead rows of a large
        table in its indexes, with the address that one is found by, unless it is told not to.
        Outside transactions only.
        """
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in tables:
                    name = connection.ops.quote_name(table)
                    cursor.execute(f"VACUUM (INDEX_CLEANUP ON) {name}")
                return
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE %s",
                ["CREATE VIRTUAL TABLE%USING fts%"],
            )
            for (name,) in cursor.fetchall():
                quoted = connection.ops.quote_name(name)
                cursor.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('optimize')")  # noqa: S608
        self.empty_log()

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
        self.empty_log()

    def empty_log(self, moments: int = MOMENTS) -> None:
        """Empty SQLite's log, in which copies stand of what was deleted.

        Raises BusyLog where somebody goes on reading what stands in it.

        While a checkpoint waits for a reader nobody can write (SQLite, `wal_checkpoint_v2`): so it
        waits a moment at a time, and others write between.
        """
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            patience = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {MOMENT_MS}")
            try:
                for _ in range(moments):
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    if not cursor.fetchone()[0]:
                        return
                    time.sleep(MOMENT_MS / 1000)
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {patience}")
        raise BusyLog

    def look(self, person: Person) -> Iterator[Found]:
        """Every table, then the bytes of the file for each value that no table holds any more."""
        standing: set[str] = set()
        for found, values in _in_tables(person):
            standing |= values
            yield from found
        gone = person.unique - standing
        needles = forms.needles(gone)
        for value in gone:
            needles |= forms.as_stored(value)
        for path in database_files():
            if times := searching.in_bytes(path, needles):
                yield Found(path.name, times)


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
        made = {(data / "secret-key").resolve(), (data / "policy").resolve()}
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
        needles = forms.needles(person.unique)
        words = forms.needles(value for value in person.shared if len(value) >= _WORD)
        for path in self._paths():
            if path.name.endswith(("-shm", "-journal", "-wal")):
                continue
            named = sum(needle in path.name.lower().encode() for needle in needles)
            if times := named + searching.in_bytes(path, needles):
                yield Found(path.name if not named else path.suffix or "a file", times)
            elif times := searching.in_bytes(path, words):
                yield Found(path.name, times, "elsewhere")


def join() -> None:
    """Register both."""
    for holding in (Database(), Folder()):
        register(holding)
