"""Addresses that are good until a moment and for one folder, verified here and by nginx alike.

A token is `<until>-<key id>-<signature>`, `until` in seconds since 1970. The signature is an MD5
over `<key>/<until>/<folder>/<key>`, which nginx's `secure_link_md5` can check by itself: the key of
256 bits stands on both sides, so that nothing can be appended, and all between has one form
(docs/decisions/0054-signed-addresses.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

TOKEN: Final = re.compile(r"([0-9]{10})-([0-9a-f]{8})-([A-Za-z0-9_-]{22})")
_FOLDER: Final = re.compile(r"[0-9a-z]{1,40}")


class Key(NamedTuple):
    """A key that signs from `since` on (seconds since 1970), and its name in tokens."""

    id: str
    secret: str
    since: int = 0


def key_of(word: str, since: int = 0) -> Key:
    """The key that follows from a word of an operator's or of chance."""
    secret = hmac.new(word.encode(), b"plainview stream", hashlib.sha256).hexdigest()
    return Key(hashlib.sha256(secret.encode()).hexdigest()[:8], secret, since)


def sign(folder: str, until: int, keys: Sequence[Key], now: float) -> str:
    """The token that opens `folder` until that moment, by the newest key that signs already.

    Raises ValueError for a folder that is no name, or a moment beyond the year 2286.
    """
    if not _FOLDER.fullmatch(folder) or not 1_000_000_000 <= until < 10_000_000_000:
        raise ValueError("nothing to sign")
    signing = [key for key in keys if key.since <= now] or list(keys[-1:])
    key = max(signing, key=lambda each: each.since)
    return f"{until}-{key.id}-{_signature(folder, str(until), key)}"


def opens(token: str, folder: str, keys: Sequence[Key], now: float) -> bool:
    """Whether the token opens the folder now. One that is over opens nothing at its last second."""
    found = TOKEN.fullmatch(token)
    key = next((each for each in keys if found and each.id == found[2]), None)
    if found is None or key is None or not _FOLDER.fullmatch(folder):
        return False
    right = hmac.compare_digest(found[3], _signature(folder, found[1], key))
    return right and now <= int(found[1])


def _signature(folder: str, until: str, key: Key) -> str:
    text = f"{key.secret}/{until}/{folder}/{key.secret}"
    digest = hashlib.md5(text.encode()).digest()  # noqa: S324 - what nginx checks; see above
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
