"""What playback needs from rooms above it; `wiring.py` joins them."""

from __future__ import annotations

from typing import Protocol

from plainview.domains.catalogue.models import Video


class EmbeddedSubtitles(Protocol):
    """Takes a subtitle track found inside a film."""

    def __call__(
        self, video: Video, *, language: str, name: str, filename: str, data: bytes
    ) -> str:
        """Keep the track; returns a note for the uploader if something had to be left out."""


def _nobody(video: Video, *, language: str, name: str, filename: str, data: bytes) -> str:
    return ""


class Ports:
    """The joined rooms; until `wiring` has run, embedded subtitles go nowhere."""

    embedded_subtitles: EmbeddedSubtitles = staticmethod(_nobody)
