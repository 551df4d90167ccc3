"""Django's own `migrate`, under the duty `migrate`."""

from django.core.management.commands import migrate

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, migrate.Command):
    """Runs as ever."""
