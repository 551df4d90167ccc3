"""How parcels and recalls travel: a signed webhook, an ad platform's audience, a bucket.

Each tells a recipient the same thing in its own manner. `send` returns when the recipient has
taken it; `recall` says whether it confirmed at once. Whatever fails is a Trouble.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from plainview.platform import outbound
from plainview.privacy.disclosures import signing
from plainview.privacy.disclosures.connections import Connection

RECALL_PATH = "/recalls"
_TAKEN = frozenset({200, 201, 202, 204})
LATER = frozenset({408, 425, 429})
"""What is answered by who wants to be tried again, though it begins with a 4."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What of one person goes to a recipient: categories to rows of named values."""

    key: str
    reference: str
    purpose: str
    data: Mapping[str, Sequence[Mapping[str, Any]]]

    def values(self, category: str) -> list[str]:
        """The texts of a category, each once."""
        texts = (v for row in self.data.get(category, ()) for v in row.values())
        return list(dict.fromkeys(each for each in texts if isinstance(each, str)))


@dataclass(frozen=True, slots=True)
class Call:
    """What a recipient is to do with what it got: stop, correct or erase, for these names."""

    key: str
    act: str
    purposes: Sequence[str]
    references: Sequence[str]
    parcels: Sequence[Parcel] = ()
    """What is right now, to be put in the place of what was sent (correct)."""


class Transport(Protocol):
    """One manner of reaching recipients; whether many people go `at_once`, in one exchange."""

    at_once: bool

    def send(self, connection: Connection, key: str, parcels: Sequence[Parcel]) -> None:
        """Hand the parcels over, all or none; `key` is the same each time it is tried."""
        ...

    def recall(self, connection: Connection, call: Call) -> bool:
        """Tell them; whether they confirmed at once. They may do so later."""
        ...


def _exchange(
    connection: Connection, method: str, url: str, body: bytes, headers: Mapping[str, str]
) -> outbound.Answer:
    answer = outbound.exchange(
        method,
        url,
        body=body,
        headers=headers,
        private=connection.private,
        authorities=connection.authorities,
    )
    if answer.status in _TAKEN:
        return answer
    if 300 <= answer.status < 400:
        raise outbound.Refused("it points elsewhere, and no redirect is followed", code="redirect")
    lasting = 400 <= answer.status < 500 and answer.status not in LATER
    raise outbound.Refused("it was not taken", code=f"http-{answer.status}", lasting=lasting)


def _post(connection: Connection, url: str, key: str, document: Any) -> outbound.Answer:
    body = msgspec.json.encode(document)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        **signing.headers(connection.key, key, body, time.time()),
    }
    return _exchange(connection, "POST", url, body, headers)


class Webhook:
    """JSON to the recipient's address, signed as Standard Webhooks has it; recalls beside it.

    A 200 or 204 to a recall confirms it; a 202 promises to, by a call of ours.
    """

    at_once = True

    def send(self, connection: Connection, key: str, parcels: Sequence[Parcel]) -> None:
        people = [{"reference": each.reference, "data": each.data} for each in parcels]
        document = {"type": "disclosure", "purpose": parcels[0].purpose, "people": people}
        _post(connection, connection.url, key, document)

    def recall(self, connection: Connection, call: Call) -> bool:
        document = {
            "type": "recall",
            "act": call.act,
            "purposes": call.purposes,
            "references": call.references,
            "people": [{"reference": p.reference, "data": p.data} for p in call.parcels],
        }
        url = connection.url.rstrip("/") + RECALL_PATH
        return _post(connection, url, call.key, document).status != 202


class Audience:
    """Members of an audience on an ad platform, known by hashed addresses and our own reference."""

    at_once = True

    def send(self, connection: Connection, key: str, parcels: Sequence[Parcel]) -> None:
        members = [self._member(each) for each in parcels]
        _post(connection, self._url(connection, "add"), key, {"members": members})

    def recall(self, connection: Connection, call: Call) -> bool:
        if call.parcels:  # corrected: the new hashes take the place of the old
            members = [self._member(each) for each in call.parcels]
            url, document = self._url(connection, "replace"), {"members": members}
        else:
            members = [{"external_id": each} for each in call.references]
            url, document = self._url(connection, "remove"), {"members": members}
        return _post(connection, url, call.key, document).status != 202

    def _url(self, connection: Connection, act: str) -> str:
        return f"{connection.url.rstrip('/')}/members/{act}"

    def _member(self, parcel: Parcel) -> dict[str, Any]:
        found: dict[str, Any] = {"external_id": parcel.reference}
        addresses = [each for each in parcel.values("contact.email") if "@" in each]
        found["email_sha256"] = sorted({_hashed(each) for each in addresses})
        if ids := parcel.values("device.advertising-id"):
            found["device_sha256"] = sorted({_hashed(each) for each in ids})
        return found


def _hashed(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()


class Bucket:
    """One object a person and purpose, in a bucket that speaks S3; calling back deletes it."""

    at_once = False

    def send(self, connection: Connection, key: str, parcels: Sequence[Parcel]) -> None:
        for each in parcels:
            self._put(connection, each)

    def recall(self, connection: Connection, call: Call) -> bool:
        if call.parcels:
            for each in call.parcels:
                self._put(connection, each)
            return True
        for purpose in call.purposes:
            for reference in call.references:
                self._ask(connection, "DELETE", f"{purpose}/{reference}.json", b"")
        return True

    def _put(self, connection: Connection, parcel: Parcel) -> None:
        body = msgspec.json.encode({"reference": parcel.reference, "data": parcel.data})
        self._ask(connection, "PUT", f"{parcel.purpose}/{parcel.reference}.json", body)

    def _ask(self, connection: Connection, method: str, name: str, body: bytes) -> None:
        url = f"{connection.url.rstrip('/')}/{name}"
        headers = signing.aws(
            method,
            urlsplit(url),
            body,
            access=connection.access,
            secret=connection.key,
            region=connection.region,
            now=time.time(),
        )
        _exchange(connection, method, url, body, headers)


TRANSPORTS: Mapping[str, Transport] = {
    "webhook": Webhook(),
    "audience": Audience(),
    "bucket": Bucket(),
}

__all__ = ["TRANSPORTS", "Audience", "Bucket", "Call", "Parcel", "Transport", "Webhook"]
