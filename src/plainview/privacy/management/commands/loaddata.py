"""Django's own `loaddata`, under the duty `migrate`."""

from django.core.management.commands import loaddata

from plainview.privacy.management.migrating import Migrating


class Command(Migrating, loaddata.Command):
    """As Django's."""
