"""The keys that sign heads: where the private ones are kept, and how one follows another."""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from plainview.platform.storage.whole import put_once, put_whole
from plainview.privacy.log.notes import Signer

FILE = "log-key"
LENGTH = 32


def signers(origin: str) -> list[Signer]:
    """The private keys under the name of a log, the one that signs first.

    From the settings, or else from a file in the data folder, which is made if it is missing.
    """
    return [Signer(origin, _derived(word)) for word in settings.LOG_KEYS or _kept()]


def seeds(use: bytes) -> list[bytes]:
    """Further private keys of 32 bytes for another use, from the same words, the newest first."""
    return [_derived(word, use) for word in settings.LOG_KEYS or _kept()]


def make() -> None:
    """Put a new key before those of the data folder; the next head is signed by it."""
    words = [secrets.token_urlsafe(LENGTH * 2), *_kept()]
    put_whole(_path(), "".join(f"{word}\n" for word in words).encode())


def _path() -> Path:
    return Path(settings.DATA) / FILE


def _kept() -> list[str]:
    """The words in the file, made once and atomically, for its owner only."""
    path = _path()
    if not path.exists():
        put_once(path, f"{secrets.token_urlsafe(LENGTH * 2)}\n".encode())
    return path.read_text().split()


def _derived(word: str, use: bytes = b"plainview tree heads") -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=use)
    return derived.derive(word.encode())
