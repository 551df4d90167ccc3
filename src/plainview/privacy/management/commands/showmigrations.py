"""Django's own `showmigrations`, under the duty `migrate`."""

from django.core.management.commands import showmigrations

from plainview.privacy.management.migrating import Migrating


class Command(Migrating, showmigrations.Command):
    """As Django's."""
