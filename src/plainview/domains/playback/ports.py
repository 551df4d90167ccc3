"""What playback needs from rooms above it; `wiring.py` joins them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from plainview.domains.catalogue.models import Video
from plainview.platform.media.playlists import Text


class EmbeddedSubtitles(Protocol):
    """Takes a subtitle track found inside a film."""

    def __call__(
        self, video: Video, *, language: str, name: str, filename: str, data: bytes
    ) -> str:
        """Keep the track; returns why, in English, if it had to be left out."""


def _nobody(video: Video, *, language: str, name: str, filename: str, data: bytes) -> str:
    return ""


def _as_it_is(why: str) -> str:
    return why


def _none(video: Video) -> list[Text]:
    return []


class Ports:
    """The joined rooms; until `wiring` has run, subtitles go nowhere and there are none."""

    embedded_subtitles: EmbeddedSubtitles = staticmethod(_nobody)
    said_of_subtitles: Callable[[str], str] = staticmethod(_as_it_is)
    """Says what `embedded_subtitles` returned in the language being spoken."""
    subtitles: Callable[[Video], list[Text]] = staticmethod(_none)
    """The subtitles of a video, each with its playlist."""
    texts: frozenset[str] = frozenset()
    """How the names of subtitle files end that may lie beside a film."""
