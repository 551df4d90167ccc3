"""Identifiers that say nothing: random, and wide enough never to meet."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404
from django.utils.crypto import constant_time_compare, salted_hmac

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: keys are read aloud and typed


def new_id() -> int:
    """A random positive 63-bit integer: the one space of ids of members and devices.

    Written as a string in JSON and scripts, where numbers are exact to 53 bits only.
    """
    return secrets.randbits(63) or new_id()


def is_id(number: int) -> bool:
    """Whether `new_id` could have made it."""
    return 0 < number < 1 << 63


def number_in(text: str) -> int | None:
    """The whole number that an address, a form or a header says; None unless a column holds it.

    ASCII digits alone: `int` also reads `٣` and `1_0`, and raises for more than 4,300 digits.
    """
    fits = text.isascii() and text.isdecimal() and len(text) < 20
    return number if fits and (number := int(text)) < 1 << 63 else None


def new_key(length: int = 12) -> str:
    """A random public key of a film or file, such as `k7m2x9q4rd3w` (59 bits at 12 letters)."""
    number = secrets.randbits(5 * length + 64)  # so much wider that every letter is as likely
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def openers() -> list[str]:
    """Our secret keys under which a link or a sealed address is good: that of now first, then those
    of before that are listed still (`SECRET_KEY_FALLBACKS`)."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def secret_keys() -> list[str]:
    """All our secret keys by which we know again what we wrote down: that of now first, then the
    openers, then those that open nothing any more (`SECRET_KEYS_RETIRED`).

    What is written takes the first; what is looked for, any.
    """
    return [*openers(), *settings.SECRET_KEYS_RETIRED]


def keyed(salt: str, value: str, keys: Iterable[str] | None = None) -> list[str]:
    """What stands for a value by our secret keys, in hexadecimal (SHA-256), in their order."""
    return [
        salted_hmac(salt, value, secret=each, algorithm="sha256").hexdigest()
        for each in (secret_keys() if keys is None else keys)
    ]


def named(salt: bytes, value: str) -> list[bytes]:
    """What stands for a value by our secret keys, in their order: HMAC-SHA256 under salt and key.

    So the rows are made in which others' names for people, addresses and deliveries stand.
    """
    return [
        hmac.new(salt + each.encode(), value.encode(), hashlib.sha256).digest()
        for each in secret_keys()
    ]


def link_secret(kind: str, row: int | str) -> str:
    """The secret of a link to a row: made from its number by our key, and kept nowhere.

    128 bits as 32 hexadecimal digits; `kind` names what the row is, so that no two kinds share one.
    """
    return keyed(kind, str(row), openers())[0][:32]


class LinkEnded(Http404):
    """A link of a letter that was made by a key that opens nothing any more."""


def is_link_secret(kind: str, row: int, said: str) -> bool:
    """Whether `said` is the secret of the row's link, in the same time for whatever is said.

    Raises LinkEnded for what was its secret by a key that opens nothing any more.
    """
    good = proves(kind, str(row), said)
    if good is False:
        raise LinkEnded("its key is retired")
    return bool(good)


def proves(kind: str, value: str, said: str) -> bool | None:
    """Whether `said` is the `link_secret` of a value by a key that opens; None for none by ours.

    False is by one that is retired. Takes the same time for whatever is said.
    """
    made = [constant_time_compare(each[:32], said) for each in keyed(kind, value)]
    return any(made[: len(openers())]) or (False if any(made) else None)
