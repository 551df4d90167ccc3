"""Colours of words: by WebVTT's classes (section 5.1) in cue text, by their numbers elsewhere."""

from __future__ import annotations

import re

NAMED = {
    "white": "ffffff", "lime": "00ff00", "cyan": "00ffff", "red": "ff0000",
    "yellow": "ffff00", "magenta": "ff00ff", "blue": "0000ff", "black": "000000",
}  # fmt: skip
"""The classes that every player of WebVTT knows, and their colours as RRGGBB."""
_MORE = {"green": "008000", "aqua": "00ffff", "fuchsia": "ff00ff", "orange": "ffa500",
         "gray": "808080", "grey": "808080", "silver": "c0c0c0", "purple": "800080",
         "pink": "ffc0cb", "navy": "000080", "teal": "008080", "maroon": "800000",
         "olive": "808000", "brown": "a52a2a", "gold": "ffd700"}  # fmt: skip
_CLASS = re.compile(r"colour-([0-9a-f]{6})")
_FONT = re.compile(r"""\bcolor\s*=\s*["']?\s*#?([A-Za-z0-9]{1,20})""", re.IGNORECASE)
_BY_NUMBER = {number: name for name, number in NAMED.items()}


def class_of(number: str) -> str:
    """The class for a colour RRGGBB: a name that players know, else `colour-rrggbb`."""
    number = number.lower()
    return _BY_NUMBER.get(number, f"colour-{number}")


def number_of(classes: str) -> str:
    """The colour RRGGBB that classes such as `loud.yellow` give, or "" if they give none."""
    for each in reversed(classes.split(".")):
        if each in NAMED:
            return NAMED[each]
        if found := _CLASS.fullmatch(each):
            return found[1]
    return ""


def class_of_font(attributes: str) -> str:
    """The class for SRT's `<font color="#ff0000">`, or "" where it says no colour."""
    found = _FONT.search(attributes[:200])
    if not found:
        return ""
    said = found[1].lower()
    number = NAMED.get(said) or _MORE.get(said) or said
    if re.fullmatch(r"[0-9a-f]{3}", number):
        number = "".join(2 * digit for digit in number)
    return class_of(number) if re.fullmatch(r"[0-9a-f]{6}", number) else ""


def style_sheet(classes: set[str]) -> str:
    """A WebVTT style sheet for the classes that players don't know, or ""."""
    own = sorted(found[1] for each in classes if (found := _CLASS.fullmatch(each)))
    rules = "\n".join(f"::cue(.colour-{number}) {{ color: #{number} }}" for number in own)
    return f"STYLE\n{rules}\n" if own else ""
