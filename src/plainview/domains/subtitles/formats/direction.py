"""Marks of direction for lines of right-to-left languages: where needed, and nowhere else.

A player takes the direction of each line from its first letter. A line of Arabic or Hebrew that
begins with a Latin word would be laid out from left to right; a mark before it says otherwise.
"""

from __future__ import annotations

import re
import unicodedata

from plainview.domains.subtitles.formats.markup import BLANKS, MAX_CHARACTERS, is_overlong, parse

_MARK = "\u200f"
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_BEFORE = re.compile(rf"^[{_MARK}{BLANKS}]*{_MARK}[{BLANKS}]*")
_TAGS = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")


def is_right_to_left(language: str | None) -> bool:
    """Whether a language (BCP 47 tag) is written from right to left."""
    return (language or "").partition("-")[0].lower() in _RIGHT_TO_LEFT


def direction_of(language: str | None) -> str:
    """`rtl` or `ltr`, as HTML says it."""
    return "rtl" if is_right_to_left(language) else "ltr"


def mark(text: str, language: str | None) -> str:
    """Cue text with a mark before each line that needs one, if a cue has room for them."""
    if not is_right_to_left(language):
        return text
    marked = "\n".join(_MARK + line if _misleads(line) else line for line in _bare(text))
    return text if len(marked) > MAX_CHARACTERS and is_overlong(parse(marked)) else marked


def unmark(text: str, language: str | None) -> str:
    """Cue text without the marks that `mark` would set again."""
    if not is_right_to_left(language):
        return text
    return "\n".join(_bare(text))


def _bare(text: str) -> list[str]:
    """The lines without marks that `mark` sets, nor the blanks that stood behind one.

    A no-break space stays, as in all canonical text.
    """
    lines = ((line, _BEFORE.sub("", line)) for line in text.split("\n"))
    return [bare if _misleads(bare) else line for line, bare in lines]


def _misleads(line: str) -> bool:
    """A line that has right-to-left letters, but whose first letter isn't one."""
    classes = [unicodedata.bidirectional(character) for character in _TAGS.sub("", line)]
    strong = [name for name in classes if name in ("L", "R", "AL")]
    return bool(strong) and strong[0] == "L" and ("R" in strong or "AL" in strong)
