"""Commands of Django's that reach for whole tables: under a duty for as long as they run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from plainview.privacy.gate.duties import duty


class UnderDuty(BaseCommand):
    """Runs as ever, with the duty `opens` open for its length."""

    opens = "migrate"

    def execute(self, *args: Any, **options: Any) -> Any:
        """Django's own, which checks, runs and prints. Raises CommandError."""
        with duty(self.opens):
            return super().execute(*args, **options)
