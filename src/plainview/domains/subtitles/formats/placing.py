"""Where a cue stands on the screen: WebVTT cue settings, and what other formats say in them."""

from __future__ import annotations

import math
import re

_NUMBER = r"(?:100|\d{1,2})(?:\.\d{1,6})?"
_ALLOWED = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:{_NUMBER}%|-?\d{{1,3}})(?:,(?:start|center|end))?"),
    "position": re.compile(rf"{_NUMBER}%(?:,(?:line-left|center|line-right))?"),
    "size": re.compile(rf"{_NUMBER}%"),
    "align": re.compile(r"start|center|end|left|right"),
}


def canonical_settings(text: str) -> str:
    """Cue settings in a fixed order, each at most once; what WebVTT doesn't know is left out."""
    kept: dict[str, str] = {}
    for word in text.split():
        name, _, value = word.partition(":")
        if name in _ALLOWED and _ALLOWED[name].fullmatch(value):
            percent = re.match(r"[\d.]+(?=%)", value)
            if not percent or float(percent[0]) <= 100:
                kept[name] = value
    return " ".join(f"{name}:{kept[name]}" for name in _ALLOWED if name in kept)


def settings_of_alignment(place: int) -> str:
    """Settings for a place on the number pad (1 bottom left, 5 middle, 9 top right)."""
    row, column = divmod(place - 1, 3)
    words = [("", "line:50%", "line:5%")[row], ("align:left", "", "align:right")[column]]
    return " ".join(word for word in words if word)


def settings_of_point(x: float, y: float, place: int) -> str:
    """Settings for text whose `place` (number pad) is put at x, y: shares of width and height.

    An approximation: WebVTT lays text out in lines of its own size. Text near the foot stays where
    subtitles always stand.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        return settings_of_alignment(place)
    x, y = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
    row, column = divmod(place - 1, 3)
    top = y - (0.07, 0.035, 0.0)[row]
    words = [] if top > 0.75 else [f"line:{max(0, round(top * 100))}%"]
    if column != 1 or abs(x - 0.5) > 0.05:
        words += [f"position:{round(x * 100)}%", f"align:{('left', 'center', 'right')[column]}"]
    return " ".join(words)
