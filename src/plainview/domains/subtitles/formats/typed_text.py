"""A line as one types it: its words, and before them the place of a number pad, as in ASS.

`{\\an8}Pier 4` stands at the head of the picture. A place that no number pad has (of an imported
file) can't be typed; it stays with its line.
"""

from __future__ import annotations

import re

from plainview.domains.subtitles.formats.markup import canonical, editable
from plainview.domains.subtitles.formats.placing import number_pad, settings_of_alignment

FOOT = 2
_PLACE = re.compile(r"\s*\{\\an([1-9])\}")


def typed(text: str, settings: str) -> str:
    """Canonical cue text and settings, as one types them."""
    place = number_pad(settings)
    return (f"{{\\an{place}}}" if text and place not in (None, FOOT) else "") + editable(text)


def of_typed(said: str, settings: str) -> tuple[str, str]:
    """Canonical cue text and settings of a typed line that stood where `settings` say."""
    place = _PLACE.match(said)
    text = canonical(said[place.end() :] if place else said)
    if place:
        return text, settings_of_alignment(int(place[1]))
    return text, settings if number_pad(settings) is None else ""
