"""The one place that writes the lines a film is shown with, and so lets them be found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import transaction

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles.formats import own_name
from plainview.domains.subtitles.models import Cue, Track
from plainview.platform.search import shelves


class Timed(Protocol):
    """A line with its times in milliseconds, as formats and editions have it."""

    @property
    def start_ms(self) -> int: ...
    @property
    def end_ms(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def settings(self) -> str: ...


def put(
    video: Video,
    language: str,
    lines: Iterable[Timed],
    *,
    source: str = "",
    notes: Iterable[object] = (),
) -> Track:
    """Let `lines` be the track of that language, whatever it was; they are found at once."""
    with transaction.atomic():
        track, _ = Track.objects.update_or_create(
            video=video,
            language=language,
            defaults={"label": own_name(language), "source_name": source, "notes": list(notes)},
        )
        track.cues.all().delete()
        Cue.objects.bulk_create(
            (
                Cue(
                    track=track,
                    start_ms=line.start_ms,
                    end_ms=line.end_ms,
                    text=line.text,
                    settings=line.settings,
                )
                for line in lines
            ),
            batch_size=1000,
        )
        shelves.changed(track)
    return track


def remove(video: Video, language: str) -> None:
    """Let a film have no track of that language; its lines are found no more."""
    for track in Track.objects.filter(video=video, language=language):
        track.delete()
