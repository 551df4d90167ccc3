"""Django's own `migrate`, under the duty `migrate`, whole at whatever moment it is killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from plainview.privacy import schema
from plainview.privacy.gate.duties import duty


class Executor(MigrationExecutor):
    """Does a migration and notes that it is done in one transaction.

    Django notes it in another where statements wait for the migration's end, and a migration that
    stands for several in one for each. Killed in between, a database had tables that the next
    start made again in vain, or half of the notes, by which it was too old for this version.
    """

    def apply_migration(
        self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        """As Django's."""
        if not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        with _whole(self.connection):
            return super().apply_migration(state, migration, fake, fake_initial)


# Django has no place to name another
migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]


@contextmanager
def _whole(connection: Any) -> Iterator[None]:
    """A transaction in which SQLite makes tables anew: keys to others are looked at by its end."""
    off = connection.disable_constraint_checking()
    try:
        with transaction.atomic(using=connection.alias):
            yield
    finally:
        if off:
            connection.enable_constraint_checking()


class Command(migrate.Command):
    """Runs as ever, with the duty open; refuses a database that it can't bring up to date.

    Until all is done that follows the migrations (triggers of ledgers, roles), the database is not
    up to date: whoever was killed before is followed by a start that does it.
    """

    stealth_options = (*migrate.Command.stealth_options, "carrying")

    def execute(self, *args: Any, **options: Any) -> Any:
        with duty("migrate"):
            connection = connections[options["database"]]
            if schema.is_carried() and not options.get("carrying"):
                raise CommandError(f"{schema.HALFWAY}: {schema.TAKE_AGAIN}")
            if behind := schema.left_behind(MigrationLoader(connection)):
                app, name = behind[0]
                raise CommandError(
                    f"This database lacks {app}.{name}, which this version has no more: start the"
                    f" last version that has it, the one before `git log -1 -- '*/{name}.py'`."
                )
            if newer := schema.unknown(options["database"]):
                raise CommandError(schema.newer_than_code(newer))
            if options.get("plan") or options.get("check_unapplied"):
                return super().execute(*args, **options)
            if wrong := schema.unfit(connection):
                raise CommandError(wrong)
            with schema.patient(connection):
                # where nothing waits a service may run beside, which a mark would shut
                moves = options.get("app_label") or schema.waiting(options["database"])
                if moves:
                    schema.begin(connection)
                done = super().execute(*args, **options)
                if moves:
                    schema.end(connection)
            return done
