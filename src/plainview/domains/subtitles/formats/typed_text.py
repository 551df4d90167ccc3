"""A line as one types it: its words, and before them where they stand.

`{\\an8}Pier 4` stands at the head of the picture: a place of the number pad, as in ASS. Any other
place is written as in WebVTT: `{vertical:rl line:0}`. A region of an imported file can't be typed;
it stays with its line.
"""

from __future__ import annotations

import re

from plainview.domains.subtitles.formats.markup import canonical, editable
from plainview.domains.subtitles.formats.placing import (
    canonical_settings,
    number_pad,
    settings_of_alignment,
)

FOOT = 2
MARK = r"</?[A-Za-z][^<>]*>|\A\{(?:\\an\d|[a-z]+:[^{}]*)\}"
"""A pattern of what is no word of a typed line: a tag, or the place before the words."""
_SETTING = r"(?:vertical|line|position|size|align):[^\s{}:]+"
_HEAD = re.compile(rf"\s*\{{(?:\\an([1-9])|({_SETTING}(?: {_SETTING})*))\}}")
# A tag that an editor put between isolates, so that a line from right to left doesn't scramble it.
_ISOLATED = re.compile(r"\u2066(</?[A-Za-z][^<>]*>)\u2069")


def typed(text: str, settings: str) -> str:
    """Canonical cue text and settings, as one types them."""
    words = editable(text)
    return head(settings, whole=_HEAD.match(words) is not None) + words if words else ""


def head(settings: str, *, whole: bool = False) -> str:
    """What is typed before words that stand where canonical settings say; for the foot nothing.

    The `whole` head is that of the foot too.
    """
    place = number_pad(settings)
    if place is not None:
        return f"{{\\an{place}}}" if whole or place != FOOT else ""
    return "" if settings.startswith("region:") else f"{{{settings}}}"


def parted(said: str) -> tuple[str, str]:
    """The settings and the words of a typed line."""
    found = _HEAD.match(said)
    if not found:
        return "", said
    settings = settings_of_alignment(int(found[1])) if found[1] else canonical_settings(found[2])
    return settings, said[found.end() :]


def joined(settings: str, words: str) -> str:
    """A typed line of words and settings that were typed apart; a place before the words wins.

    Raises ValueError if one of the settings is none of WebVTT's.
    """
    kept = canonical_settings(settings)
    if sorted(kept.split()) != sorted(settings.split()):
        raise ValueError(settings)
    return words if _HEAD.match(words) else head(kept, whole=True) + words


def of_typed(said: str, settings: str) -> tuple[str, str]:
    """Canonical cue text and settings of a typed line that stood where `settings` say."""
    found = _HEAD.match(said)
    put, words = parted(said)
    if not found and settings.startswith("region:"):
        put = settings
    return canonical(_ISOLATED.sub(r"\1", words)), put


def isolated(words: str) -> str:
    """Words with each tag between isolates: a field from right to left then shows it as typed."""
    return re.sub(r"</?(?:v|lang|c|ruby|rt|b|i|u)\b[^<>]*>", "\u2066\\g<0>\u2069", words)
