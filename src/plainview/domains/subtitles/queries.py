"""What can be asked about subtitles."""

from __future__ import annotations

from plainview.domains.subtitles import formats
from plainview.domains.subtitles.models import Cue, Track


def cues(key: str, language: str) -> list[Cue] | None:
    """The cues of a published video's track in the order of time, or None if there is no track."""
    track = Track.objects.filter(
        video__key=key, video__title__published_at__isnull=False, language=language
    ).first()
    return None if track is None else list(track.cues.all())


def webvtt(key: str, language: str) -> str | None:
    """The track as a WebVTT file, or None if there is no such track."""
    found = cues(key, language)
    if found is None:
        return None
    return formats.write_webvtt(
        [
            formats.Cue(
                start_ms=cue.start_ms, end_ms=cue.end_ms, text=cue.text, settings=cue.settings
            )
            for cue in found
        ],
        language,
    )
