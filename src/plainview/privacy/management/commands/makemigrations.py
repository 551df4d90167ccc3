"""Django's own `makemigrations`, under the duty `migrate`."""

from django.core.management.commands import makemigrations

from plainview.privacy.management.migrating import Migrating


class Command(Migrating, makemigrations.Command):
    """As Django's."""
