"""Single columns that nobody reads without a key: second-factor secrets, tokens, sessions.

Authenticated encryption (Fernet: AES-128-CBC with HMAC-SHA256) under the keys of the settings. The
first key encrypts, each decrypts; `renewed` carries what an old key wrote over to the first.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """None of the keys opens it, or it was changed. The text names neither key nor content."""


class Cipher:
    """Encrypts and decrypts text under `keys`: long random strings, the newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys])

    def encrypted(self, text: str) -> str:
        """`text` as ASCII that tells nothing but its length and when it was written."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypted(self, text: str) -> str:
        """What `encrypted` was given. Raises Unreadable."""
        try:
            return self._fernet.decrypt(text.encode()).decode()
        except InvalidToken:
            raise Unreadable("none of the encryption keys opens this") from None

    def sealed(self, data: bytes) -> bytes:
        """`data` as bytes that tell nothing but their length and when they were written."""
        return self._fernet.encrypt(data)

    def opened(self, data: bytes) -> bytes:
        """What `sealed` was given. Raises Unreadable."""
        try:
            return self._fernet.decrypt(data)
        except InvalidToken:
            raise Unreadable("none of the encryption keys opens this") from None

    def renewed(self, text: str) -> str:
        """The same under the first key, keeping the time of its writing. Raises Unreadable."""
        try:
            return self._fernet.rotate(text.encode()).decode()
        except InvalidToken:
            raise Unreadable("none of the encryption keys opens this") from None


def _derived(key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"plainview columns")
    return base64.urlsafe_b64encode(kdf.derive(key.encode()))


class Sealed(models.BinaryField):  # type: ignore[type-arg]
    """A column of bytes that lie sealed; what is written anew is under the first key.

    Reading raises Unreadable where none of the keys opens them.
    """

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        """What was written."""
        return None if value is None else cipher().opened(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """`value` as it lies there."""
        sealed = None if value is None else cipher().sealed(bytes(value))
        return super().get_db_prep_value(sealed, connection, prepared)


def cipher(keys: Sequence[str] = ()) -> Cipher:
    """The cipher under `keys`, the newest first, or under those of the settings; made once."""
    return _cipher(tuple(keys or settings.ENCRYPTION_KEYS))


@functools.lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> Cipher:
    return Cipher(keys)
