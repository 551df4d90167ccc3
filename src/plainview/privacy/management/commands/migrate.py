"""Django's own `migrate`, under the duty `migrate`."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from plainview.privacy import schema
from plainview.privacy.gate.duties import duty


class Command(migrate.Command):
    """Runs as ever, with the duty open; refuses a database that it can't bring up to date."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with duty("migrate"):
            if behind := schema.left_behind(MigrationLoader(connections[options["database"]])):
                app, name = behind[0]
                raise CommandError(
                    f"This database lacks {app}.{name}, which this version has no more: start the"
                    f" last version that has it, the one before `git log -1 -- '*/{name}.py'`."
                )
            return super().execute(*args, **options)
