"""What changed between two versions of a line, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_MARK = r"</?[A-Za-z][^<>]*>|\A\{(?:\\an\d|[a-z]+:[^{}]*)\}"
_WORD = re.compile(rf"{_MARK}|\s+|\w+|[^\w\s]")
_TAG = re.compile(_MARK)
_LETTER = re.compile(rf"{_MARK}|.", re.DOTALL)
_LETTERS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")


def compared(before: str | None, after: str) -> list[tuple[str, str]]:
    """Pieces of both texts: ("=", stays), ("-", gone), ("+", new); all "=" without a before.

    The texts are as one types them; a tag or a place is one word, between isolates, so that it
    reads as typed in a line from right to left too.
    """
    if before is None:
        return [("=", readable(after))] if after else []
    old, new = _words(before), _words(after)
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("=", "".join(old[a:b])))
            continue
        found += [
            (sign, text)
            for sign, text in (("-", "".join(old[a:b])), ("+", "".join(new[c:d])))
            if text
        ]
    return found


def readable(text: str) -> str:
    """A typed line whose tags and place stand between isolates, for reading."""
    return _TAG.sub("\u2066\\g<0>\u2069", text)


def _words(text: str) -> list[str]:
    """Words, or letters where words are not set apart."""
    pattern = _LETTER if _LETTERS.search(text) else _WORD
    return [readable(word) for word in pattern.findall(text)]
