"""Carrying a service over: all that its SQLite file holds, into an empty database of PostgreSQL.

Everything goes or nothing does. Nobody else may have the file open meanwhile; it is left as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from plainview.platform.encryption import Unreadable
from plainview.privacy import schema
from plainview.privacy.backups import barrier, restoring
from plainview.privacy.gate import sqlite3
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.postgresql import filling
from plainview.privacy.gate.sqlite3 import copying as sqlite
from plainview.privacy.log import accounting

_OLD = "carried"
"""The alias of the connection to the file."""
_READ = 2_000
"""Rows that are read at once."""


class Refused(Exception):
    """Nothing was carried; the text says why and what to do, and holds no value of a row."""


def carry(file: Path, told: Callable[[int, int], None] = lambda some, of: None) -> int:
    """Copy every row of the file; returns how many. `told` hears of some more, and of how many.

    Killed at any moment, it is begun anew by the next call, and until then the database is not up
    to date. Raises Refused and DatabaseError.
    """
    if connection.vendor != "postgresql":
        raise Refused("name PostgreSQL's database first: PLAINVIEW_DATABASE_URL=postgresql://…")
    if barrier.state() is not None:
        raise Refused("a restore is under way: end it first")
    if wrong := sqlite.too_long(file):
        raise Refused(wrong)
    if not file.is_file() or sqlite.bare(file):
        raise Refused(f"there is no database of a service in {file}")
    with duty("migrate"), _opened(file):
        if wrong := schema.unfit(connection):
            raise Refused(wrong)
        if not (restoring.empty() or schema.is_carried()):
            raise Refused("there is something in PostgreSQL's database already: name an empty one")
        schema.begin_carrying()
        call_command("migrate", verbosity=0, interactive=False, carrying=True)
        with schema.patient(connection):
            with transaction.atomic():
                count = _copied(told)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    return count


@contextmanager
def _opened(file: Path) -> Iterator[None]:
    """The file, in a transaction in which nobody else reads or writes it. Needs a duty."""
    connections.databases[_OLD] = {
        **connections.databases["default"],
        "ENGINE": sqlite3.__name__,
        "NAME": str(file),
        "OPTIONS": {
            "transaction_mode": "EXCLUSIVE",
            "init_command": "PRAGMA locking_mode=EXCLUSIVE",
        },
    }
    try:
        with transaction.atomic(using=_OLD):
            if not _of_this_version(connections[_OLD]):
                raise Refused(
                    f"another version made {file}: start this one on it once, with"
                    f" PLAINVIEW_DATABASE_URL=sqlite:{file}, and stop it again"
                )
            yield
    except DatabaseError as error:
        said = _said(getattr(error.__cause__, "sqlite_errorname", ""), file)
        if not said:
            raise
        raise Refused(said) from None
    finally:
        connections[_OLD].close()
        del connections[_OLD], connections.databases[_OLD]


def _said(name: str, file: Path) -> str:
    """What SQLite's name of an error says of the file; "" for none of SQLite's."""
    match name.split("_")[1:]:
        case ["BUSY", *_]:
            return f"somebody has {file} open: stop the service first, its workers too"
        case ["READONLY" | "CANTOPEN" | "PERM", *_] | ["IOERR", "LOCK"]:
            return (
                f"{file} is opened so that nobody else can, which takes the right to write to it"
                " and its folder: as root, or as the user of the service"
            )
        case [_, *_]:
            return f"SQLite can't read {file} ({name})"
    return ""


def _of_this_version(old: Any) -> bool:
    """Whether the file has the tables and columns of this version, and no others."""
    names = {each for each in old.introspection.table_names() if "_fts" not in each}
    columns = {each._meta.db_table: {f.column for f in _columns(each)} for each in _models()}
    if schema.waiting(_OLD) or names - {MigrationRecorder.Migration._meta.db_table} != {*columns}:
        return False
    with old.cursor() as cursor:
        described = old.introspection.get_table_description
        return all(
            known == {each.name for each in described(cursor, table)}
            for table, known in columns.items()
        )


def _models() -> list[Any]:
    """Every table of ours, those between two others too."""
    every = apps.get_models(include_auto_created=True)
    return [each for each in every if each._meta.managed and not each._meta.proxy]


def _columns(model: Any) -> list[Any]:
    return list(model._meta.local_concrete_fields)


def _copied(told: Callable[[int, int], None]) -> int:
    """Put every row where PostgreSQL has the table; keys to others are looked at by the end."""
    models = [*_models(), MigrationRecorder.Migration]
    of = {each: each._base_manager.using(_OLD).count() for each in models}
    rows, total = 0, sum(of.values())

    def more(some: int) -> None:
        told(some, total)

    with connection.cursor() as cursor:
        for model in models:  # what the migrations themselves have put there
            if model._base_manager.exists():
                model._base_manager.all().delete()
        for model in models:
            rows += _filled(cursor, model, more)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    for model, count in of.items():
        if model._base_manager.count() != count:
            raise Refused(f"not every row of {model._meta.db_table} arrived")
    accounting.carried(__name__)
    return rows


def _filled(cursor: Any, model: Any, more: Callable[[int], None]) -> int:
    """Copy the rows of one table; returns how many. Raises Refused and OperationalError."""
    table, columns, keys = model._meta.db_table, _columns(model), list[Any]()

    def prepared(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[Any]]:
        for key, *values in rows:
            keys.append(key)
            if not len(keys) % _READ:
                more(_READ)
            yield [
                _as_there(field, key, value) for field, value in zip(columns, values, strict=True)
            ]
        more(len(keys) % _READ)

    old = model._base_manager.using(_OLD).order_by("pk")
    try:
        with closing(_rows(old, columns)) as rows:
            return filling.fill(cursor, table, [each.column for each in columns], prepared(rows))
    except filling.NotTaken as refused:
        key = keys[refused.row] if refused.row is not None else None
        row = f", row {key}" if isinstance(key, int) else ""
        column = f", column {refused.column}" if refused.column else ""
        said = f"PostgreSQL does not take {table}{row}{column} ({refused.kind})"
        raise Refused(said) from None
    except _Unread as unread:
        raise Refused(f"{table}: {unread}") from None


class _Unread(Exception):
    """A row can't be read; the text holds no value of it."""


_OF_ANOTHER_KIND = (TypeError, ValueError, ArithmeticError, AttributeError)
"""What fields raise of a value that is none of theirs; most of the texts repeat it."""


def _as_there(field: Any, key: Any, value: Any) -> Any:
    """A value as PostgreSQL's driver takes it. Raises _Unread."""
    try:
        return field.get_db_prep_save(value, connection)
    except _OF_ANOTHER_KIND as error:
        row = f"row {key}, " if isinstance(key, int) else ""
        said = f"{row}column {field.column} has what is of another kind ({type(error).__name__})"
    raise _Unread(said)


def _rows(old: Any, columns: list[Any]) -> Generator[Any]:
    """The rows of a table, as Python has them. Raises _Unread."""
    rows = old.values_list("pk", *(each.attname for each in columns)).iterator(chunk_size=_READ)
    try:
        with closing(rows):
            yield from rows
        return
    except Unreadable:
        said = f"no key in {settings.DATA} opens what is sealed in it"
    except (DatabaseError, *_OF_ANOTHER_KIND) as error:
        if getattr(error.__cause__, "sqlite_errorname", ""):
            raise
        said = f"it has a row that can't be read ({type(error).__name__})"
    raise _Unread(said)  # out here, where nothing of the error keeps the statement open
