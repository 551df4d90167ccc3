"""Looking for a person everywhere after they have gone: each table, and each file of the service.

The scan trusts no mark: it reads every table that the database has and every file in the data
folder. Not looked into are the films themselves, files that set-up made, and sealed copies.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from plainview.privacy.backups import shelf
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import forms, searching, tables
from plainview.privacy.rights.copies.models import FOLDER
from plainview.privacy.rights.holdings import Found, Kind, Quiet, file_fields
from plainview.privacy.rights.person import Person

FILMS = ("packages", "incoming", "staging")
_WORD = 8
"""A shared value shorter than this is no evidence in a running text."""

MOMENT_MS, MOMENTS = 100, 100
"""So long the log waits for who reads in it, keeping writers waiting too, and so many times."""


Trace = tuple[int, str]
"""Somebody's number and a value of theirs: what a form gives away."""


class Traces:
    """What gives some people away: each form, and whom and which value it is of."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.parts: dict[bytes, list[Trace]] = {}
        self.hashed: dict[bytes, list[Trace]] = {}
        self.wholes: dict[bytes, list[Trace]] = {}
        self.standing: set[Trace] = set()
        """The values that stand in a table; known once all have been read."""
        for one in people:
            _add(self.parts, one, forms.needles(one.unique))
            _add(self.hashed, one, forms.hashes(one.subject, one.unique))
            for value in one.shared:
                _add(self.wholes, one, dict.fromkeys(forms.plain(value), value))

    def in_tables(self) -> Iterator[tuple[int, Found]]:
        """Each column of each table in which a value of somebody's stands, with their number.

        Reads the whole database, once for all. Raises what the database raises.
        """
        pointing = searching.Sought.of((*self.parts, *self.hashed))
        everywhere = searching.Sought.of((*self.parts, *self.hashed), self.wholes)
        described = searching.described()
        for name in sorted(searching.filled(described)):
            columns = described[name]
            table = registry().tables.get(name)
            of_people = table is not None and table.personal and bool(table.subjects)
            aside = table is not None and bool(table.unlinked)
            times: Counter[tuple[int, str, Kind]] = Counter()
            met = searching.in_table(name, columns, pointing if of_people else everywhere)
            for cell, rows in met.items():
                for whom, kind in self._told_by(cell, aside=aside):
                    times[whom, cell.column, kind] += rows
            for (whom, column, kind), rows in times.items():
                claimed = kind == "left" and _claimed(table, column, whom)
                yield whom, Found(f"{name}.{column}", rows, "claimed" if claimed else kind)

    def _told_by(self, cell: searching.Cell, *, aside: bool) -> Iterator[tuple[int, Kind]]:
        """Of whom a value tells, and how; hashes are apart in rows that lead to nobody."""
        plain = _of(self.parts, cell.parts)
        hashed = _of(self.hashed, cell.parts)
        left = plain if aside else plain | hashed
        self.standing |= left
        here = {whom for whom, _value in left}
        yield from ((whom, "left") for whom in here)
        for whom in {whom for whom, _value in _of(self.wholes, [cell.whole])} - here:
            yield whom, "elsewhere"
        if aside:
            yield from ((whom, "hashed") for whom in {whom for whom, _value in hashed})


def _claimed(table: Table | None, column: str, whom: int) -> bool:
    """Whether a value stands there in what others claim alone, since no row of its person has any.

    Anybody may write to us in anybody's name: that must not hold up whoever has it.
    """
    if table is None or not table.claims:
        return False
    field = tables.fields(table).get(column)
    parts = [each for each in tables.parts(table) if field in (*each.fields, *each.secrets)]
    own = (each.rows(whom).values_list(field.attname, flat=True) for each in parts if field)
    return bool(parts) and not any(value for values in own for value in values)


def _claimed_file(path: Path, whom: int) -> bool:
    """Whether a file is of a row that others claim, such as their letter as it came."""
    for table in tables.tables():
        for field in file_fields(table) if table.claims else ():
            rows = tables.manager(table).filter(**{f"{field.attname}__endswith": path.name})
            names = rows.exclude(pk__in=tables.about(table, whom).values("pk"))
            if any(
                Path(field.storage.path(name)).resolve() == path
                for name in names.values_list(field.attname, flat=True)
            ):
                return True
    return False


def _add(found: dict[bytes, list[Trace]], one: Person, forms_: Mapping[bytes, str]) -> None:
    for form, value in forms_.items():
        found.setdefault(form, []).append((one.subject, value))


def _of(known: Mapping[bytes, list[Trace]], forms_: Iterable[bytes]) -> set[Trace]:
    return {trace for form in forms_ for trace in known.get(form, ())}


def _count(known: Mapping[bytes, list[Trace]], met: Iterable[bytes]) -> Counter[int]:
    """How many values of each person these forms are of."""
    return Counter(whom for whom, _value in _of(known, met))


def in_tables(person: Person) -> Iterator[Found]:
    """Each column of each table in which a value of theirs stands. Reads the whole database."""
    return (found for _whom, found in Traces([person]).in_tables())


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
                if tables:  # all in one, since each command ends in a look at every table
                    names = ", ".join(map(connection.ops.quote_name, tables))
                    cursor.execute(f"VACUUM (INDEX_CLEANUP ON) {names}")
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

    def look_for(self, people: Sequence[Person]) -> Iterator[tuple[int, Found]]:
        """Every table, then the bytes of the file for each value that no table holds any more."""
        traces = Traces(people)
        yield from traces.in_tables()
        gone: dict[bytes, list[Trace]] = {}
        for one in people:
            for value in one.unique:
                if (one.subject, value) not in traces.standing:
                    _add(gone, one, forms.needles([value]) | forms.as_stored(value))
        sieve = searching.sieve(gone)
        for path in database_files():
            for whom, values in _count(gone, searching.in_bytes(path, sieve)).items():
                yield whom, Found(path.name, values)


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

    def look_for(self, people: Sequence[Person]) -> Iterator[tuple[int, Found]]:
        """Names and bytes of the files."""
        pointing: dict[bytes, list[Trace]] = {}
        words: dict[bytes, list[Trace]] = {}
        for one in people:
            _add(pointing, one, forms.needles(one.unique))
            _add(words, one, forms.needles(each for each in one.shared if len(each) >= _WORD))
        both, by_name = searching.sieve((*pointing, *words)), searching.sieve(pointing)
        for path in self._paths():
            if path.name.endswith(("-shm", "-journal", "-wal")):
                continue
            named = _count(pointing, by_name.within(path.name.lower().encode()))
            inside = searching.in_bytes(path, both)
            theirs = _count(pointing, inside) + named
            for whom, times in theirs.items():
                where = (path.suffix or "a file") if named[whom] else path.name
                claimed = not named[whom] and _claimed_file(path, whom)
                yield whom, Found(where, times, "claimed" if claimed else "left")
            for whom, times in _count(words, inside).items():
                if not theirs[whom]:
                    yield whom, Found(path.name, times, "elsewhere")
