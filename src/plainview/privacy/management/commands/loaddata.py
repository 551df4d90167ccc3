"""Django's own `loaddata`, under the duty `migrate`."""

from django.core.management.commands import loaddata

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, loaddata.Command):
    """Runs as ever."""
