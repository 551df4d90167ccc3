"""Writing to the log: what is committed to, in the transaction of what it says."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import connection

from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log import merkle
from plainview.privacy.log.canonical import canonical
from plainview.privacy.log.models import Entry, Leaf

_DOOR = Door("plainview.privacy.log", "privacy-choices", source="form")
SALT = 32


class OutsideTransaction(RuntimeError):
    """An entry belongs into the transaction of what it says, or one could be there alone."""


def leaf_of(salt: bytes, body: bytes) -> bytes:
    """The hash of the leaf that commits to a body: SHA-256(00 ‖ SHA-256(salt ‖ body))."""
    return merkle.leaf_hash(hashlib.sha256(salt + body).digest())


def append(kind: str, body: Mapping[str, Any], *, subject: int) -> Entry:
    """Commit to `body`, said by or about `subject`, in the caller's transaction; cheap.

    `kind` names the ledger that it is an entry of and is not part of what is committed to. The
    entry gets its place in the tree after the transaction (`sequence`); a proof of it can be had
    as soon as the transaction is over. Raises NotCanonical, and OutsideTransaction.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction("append to the log inside the transaction of the choice")
    text = canonical(body)
    salt = secrets.token_bytes(SALT)
    with Opened(_DOOR, lambda: subject):
        leaf = Leaf.objects.create(hash=leaf_of(salt, text))
        return Entry.objects.create(
            leaf=leaf, subject=subject, kind=kind, body=text.decode(), salt=salt
        )
