"""Where a cue stands on the screen: WebVTT cue settings, and what other formats say in them."""

from __future__ import annotations

import math
import re
from functools import cache

_WHITE = re.compile(r"[\t\n\f\r ]+")
_PERCENTAGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_LINE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_ORDER = ("region", "vertical", "line", "position", "size", "align")
_WORDS = {"vertical": ("rl", "lr"), "align": ("start", "center", "end", "left", "right")}
_SIDES = {
    "line": ("start", "center", "end"),
    "position": ("line-left", "center", "line-right"),
}
_LONGEST = 40
"""Characters of one value; a longer number moves nothing that a shorter one would not."""


def canonical_settings(text: str, regions: frozenset[str] = frozenset()) -> str:
    """Cue settings as the specification's parser reads them, each once and in a fixed order.

    What it doesn't know is left out; so is a region that is not among `regions`.
    """
    kept: dict[str, str] = {}
    for word in _WHITE.split(text):
        name, colon, value = word.partition(":")
        if not (colon and name and value) or len(value) > _LONGEST:
            continue
        if name == "region":
            kept.pop("region", None)
            if value in regions:
                kept["region"] = value
        elif value in _WORDS.get(name, ()):
            kept[name] = value
        elif name in ("line", "position", "size") and (said := _number(name, value)):
            kept[name] = said
    if kept.keys() & {"vertical", "line", "size"}:
        kept.pop("region", None)
    return " ".join(f"{name}:{kept[name]}" for name in _ORDER if name in kept)


def _number(name: str, value: str) -> str:
    """A number and, for lines and positions, its side; an unknown side is left out."""
    number, comma, side = value.partition(",") if name in _SIDES else (value, "", "")
    if percentage(number) is None and not (name == "line" and _LINE.fullmatch(number)):
        return ""
    return f"{number},{side}" if comma and side in _SIDES[name] else number


def percentage(text: str) -> float | None:
    """The number before a per cent sign, from 0 to 100, or None (`parse a percentage string`)."""
    found = _PERCENTAGE.fullmatch(text)
    number = float(found[1]) if found and len(text) <= _LONGEST else 101.0
    return number if number <= 100 else None


@cache
def settings_of_alignment(place: int) -> str:
    """Settings for a place on the number pad (1 bottom left, 5 middle, 9 top right)."""
    row, column = divmod(place - 1, 3)
    words = [("", "line:50%", "line:5%")[row], ("align:left", "", "align:right")[column]]
    return " ".join(word for word in words if word)


def settings_of_column(place: int) -> str:
    """Settings for columns of words that grow to the left from a place on the number pad."""
    row, column = divmod(place - 1, 3)
    words = ["vertical:rl", "line:0" if column else "", ("align:end", "", "align:start")[row]]
    return " ".join(word for word in words if word)


def nearest(settings: str, *, right_to_left: bool) -> int:
    """The place on the number pad that is nearest to where canonical settings put horizontal text.

    2, where subtitles stand anyway, for text in columns.
    """
    if (exact := number_pad(settings)) is not None:
        return exact
    said = dict(word.split(":", 1) for word in settings.split(" "))
    if "vertical" in said:
        return 2
    number, _, _edge = said.get("line", "").partition(",")
    if number.endswith("%"):
        row = 2 if float(number[:-1]) < 34 else 1 if float(number[:-1]) < 67 else 0
    else:
        row = 2 if number and 0 <= float(number) < 5 else 0
    sides = {"left": 0, "right": 2, "start": 0, "end": 2}
    column = sides.get(said.get("align", ""), 1)
    if right_to_left and said.get("align") in ("start", "end"):
        column = 2 - column
    return 3 * row + column + 1


def number_pad(settings: str) -> int | None:
    """The place on the number pad that canonical settings stand for, or None if there is none."""
    return _PAD.get(settings)


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


_PAD = {settings_of_alignment(place): place for place in range(1, 10)}
