"""The one place that writes the lines a film is shown with, and so lets them be found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import queries
from plainview.domains.subtitles.models import Cue, Edition, Track, Withheld
from plainview.domains.subtitles.services.refusing import Refusal
from plainview.platform.languages import own_name
from plainview.platform.overtaking import looks_again
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
    """Let `lines` be the track of that language, whatever it was; they are found at once.

    Raises Refusal (not-in-this-state) while a copyright notice holds subtitles of that language.
    """
    with transaction.atomic():
        if Withheld.objects.filter(video=video, language=language).exists():
            raise Refusal(
                "not-in-this-state",
                _("A copyright notice holds the subtitles of this language down."),
            )
        track, _made = Track.objects.update_or_create(
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


class Kept(NamedTuple):
    """A line of withheld subtitles."""

    start_ms: int
    end_ms: int
    text: str
    settings: str


@looks_again
def withhold(video: Video, language: str) -> list[int]:
    """Take the subtitles of a language off a film until `give_back`; return whose lines they are.

    What is withheld already stays so.
    """
    track = Track.objects.filter(video=video, language=language).first()
    if track is not None:
        lines = track.cues.values_list("start_ms", "end_ms", "text", "settings")
        Withheld.objects.create(
            video=video,
            language=language,
            source_name=track.source_name,
            lines=[list(each) for each in lines],
        )
        remove(video, language)
    return writers(video, language)


def writers(video: Video, language: str) -> list[int]:
    """The accounts whose lines the subtitles of a language are: those written in the studio.

    As far as they let us keep who wrote one.
    """
    edition = Edition.objects.filter(video=video, language=language).first()
    written = queries.rows(edition) if edition is not None else []
    return sorted({row.author for row in written if row.author is not None and row.text})


def reword(video: Video, language: str, lines: Iterable[Timed]) -> None:
    """Let what is withheld be these lines, of which some were taken back meanwhile."""
    kept = [Kept(each.start_ms, each.end_ms, each.text, each.settings) for each in lines]
    Withheld.objects.filter(video=video, language=language).update(lines=kept)


def leave_out(video: Video, language: str, words: Collection[str], *, source: str) -> None:
    """Take lines off a film that say just these `words`, if its track came from that `source`.

    Of what is withheld too; a track of which nothing is left is none.
    """
    for held in Withheld.objects.filter(video=video, language=language, source_name=source):
        held.lines = [each for each in held.lines if Kept(*each).text not in words]
        held.save(update_fields=["lines"])
    for track in Track.objects.filter(video=video, language=language, source_name=source):
        lines = list(track.cues.all())
        left = [each for each in lines if each.text not in words]
        if not left:
            remove(video, language)
        elif len(left) < len(lines):
            put(video, language, left, source=source, notes=track.notes)


def give_back(video: Video, language: str) -> None:
    """Put withheld subtitles back on their film, as far as nobody took them back."""
    with transaction.atomic():
        for held in Withheld.objects.filter(video=video, language=language):
            held.delete()
            if not held.lines:
                continue
            put(video, language, [Kept(*each) for each in held.lines], source=held.source_name)
