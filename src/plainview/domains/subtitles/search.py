"""Finding who said what: the lines of the tracks that films are shown with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from plainview.domains.catalogue.models import Title
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.models import Cue, Track
from plainview.platform.search import finding, shelves
from plainview.platform.search.models import Passage
from plainview.platform.search.shelves import Said

MOST = 200


def _lines(track: Track) -> Iterator[Said]:
    for pk, text in track.cues.values_list("pk", "text"):
        yield Said(pk, formats.plain_text(text))


shelves.declare_lines(Track, language=lambda track: track.language, lines=_lines)


@dataclass(frozen=True, slots=True)
class Lines:
    """What was found said: keys of cues, best first, and how many in each language."""

    keys: list[int]
    languages: dict[str, int]


def said(query: str, titles: QuerySet[Title], *, language: str = "") -> Lines:
    """The lines of `titles` in which `query` is said; in one `language` if it is named."""
    tracks = Track.objects.order_by().filter(
        pk=OuterRef("scope"), video__title__in=titles.order_by()
    )
    found = finding.said(query, Passage.objects.filter(Exists(tracks)), MOST)
    spoken = dict(Passage.objects.filter(pk__in=found).values_list("pk", "language"))
    languages: dict[str, int] = {}
    for tag in spoken.values():
        languages[tag] = languages.get(tag, 0) + 1
    keys = [key for key in found if not language or spoken.get(key) == language]
    return Lines(keys, languages)


def cues(keys: list[int]) -> list[Cue]:
    """The cues of these keys in their order, each with its track, video and title."""
    rows = Cue.objects.select_related("track__video__title", "track__video__season").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
