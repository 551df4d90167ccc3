"""Writing to the log: what is committed to, in the transaction of what it says."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log import merkle
from plainview.privacy.log.canonical import canonical
from plainview.privacy.log.models import Act, Deed, Entry, Leaf

_DOOR = Door("plainview.privacy.log", "privacy-choices", source="form")
_ACCOUNTABLE = Door(
    "plainview.privacy.log.act",
    "account",
    source="staff",
    everyone="what is done about people is recorded whoever they are",
)
SALT = 32


class OutsideTransaction(RuntimeError):
    """An entry belongs into the transaction of what it says, or one could be there alone."""


def leaf_of(salt: bytes, body: bytes) -> bytes:
    """The hash of the leaf that commits to a body: SHA-256(00 ‖ SHA-256(salt ‖ body))."""
    return merkle.leaf_hash(hashlib.sha256(salt + body).digest())


def named(salt: bytes, number: int) -> str:
    """How a record names somebody: SHA-256 of a salt and their number in decimal."""
    return f"urn:sha256:{hashlib.sha256(salt + str(number).encode()).hexdigest()}"


def act(
    what: str,
    *,
    staff: int | None = None,
    person: int | None = None,
    untold: dt.date | None = None,
    **said: str,
) -> Act:
    """Commit to something done by the staff, about a person or nobody in particular.

    Both are named by salted hashes; `said` must name nobody. The person reads of it from the day
    `untold` on, where a law forbids it before. Joins the transaction that is under
    way, or is one of its own.
    """
    people, salts = {"staff": staff, "person": person}, {}
    for role, number in people.items():
        if number is not None:
            salts[f"{role}_salt"] = secrets.token_bytes(SALT)
            said[f"pv:{role}"] = named(salts[f"{role}_salt"], number)
    with Opened(_ACCOUNTABLE), transaction.atomic():
        return Act.objects.create(
            **_committed("pv:Act", what, said), **people, **salts, untold_until=untold
        )


def untell(staff: int, person: int, until: dt.date, *, since: dt.datetime) -> None:
    """Keep from a person what a member of the staff did about them since, as a law demands."""
    with Opened(_ACCOUNTABLE):
        Act.objects.filter(staff=staff, person=person, untold_until=None, at__gte=since).update(
            untold_until=until
        )


def tell_on(person: int, before: dt.date, day: dt.date | None) -> None:
    """Let what was done about a person, and was to be told on a day, be told on another; None: now.

    What bears one day is told apart by nothing else: of two cases with one day it is all of both.
    """
    with Opened(_ACCOUNTABLE):
        Act.objects.filter(person=person, untold_until=before).update(untold_until=day)


def deed(what: str, **said: str) -> Deed:
    """Commit to something that the service did; as `act`, with nobody in it."""
    with Opened(_ACCOUNTABLE), transaction.atomic():
        return Deed.objects.create(**_committed("pv:Deed", what, said))


def _committed(kind: str, what: str, said: Mapping[str, str]) -> dict[str, Any]:
    at, salt = timezone.now(), secrets.token_bytes(SALT)
    moment = f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = canonical({"@type": kind, "pv:what": what, "pv:at": moment, **said})
    leaf = Leaf.objects.create(hash=leaf_of(salt, text))
    return {"leaf": leaf, "at": at, "what": what, "body": text.decode(), "salt": salt}


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
