"""How a value of somebody's may be written: as it is, encoded, and as a hash that we make of it.

A value is looked for in every form that a log, a page, a file or a letter gives it; letters in any
case. Hashes are those that the service itself keeps or sends where it must not name anybody.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from plainview.privacy import sessions
from plainview.privacy.consent import stopping
from plainview.privacy.disclosures import connections, post
from plainview.privacy.disclosures import services as disclosures
from plainview.privacy.policies import in_force

PART = 12
"""A piece of base64 that is shorter stands in other texts by chance."""


def needles(values: Iterable[str]) -> dict[bytes, str]:
    """Every form of each value, as bytes in which A to Z are small letters; whose form it is."""
    return {form: value for value in values for form in written(value)}


def plain(value: str) -> set[bytes]:
    """A value as it is, its letters as they are, small and large; A to Z are small in each."""
    return {each.encode().lower() for each in (value, value.lower(), value.upper())}


def written(value: str) -> set[bytes]:
    """A value as it is and encoded: for URLs, HTML, JSON, in base64, hexadecimal and UTF-16."""
    found = plain(value)
    for text in {value, value.lower()}:
        found |= {each.encode().lower() for each in _escaped(text)}
        raw = text.encode()
        found |= {part.lower() for part in _in_base64(raw)}
        found |= {raw.hex().encode()}
        wide = text.encode("utf-16-le").lower().removesuffix(b"\0")  # either end first
        found |= {wide, wide.replace(b"\0", b"\\000")}  # as PostgreSQL shows bytes
    return found


def _escaped(text: str) -> Iterator[str]:
    yield quote(text, safe="")
    yield quote(text, safe="@")
    yield html.escape(text)
    yield text.replace("@", "&#64;")
    yield text.replace("@", "&#x40;")
    yield json.dumps(text)[1:-1]
    yield json.dumps(text)[1:-1].replace("@", "\\u0040")


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """The pieces of it that do not hang on what stands before and after, at each of three places.

    Of the bytes before, the first letters hang; the last ones hang on what follows.
    """
    for before, hang in ((0, 0), (1, 2), (2, 3)):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * before + raw)
            piece = whole[hang : (before + len(raw)) * 8 // 6]
            if len(piece) >= PART:
                yield piece


def as_stored(value: str) -> dict[bytes, str]:
    """How a value looks in SQLite's file: as text, and a long number in its bytes."""
    found = {value.lower().encode(): value}
    if value.isascii() and value.isdigit() and 10 <= len(value) <= 19:
        number = int(value)
        found[number.to_bytes(6 if number < 1 << 47 else 8, "big").lower()] = value
    return found


def hashes(subject: int, values: Iterable[str]) -> dict[bytes, str]:
    """Each hash that we make of a person's number and values, and of which it is one."""
    found: dict[str, str] = {}
    for recipient in connections.configured():
        found |= dict.fromkeys(disclosures.pairwise(recipient, subject), str(subject))
    for value in values:
        if "@" not in value:
            found |= dict.fromkeys(sessions.handles(value), value)
            continue
        address = value.strip().lower()
        found[hashlib.sha256(address.encode()).hexdigest()] = value
        found |= dict.fromkeys(post.address_digests(address), value)
        for channel in in_force().messages.channels:
            found |= dict.fromkeys(stopping.digests(channel, address), value)
    return {digest.encode().lower(): value for digest, value in found.items()}
