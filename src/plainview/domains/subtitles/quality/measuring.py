"""How long a subtitle is: graphemes as people see them, half-width ones counting half in CJK."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import regex

_TAG = regex.compile(r"</?(?:v|ruby|rt|b|i|u|c|lang)\b[^<>]*>|\{\\[^{}]*\}")
_GLOSS = regex.compile(r"<rt>.*?(?:</rt>|(?=</ruby>)|$)", regex.DOTALL)
_ENTITY = regex.compile(r"&(amp|lt|gt|nbsp|lrm|rlm);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "nbsp": "\xa0", "lrm": "", "rlm": ""}
_GRAPHEME = regex.compile(r"\X")
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
    halves = language.partition("-")[0].lower() in _HALVES
    lines = tuple(_units(line, halves) for line in visible(text).split("\n"))
    return Measure(sum(lines), lines if any(lines) or len(lines) > 1 else ())


def visible(text: str) -> str:
    """Cue text as it is seen: in NFC, without tags, glosses of ruby and marks that show nothing."""
    if "<" in text or "{" in text:
        text = _TAG.sub("", _GLOSS.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)
    if text.isascii():
        return text.replace("\r", "")
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def _units(line: str, halves: bool) -> float:
    if not halves:
        return len(line) if line.isascii() else len(_GRAPHEME.findall(line))
    return sum(0.5 if _half(each) else 1 for each in _GRAPHEME.findall(line))


def _half(grapheme: str) -> bool:
    """A Latin letter, digit, space, punctuation mark, or half-width kana or jamo."""
    return len(grapheme) == 1 and unicodedata.east_asian_width(grapheme) in ("Na", "H", "N")
