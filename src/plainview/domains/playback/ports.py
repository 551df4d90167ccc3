"""What playback needs from rooms above it; `wiring.py` joins them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from plainview.domains.catalogue.models import Video
from plainview.platform.media.playlists import Text


class EmbeddedSubtitles(Protocol):
    """Reads a subtitle track found inside a film, which takes long."""

    def __call__(
        self, *, language: str, name: str, filename: str, data: bytes, rate: float
    ) -> Callable[[Video], str]:
        """Read the track of a film of so many pictures a second.

        What is returned keeps it for its video, and returns why, in English, if it had to be left
        out.
        """


def _nobody(
    *, language: str, name: str, filename: str, data: bytes, rate: float
) -> Callable[[Video], str]:
    return lambda video: ""


def _as_it_is(why: str) -> str:
    return why


def _none(video: Video) -> list[Text]:
    return []


class Ports:
    """The joined rooms; until `wiring` has run, subtitles go nowhere and there are none."""

    embedded_subtitles: EmbeddedSubtitles = staticmethod(_nobody)
    said_of_subtitles: Callable[[str], str] = staticmethod(_as_it_is)
    """Says why one of `embedded_subtitles` was left out, in the language being spoken."""
    subtitles: Callable[[Video], list[Text]] = staticmethod(_none)
    """The subtitles of a video, each with its playlist."""
    texts: frozenset[str] = frozenset()
    """How the names of subtitle files end that may lie beside a film."""
