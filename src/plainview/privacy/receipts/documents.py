"""A receipt as a document: the record, what was shown, and the way from there to a signed head."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from plainview.privacy import log
from plainview.privacy.consent import recording
from plainview.privacy.consent.models import Shown
from plainview.privacy.log.canonical import canonical
from plainview.privacy.log.models import Entry, Head

TYPE = "application/ld+json"
CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "pv": "urn:plainview:receipt:1:",
    "schema": "https://schema.org/",
}
CONFORMS = "https://w3id.org/dpv/schema/dpv-27560#receipt"


class NoReceipt(ValueError):
    """The file is no receipt."""


def record_in(data: bytes) -> dict[str, Any]:
    """The record that a receipt says it is of; nothing of it is believed. Raises NoReceipt."""
    try:
        document = json.loads(data)
        record: dict[str, Any] = dict(document["dpv:hasRecordOfActivity"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoReceipt from None
    return record


def body_of(entry: Entry) -> dict[str, Any]:
    """The record that an entry of the log commits to."""
    body: dict[str, Any] = json.loads(entry.body)
    return body


def notice_of(body: dict[str, Any]) -> str:
    """SHA-256 of what was shown, as a record names it."""
    return str(body["dpv:hasNotice"]).removeprefix("urn:sha256:")


def shown_by(bodies: Iterable[dict[str, Any]]) -> dict[str, Shown]:
    """What was shown to those who gave these records, by its hash."""
    digests = {notice_of(body) for body in bodies}
    return {row.digest: row for row in Shown.objects.filter(digest__in=digests)}


def write(
    entry: Entry, shown: Shown, *, named: bool = True, head: Head | None = None
) -> dict[str, Any]:
    """The receipt of an entry under `head` or the latest one; `named` tells whose it is.

    Raises log.NoSuchEntry where the head is older than the entry.
    """
    body = body_of(entry)
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": CONFORMS,
        "dpv:hasRecordOfActivity": body,
        "dpv:hasNotice": json.loads(shown.document),
        "pv:proof": log.proof(entry, head=head).block(bytes(entry.salt)),
    }
    if named and (whose := _principal(body, entry.subject)):
        document["pv:principal"] = whose
    return document


def to_file(document: dict[str, Any]) -> bytes:
    """A receipt as it is handed over: canonical JSON, and a line feed at its end."""
    return canonical(document) + b"\n"


def _principal(body: dict[str, Any], subject: int) -> dict[str, str]:
    """What opens the record's name of its person; nothing where the secret is no longer ours."""
    for salt in recording.salts(body["dct:identifier"]):
        if recording.principal(salt, subject) == body["dpv:hasDataSubject"]:
            return {"number": str(subject), "salt": salt.hex()}
    return {}
