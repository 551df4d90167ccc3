"""Heads of the log, timestamped by somebody else (RFC 3161), where the operator connects one.

A head is about nobody, so no standing is asked; but whoever gets it is declared in the policy like
every recipient, and it leaves by this door. The token is kept as it came, so that others can check
it against the head (`openssl ts -verify`).
"""

from __future__ import annotations

import hashlib
import logging
import secrets

from django.utils import timezone

from plainview.platform import outbound
from plainview.platform.outbound import Trouble
from plainview.privacy.disclosures import connections
from plainview.privacy.log.models import Stamp
from plainview.privacy.log.sequencing import latest

KIND = "timestamp"
_SHA256 = bytes.fromhex("300d06096086480165030402010500")  # AlgorithmIdentifier (RFC 5754)
_GRANTED = (0, 1)
log = logging.getLogger("plainview.privacy.log")


class NotStamped(Exception):
    """No token came, or one of something else. The text is ours: nothing of their answer."""


def stamp_latest() -> int:
    """Have the latest head stamped by each authority that has not yet; how many tokens came.

    One that does not answer is asked again for the head of the next hour.
    """
    head, came = latest(), 0
    if head is None:
        return 0
    for recipient, connection in connections.configured().items():
        if connection.kind != KIND or Stamp.objects.filter(head=head, recipient=recipient).exists():
            continue
        digest = hashlib.sha256(head.note.encode()).digest()
        try:
            token = _asked(connection, digest)
        except (Trouble, NotStamped) as trouble:
            log.warning("%s did not stamp a head: %s", recipient, trouble)
            continue
        Stamp.objects.create(head=head, recipient=recipient, at=timezone.now(), token=token)
        came += 1
    return came


def _asked(connection: connections.Connection, digest: bytes) -> bytes:
    nonce = b"\x01" + secrets.token_bytes(8)  # an INTEGER in DER: positive, and none too long
    answer = outbound.exchange(
        "POST",
        connection.url,
        body=query(digest, nonce),
        headers={"Content-Type": "application/timestamp-query"},
        private=connection.private,
        authorities=connection.authorities,
    )
    if answer.status != 200:
        raise NotStamped("it answered with an error")
    return granted(answer.body, digest, nonce)


def query(digest: bytes, nonce: bytes) -> bytes:
    """A TimeStampReq over a SHA-256 that asks for the certificate too (RFC 3161 section 2.4.1)."""
    imprint = _der(0x30, _SHA256 + _der(0x04, digest))
    return _der(0x30, _der(0x02, b"\x01") + imprint + _der(0x02, nonce) + b"\x01\x01\xff")


def granted(reply: bytes, digest: bytes, nonce: bytes) -> bytes:
    """A TimeStampResp that grants what was asked (section 2.4.2). Raises NotStamped.

    Whether the authority's signature is good is for whoever relies on it to check.
    """
    try:
        whole, _ = _opened(reply, 0x30)
        info, rest = _opened(whole, 0x30)
        status, _ = _opened(info, 0x02)
    except (IndexError, ValueError):
        raise NotStamped("it answered with no timestamp") from None
    if int.from_bytes(status, "big") not in _GRANTED or not rest:
        raise NotStamped("it refused")
    if digest not in rest or nonce not in rest:
        raise NotStamped("its timestamp is of something else")
    return reply


def _der(tag: int, content: bytes) -> bytes:
    """One value in DER, shorter than 128 bytes."""
    return bytes([tag, len(content)]) + content


def _opened(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the value that `data` begins with, and what follows it."""
    if data[0] != tag:
        raise ValueError(tag)
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if start + length > len(data):
        raise ValueError(length)
    return data[start : start + length], data[start + length :]
