"""Takes out of a text what is somebody else's before it is sent on.

Addresses, numbers and links go by their form; names by the officer's own list, since no pattern
knows a name. What was is not kept: each is replaced by a bar that does not tell how long it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import normalize

import regex

BAR = "█████"
_ANY_CASE = regex.IGNORECASE | regex.FULLCASE
_FORMS = regex.compile(
    r"""
    [\p{L}\p{N}._%+'-]+ @ [\p{L}\p{N}.-]+              # an address of mail
  | \b(?:https?://|www\.)[^\s<>]+                       # a link
  | \b(?:\d{1,3}\.){3}\d{1,3}\b                         # an address of the network
  | \b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}\b
  | (?<![\p{L}\p{N}:])(?=[0-9A-Fa-f:]*\d)              # the same, a run of zeros left out
    (?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6})?::
    (?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}(?:\.\d{1,3}){0,3})?(?![\p{L}\p{N}:])
  | \b\p{Lu}{2}\d{2}(?:\p{Zs}?[\p{Lu}\d]{2,4}){3,8}\b   # an account of a bank
  | (?<![\p{L}\p{N}-])(?!\d{4}-\d\d-\d\d\b)            # a telephone or the like, not a date
    \+?\p{Nd}(?:[\p{Zs}\p{Pd}().\/]{0,2}\p{Nd}){6,}(?![\p{L}\p{N}])
    """,
    regex.VERBOSE,
)


class Redacted(NamedTuple):
    """The text without them, and how many places went."""

    text: str
    places: int


def redact(text: str, words: Iterable[str] = ()) -> Redacted:
    """`text` without what looks like an address or a number, and without `words` in any case.

    A letter with a mark is the same whether it was typed as one sign or as two (NFC from here on).
    A word goes as a whole word where its script parts words by spaces, and wherever it stands where
    it does not.

    >>> redact("Ask Ann Lee (ann@example.org, +44 20 7946 0018).", ["ann lee"]).text
    'Ask █████ (█████, █████).'
    """
    composed = {normalize("NFC", each.strip()) for each in words}
    named = sorted(composed - {""}, key=len, reverse=True)
    without, places = _FORMS.subn(BAR, normalize("NFC", text))
    if named:
        pattern = "|".join(_whole(word) for word in named)
        without, more = regex.subn(pattern, BAR, without, flags=_ANY_CASE)
        places += more
    return Redacted(without, places)


def _whole(word: str) -> str:
    escaped: str = regex.escape(word, literal_spaces=False).replace(r"\ ", r"\s+")
    if regex.search(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]", word):
        return escaped
    return rf"(?<![\p{{L}}\p{{N}}]){escaped}(?![\p{{L}}\p{{N}}])"
