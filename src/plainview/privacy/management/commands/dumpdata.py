"""Django's own `dumpdata`, under the duty `backup`."""

from django.core.management.commands import dumpdata

from plainview.privacy.management.under_duty import UnderDuty


class Command(UnderDuty, dumpdata.Command):
    """Runs as ever."""

    opens = "backup"
