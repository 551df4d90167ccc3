"""Renews the databases' own roles after a migration or under a new policy."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

from plainview.privacy.gate import purposes
from plainview.privacy.gate.connecting import GateWrapper
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.postgresql import roles as postgresql


def renew(using: str = "default", app_config: Any = None, **kwargs: Any) -> None:
    """Make the roles of database `using` hold what marks and policy say; once a migration.

    SQLite has none: its authorizer asks the grants themselves.
    """
    last = [each for each in apps.get_app_configs() if each.models_module][-1]
    connection = connections[using]
    gated = isinstance(connection, GateWrapper) and connection.vendor == "postgresql"
    if gated and app_config in (None, last):
        with duty("migrate"):
            postgresql.synchronise(connection)


def widen(old: purposes.Policy) -> None:
    """Let the roles hold what the policy in force or the one before it permits, in its place.

    So requests that have begun by the old one may still end.
    """
    connection = connections["default"]
    if isinstance(connection, GateWrapper) and connection.vendor == "postgresql":
        with duty("migrate"):
            postgresql.widen(connection, old)
