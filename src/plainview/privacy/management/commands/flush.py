"""Django's own `flush`, under the duty `migrate`."""

from django.core.management.commands import flush

from plainview.privacy.management.migrating import Migrating


class Command(Migrating, flush.Command):
    """As Django's."""
