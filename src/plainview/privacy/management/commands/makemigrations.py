"""Django's own `makemigrations`, under the duty `migrate`."""

from django.core.management.commands import makemigrations

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, makemigrations.Command):
    """Runs as ever."""
