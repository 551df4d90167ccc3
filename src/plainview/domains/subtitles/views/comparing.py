"""What changed between two versions of a line, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_LETTERS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")


def compared(before: str | None, after: str) -> list[tuple[str, str]]:
    """Pieces of both texts: ("=", stays), ("-", gone), ("+", new); all "=" without a before."""
    if before is None:
        return [("=", after)] if after else []
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


def _words(text: str) -> list[str]:
    """Words, or letters where words are not set apart."""
    return list(text) if _LETTERS.search(text) else _WORD.findall(text)
