"""Django's own `showmigrations`, under the duty `migrate`."""

from django.core.management.commands import showmigrations

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, showmigrations.Command):
    """Runs as ever."""
