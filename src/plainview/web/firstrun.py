"""The token that opens the first-run page: printed at the start, valid until there is staff."""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings

from plainview.domains.accounts import queries
from plainview.platform.storage.whole import put_once

_FILE = "setup-token"


def token() -> str:
    """The token of this installation, made at the first asking; empty once there is staff."""
    path = settings.DATA / _FILE
    if queries.staff_exists():
        path.unlink(missing_ok=True)
        return ""
    if not path.exists():
        put_once(path, secrets.token_urlsafe(24).encode())
    return path.read_text().strip()


def token_valid(offered: str) -> bool:
    """Whether `offered` opens the first-run page; never true once there is staff."""
    expected = token()
    return bool(expected) and hmac.compare_digest(expected.encode(), offered.encode())
