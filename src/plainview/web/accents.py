"""A film's colour as one of the accent classes of `frontend/design/accents.css`.

A style attribute would need `unsafe-inline`; and a colour as the poster has it may be unreadable as
text. The class carries the hue, the theme sets the lightness.
"""

from __future__ import annotations

import colorsys
import math
import re
from functools import lru_cache

STEP = 20
PLAIN_SATURATION = 0.12
_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


@lru_cache(maxsize=1024)
def accent_class(colour: str) -> str:
    """`accent-240` for `#2a6fdb`, `accent-plain` for a grey, nothing for no colour."""
    match = _HEX.fullmatch(colour or "")
    if match is None:
        return ""
    red, green, blue = (int(part, 16) / 255 for part in match.groups())
    _, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < PLAIN_SATURATION:
        return "accent-plain"
    return f"accent-{round(_oklch_hue(red, green, blue) / STEP) * STEP % 360}"


def _oklch_hue(red: float, green: float, blue: float) -> float:
    """The hue in degrees in OKLCH, the space of the style sheet (HSL's hue differs by up to 30)."""
    r, g, b = (_linear(value) for value in (red, green, blue))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    blue_yellow = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.degrees(math.atan2(blue_yellow, a)) % 360


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
