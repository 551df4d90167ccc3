"""Whether the database is up to date, and tells its own log about nobody.

Asked by the start, the doctor and the door `/readyz`. Reading which migrations were applied, which
tables there are and how the server is set is the duty `migrate`.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from plainview.privacy.gate.duties import duty


def waiting(using: str = "default") -> int:
    """How many migrations wait to be applied. Raises DatabaseError if the database is away."""
    with duty("migrate"):
        executor = MigrationExecutor(connections[using])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        begun = {_BEGUN, _CARRYING} & executor.loader.applied_migrations.keys()
        return len(plan) + len(left_behind(executor.loader)) + len(begun)


def only_read() -> bool:
    """Whether the server lets nobody write, as a standby does; PostgreSQL says so by itself.

    What it said last: asked after another statement. A file's rights are its folder's.
    """
    if connection.vendor != "postgresql":
        return False
    connection.ensure_connection()
    told = connection.connection.info.parameter_status
    return "on" in (told("in_hot_standby"), told("default_transaction_read_only"))


_BEGUN = ("plainview", "begun")
"""Stands among the migrations that were applied while some are, until all is done that follows."""
_CARRYING = ("plainview", "carrying")
"""Stands there until everything is in this database that another one held (`carrying`)."""


def begin(connection: BaseDatabaseWrapper) -> None:
    """Note that migrations are being applied, in a database that may be bare."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    end(connection)
    recorder.record_applied(*_BEGUN)


def end(connection: BaseDatabaseWrapper) -> None:
    """Note that all is done."""
    MigrationRecorder(connection).record_unapplied(*_BEGUN)


def begin_carrying() -> None:
    """Note that what another database holds is on its way into this one, which may be bare."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    if not is_carried():
        recorder.record_applied(*_CARRYING)


def is_carried() -> bool:
    """Whether it is. Needs a duty."""
    return _CARRYING in MigrationRecorder(connection).applied_migrations()


def began() -> dt.datetime:
    """When this database was made: what lies in the data folder from before came with another.

    A database that was put back, or copied, began when its original did.
    """
    with duty("migrate"):
        applied = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))
    first: dt.datetime | None = applied["first"]
    return first or timezone.now()


def left_behind(loader: MigrationLoader) -> list[tuple[str, str]]:
    """The migrations that the database lacks of those that were put into one, if it has others.

    Django passes over what was put together then, and would call the database up to date; not so
    while the files of the parts are still there.
    """
    together = [each.replaces for each in loader.disk_migrations.values()]
    there = loader.applied_migrations.keys() | loader.disk_migrations.keys()
    lacked = [[each for each in parts if each not in there] for parts in together]
    return sorted(
        each
        for parts, lacks in zip(together, lacked, strict=True)
        if len(lacks) < len(parts)
        for each in lacks
    )


SILENT = {
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
}
"""How PostgreSQL's log repeats no value: by default it has each statement that failed, whole."""


def telling() -> list[str]:
    """The settings by which the database's server would write values into its log."""
    if connection.vendor != "postgresql":
        return []
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [[*SILENT]])
        return sorted(name for name, value in cursor.fetchall() if value not in SILENT[name])
