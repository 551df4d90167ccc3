"""The public number of a request, read aloud and typed without fear, and the secret of its link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plainview.platform.identifiers import (
    ALPHABET,
    is_link_secret,
    link_secret,
    new_key,
    proves,
)

LENGTH = 8
WRITTEN = LENGTH + 3
"""How long a number is with its dashes, `k7m2-x9q4-r`."""
_KIND = "plainview.privacy.requests"
_THREAD = "plainview.privacy.requests.thread"
_BASE = len(ALPHABET)  # 31, a prime: any one wrong letter and any two swapped are noticed
_LETTER = f"[{ALPHABET}]"
_FOUND = re.compile(
    rf"(?<![0-9a-z-])({_LETTER}{{4}})-({_LETTER}{{4}})-({_LETTER})(?![0-9a-z-])", re.IGNORECASE
)


def new_number() -> str:
    """A new number such as `k7m2-x9q4-r`: eight random letters (39 bits) and one to check them."""
    letters = new_key(LENGTH)
    return f"{letters[:4]}-{letters[4:]}-{_check(letters)}"


def _check(letters: str) -> str:
    weighed = sum((place + 2) * ALPHABET.index(each) for place, each in enumerate(letters))
    return ALPHABET[weighed % _BASE]


def read(typed: str) -> str:
    """A number as somebody typed it, in any case, with or without dashes; "" if it is none."""
    letters = re.sub(r"[\s\u2010-\u2015.-]", "", typed).lower()
    if len(letters) != LENGTH + 1 or not set(letters) <= set(ALPHABET):
        return ""
    if _check(letters[:LENGTH]) != letters[LENGTH]:
        return ""
    return f"{letters[:4]}-{letters[4:LENGTH]}-{letters[LENGTH]}"


def found_in(text: str) -> Iterator[str]:
    """The numbers that stand in a text, such as the subject of a mail."""
    for match in _FOUND.finditer(text):
        if number := read(match[0]):
            yield number


def thread(number: str, domain: str) -> str:
    """The Message-ID that all letters of a request refer to (RFC 5322, section 3.6.4).

    It holds a secret, which only our letters to the requester carry: an answer that refers to it
    comes from somebody who has one of them.
    """
    return f"<{number}.{link_secret(_THREAD, number)}@{domain}>"


def of_thread(references: Iterable[str]) -> tuple[str, bool]:
    """The number of the request whose letters a mail refers to, and whether that proves anything.

    "" if it refers to none. A letter by a key that opens nothing any more is known again, and no
    proof: whoever has that key could have written what the mail refers to.
    """
    known = ""
    for reference in references:
        written, _dot, said = reference.strip("<>").partition("@")[0].partition(".")
        number = read(written)
        good = proves(_THREAD, number, said) if number else None
        if good:
            return number, True
        if good is False:
            known = known or number
    return known, False


def secret(request: int) -> str:
    """The secret of a request's link."""
    return link_secret(_KIND, request)


def opens(request: int, said: str) -> bool:
    """Whether `said` is the secret of a request. Raises LinkEnded where its key is retired."""
    return is_link_secret(_KIND, request, said)
