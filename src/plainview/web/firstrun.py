"""The token that opens the first-run page: printed at the start, valid until there is staff."""

from __future__ import annotations

import hmac
import os
import secrets

from django.conf import settings

from plainview.domains.accounts import queries

_FILE = "setup-token"


def token() -> str:
    """The token of this installation, made at the first asking; empty once there is staff."""
    path = settings.DATA / _FILE
    if queries.staff_exists():
        path.unlink(missing_ok=True)
        return ""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text().strip()


def token_valid(offered: str) -> bool:
    """Whether `offered` opens the first-run page; never true once there is staff."""
    expected = token()
    return bool(expected) and hmac.compare_digest(expected.encode(), offered.encode())
