"""Sealing whom an erasure is about, so that nothing of them stands in the database meanwhile."""

from __future__ import annotations

import base64
import hashlib

import msgspec
from cryptography.fernet import Fernet, MultiFernet

from plainview.platform.identifiers import secret_keys
from plainview.privacy.rights.person import Person

_SALT = b"plainview.privacy.rights.sealing:"


def _keys() -> MultiFernet:
    """The service's key, then those it had before."""
    digests = (hashlib.sha256(_SALT + secret.encode()).digest() for secret in secret_keys())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(person: Person) -> str:
    """The person as a text that only this service reads."""
    return _keys().encrypt(msgspec.json.encode(person)).decode()


def unseal(sealed: str) -> Person:
    """The person. Raises cryptography.fernet.InvalidToken if the service's key was lost."""
    return msgspec.json.decode(_keys().decrypt(sealed.encode()), type=Person)
