"""Django's own `loaddata`, under the duty `migrate`."""

from typing import Any

from django.core.management.commands import loaddata

from plainview.privacy.gate.duties import duty


class Command(loaddata.Command):
    """Runs as ever, with the duty open for its length."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with duty("migrate"):
            return super().execute(*args, **options)
