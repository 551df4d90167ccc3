"""Django's own `flush`, under the duty `migrate`."""

from django.core.management.commands import flush

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, flush.Command):
    """Runs as ever."""
