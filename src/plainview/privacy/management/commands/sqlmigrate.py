"""Django's own `sqlmigrate`, under the duty `migrate`."""

from django.core.management.commands import sqlmigrate

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, sqlmigrate.Command):
    """Runs as ever."""
