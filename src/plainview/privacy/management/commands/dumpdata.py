"""Django's own `dumpdata`, under the duty `backup`."""

from typing import Any

from django.core.management.commands import dumpdata

from plainview.privacy.gate.duties import duty


class Command(dumpdata.Command):
    """Runs as ever, with the duty open for its length."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with duty("backup"):
            return super().execute(*args, **options)
