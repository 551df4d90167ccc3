"""Shutting a process: from then on nothing leaves it but through the door."""

from __future__ import annotations

from django.conf import settings

from plainview.platform import outbound


def shut() -> None:
    """Refuse every other connection of this process, for good. Web and worker processes do so.

    The database is reached all the same; on PostgreSQL its driver opens its own sockets besides.
    """
    database = settings.DATABASES["default"]
    host, port = str(database.get("HOST") or ""), str(database.get("PORT") or "")
    known = {(host, int(port or 5432))} if host and not host.startswith("/") else set()
    outbound.close(known)
