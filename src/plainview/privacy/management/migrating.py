"""Django's own commands that look at tables or change them, under the duty `migrate`."""

from typing import Any

from django.core.management.base import BaseCommand

from plainview.privacy.gate.duties import duty


class Migrating(BaseCommand):
    """Runs as ever, with the duty open for its length."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with duty("migrate"):
            return super().execute(*args, **options)
