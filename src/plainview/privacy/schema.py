"""Whether the database is up to date, and tells its own log about nobody.

Asked by the start, the doctor and the door `/readyz`. Reading which migrations were applied, which
tables there are and how the server is set is the duty `migrate`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Min
from django.utils import timezone

from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.postgresql.roles import role


def waiting(using: str = "default") -> int:
    """How many migrations wait to be applied. Raises DatabaseError if the database is away."""
    with duty("migrate"):
        executor = MigrationExecutor(connections[using])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        begun = {_BEGUN, _CARRYING} & executor.loader.applied_migrations.keys()
        return len(plan) + len(left_behind(executor.loader)) + len(begun)


def unknown(using: str = "default") -> list[str]:
    """The migrations by which the database is newer than this code; none if it is not.

    What a later version put into one leaves its parts behind, but they were applied before it.
    Raises DatabaseError if the database is away.
    """
    with duty("migrate"):
        loader = MigrationLoader(connections[using])
        if not MigrationRecorder(connections[using]).has_table():
            return []
        rows = MigrationRecorder.Migration.objects.using(using).order_by("id")
        applied = list(rows.values_list("app", "name"))
    ours = set(loader.disk_migrations)
    ours.update(part for each in loader.disk_migrations.values() for part in each.replaces)
    found: dict[str, list[str]] = {}
    for app, name in applied:
        if (app, name) in ours:
            found.pop(app, None)
        elif app in loader.migrated_apps:
            found.setdefault(app, []).append(f"{app}.{name}")
    return sorted(name for names in found.values() for name in names)


NEWER = "the database is of a newer version than this code"


def newer_than_code(migrations: list[str]) -> str:
    """That the database has these, and what to do."""
    return (
        f"The database is of a newer version than this code: it has {migrations[-1]}. Start the"
        " version that brought it there, or restore a backup of this one."
    )


class Watch:
    """Whether the database stays one that this process knows, while others bring it up to date."""

    def __init__(self) -> None:
        self._seen: tuple[object, ...] = ()
        self._why = ""

    def moved(self) -> str:
        """What it is now, `newer` or `waiting`; empty if it is as this code knows it."""
        if (mark := self._mark()) != self._seen:
            self._why = "newer" if unknown() else "waiting" if waiting() else ""
            self._seen = mark
        return self._why

    def _mark(self) -> tuple[object, ...]:
        with duty("migrate"):
            rows = MigrationRecorder.Migration.objects.all()
            return tuple(rows.aggregate(last=Max("id"), many=Count("id")).values())


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
HALFWAY = "another database is being carried over into this one, which has not all of it yet"
TAKE_AGAIN = "give the same `plainview database take` again"


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
    """Whether it is."""
    with duty("migrate"):
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


_ASKED = """
SELECT pg_encoding_to_char(encoding), datname, session_user,
  has_schema_privilege(session_user, 'public', 'CREATE'),
  (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = session_user)
    OR EXISTS (SELECT 1 FROM pg_roles
      WHERE rolname = %s AND pg_has_role(session_user, oid, 'MEMBER WITH ADMIN OPTION')),
  EXISTS (SELECT 1 FROM pg_roles WHERE starts_with(rolname, %s)
    AND current_setting('server_version_num')::int >= 160000
    AND NOT pg_has_role(session_user, oid, 'MEMBER WITH ADMIN OPTION'))
FROM pg_database WHERE datname = current_database()
"""


def unfit(of: BaseDatabaseWrapper) -> str:
    """Why no service can live in a database of PostgreSQL, and what to do; "" if one can.

    An encoding that has not all letters fails at the first that it lacks. From version 16 on who
    may make roles may not therefore take on those that are there. Needs a duty.
    """
    if of.vendor != "postgresql":
        return ""
    with of.cursor() as cursor:
        nobody = role(of.settings_dict["NAME"] or "", "")
        ours = nobody.removesuffix("nobody")
        cursor.execute(_ASKED, [nobody, ours])
        encoding, name, user, makes_tables, makes_roles, others = cursor.fetchone()
    if encoding != "UTF8":
        return (
            f"the database {name} keeps texts in {encoding}, which has not all letters: make it"
            f" with `createdb --owner {user} --encoding UTF8 --template template0 {name}`"
        )
    if not makes_tables:
        return f"{user} may make no tables in the database {name}: it must be its owner"
    if not makes_roles:
        return f"{user} may make no roles: as a superuser run `ALTER ROLE {user} CREATEROLE`"
    if others:
        return (
            f"{user} may not give itself the roles of {name}, which another user or an older server"
            f" made: as a superuser grant all that begin with {ours} to {user} WITH ADMIN OPTION"
        )
    return ""


_PATIENCE = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "transaction_timeout",
)


@contextmanager
def patient(of: BaseDatabaseWrapper) -> Iterator[None]:
    """No limit of the server's on how long it takes, as `pg_dump` has none. Needs a duty.

    One that suits requests would end what is done once, after an hour, and again the next time.
    """
    if of.vendor != "postgresql":
        yield
        return
    settings = "SELECT set_config(name, {}, false) FROM pg_settings WHERE name = ANY (%s)"
    with of.cursor() as cursor:
        cursor.execute(settings.format("'0'"), [[*_PATIENCE]])
    yield
    with of.cursor() as cursor:
        cursor.execute(settings.format("reset_val"), [[*_PATIENCE]])


SILENT = {
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
}
"""How PostgreSQL's log repeats no value: by default it has each statement that failed, whole."""


def silencing(names: list[str]) -> str:
    """The statements by which a superuser lets the database's log repeat nothing."""
    base = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    return " ".join(f"ALTER DATABASE {base} SET {n} = '{SILENT[n][0]}';" for n in names)


def telling() -> list[str]:
    """The settings by which the database's server would write values into its log."""
    if connection.vendor != "postgresql":
        return []
    with duty("migrate"), connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY (%s)", [[*SILENT]])
        return sorted(name for name, value in cursor.fetchall() if value not in SILENT[name])
