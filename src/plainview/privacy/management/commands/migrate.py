"""Django's own `migrate`, under the duty `migrate`."""

from typing import Any

from django.core.management.commands import migrate

from plainview.privacy.gate.duties import duty


class Command(migrate.Command):
    """Runs as ever, with the duty open for its length."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with duty("migrate"):
            return super().execute(*args, **options)
