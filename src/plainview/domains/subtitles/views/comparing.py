"""What changed between two versions of a line, word by word."""

from __future__ import annotations

from difflib import SequenceMatcher

import regex

from plainview.domains.subtitles.formats import MARK

# Signs as they are seen: marks stay with their letter, an emoji of several parts is one.
_WORD = regex.compile(rf"{MARK}|\s+|(?:(?=\w)\X)+|\X")
_TAG = regex.compile(MARK)
_LETTER = regex.compile(rf"{MARK}|\X")
_LETTERS = regex.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


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


def apart(before: str, after: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Both texts beside each other, as pieces: the first with what goes, the other with the new."""
    pieces = compared(before, after)
    first, second = ([piece for piece in pieces if piece[0] != other] for other in "+-")
    return first, second


def readable(text: str) -> str:
    """A typed line whose tags and place stand between isolates, for reading."""
    return _TAG.sub("\u2066\\g<0>\u2069", text)


def _words(text: str) -> list[str]:
    """Words, or letters where words are not set apart."""
    pattern = _LETTER if _LETTERS.search(text) else _WORD
    return [readable(word) for word in pattern.findall(text)]
