"""How long a subtitle is: graphemes as people see them, half-width ones counting half in CJK."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import regex

_TAG = re.compile(r"</?(?:v|ruby|rt|b|i|u|c|lang)\b[^<>]*>|\{\\[^{}]*\}")
_GLOSS = re.compile(r"<rt>.*?(?:</rt>|(?=</ruby>)|\Z)", re.DOTALL)
_ENTITY = re.compile(r"&(amp|lt|gt|nbsp|lrm|rlm);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "nbsp": "\xa0", "lrm": "", "rlm": ""}
_GRAPHEME = regex.compile(r"\X")
_JOINS = regex.compile(
    r"[\p{GCB=EX}\p{GCB=SM}\p{GCB=PP}\p{GCB=L}\p{GCB=V}\p{GCB=T}\p{GCB=RI}\u200d]"
)
"""What may make one grapheme with its neighbour; a line without is as long as its characters."""
_UNSEEN = regex.compile(r"[\p{Cf}\p{Cc}--[\n\u200d]]", regex.VERSION1)
_HALVES = frozenset({"ja", "ko"})
"""Languages whose limits count half-width characters as a half (facts: ja and ko)."""


class Measure(NamedTuple):
    """The length of a subtitle in units, and of each of its lines. Half-width counts 0.5."""

    units: float
    lines: tuple[float, ...]

    @property
    def longest(self) -> float:
        """The units of the longest line."""
        return max(self.lines, default=0)


def measure(text: str, language: str) -> Measure:
    """How long cue text is in a language (BCP 47): tags, glosses and marks of direction aside."""
    return measure_seen(visible(text), language)


def measure_seen(seen: str, language: str) -> Measure:
    """The same of text that `visible` returned."""
    halves = language.partition("-")[0].lower() in _HALVES
    lines = tuple(_units(line, halves) for line in seen.split("\n"))
    return Measure(sum(lines), lines if any(lines) or len(lines) > 1 else ())


def visible(text: str) -> str:
    """Cue text as it is seen: in NFC, without tags, glosses of ruby and marks that show nothing."""
    if "<" in text or "{" in text:
        text = _TAG.sub("", _GLOSS.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    return text if text.replace("\n", "").isprintable() else _UNSEEN.sub("", text)


def _units(line: str, halves: bool) -> float:
    simple = line.isascii() or not _JOINS.search(line)
    graphemes = line if simple else _GRAPHEME.findall(line)
    return len(graphemes) - (
        sum(len(each) == 1 and _half(each) for each in graphemes) / 2 if halves else 0
    )


@lru_cache(maxsize=1 << 16)
def _half(character: str) -> bool:
    """A Latin letter, digit, space, punctuation mark, or half-width kana or jamo."""
    return unicodedata.east_asian_width(character) in ("Na", "H", "N")
