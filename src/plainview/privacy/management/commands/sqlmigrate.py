"""Django's own `sqlmigrate`, under the duty `migrate`."""

from django.core.management.commands import sqlmigrate

from plainview.privacy.management.migrating import Migrating


class Command(Migrating, sqlmigrate.Command):
    """As Django's."""
