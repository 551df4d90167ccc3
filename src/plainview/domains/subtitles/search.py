"""Finding who said what: the lines of the tracks that films are shown with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from plainview.domains.catalogue.models import Title, Video, released
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.models import Cue, Track
from plainview.platform.expressions import Keys
from plainview.platform.search import hearing, shelves
from plainview.platform.search.shelves import Said
from plainview.privacy.caching import Board

MOST = 200
MOST_HELD = 2000


def _lines(tracks: Sequence[Track]) -> Iterator[Said]:
    rows = Cue.objects.filter(track__in=[track.pk for track in tracks]).order_by()
    for scope, pk, text in rows.values_list("track_id", "pk", "text").iterator(5000):
        yield Said(scope, pk, formats.plain_text(text))


def _sizes(tracks: QuerySet[Track]) -> Iterable[tuple[int, int]]:
    return tracks.order_by("pk").annotate(size=Count("cues")).values_list("pk", "size")


shelves.declare_lines(
    Track,
    language=lambda track: track.language,
    lines=_lines,
    shown=lambda: Track.objects.filter(video__title__published_at__isnull=False),
    size=_sizes,
    of={Title: lambda titles: Track.objects.filter(video__title__in=titles)},
)


@dataclass(frozen=True, slots=True)
class Lines:
    """What was found said: keys of cues, best first, and how many in each language.

    `meant` is how the query is probably spelled, if only so anything was found.
    """

    keys: list[int]
    languages: dict[str, int]
    meant: str = ""


def said(query: str, *, language: str = "") -> Lines:
    """The lines of films in the programme in which `query` is said; in one `language` if named."""
    answers = hearing.said(query, _visible, MOST)
    languages = Counter(line.language for line in answers.found)
    keys = [line.id for line in answers.found if not language or line.language == language]
    return Lines(keys, dict(languages), answers.meant)


_board: Board[dict[int, datetime | None] | None] = Board(Title, Video, Track)


def _visible(tracks: set[int]) -> Iterable[int]:
    """Those of films in the programme: told by what is held back, or asked where that is much."""
    held, now = _board.get("held", _held_back), timezone.now()
    if held is None:
        found = Track.objects.order_by().filter(released("video__title__"), pk__in=Keys(tracks))
        return found.values_list("pk", flat=True)
    return [key for key in tracks if (at := held.get(key, now)) and at <= now]


def _held_back() -> dict[int, datetime | None] | None:
    """The tracks of other films, and when each film comes; None if they are too many."""
    moment = "video__title__published_at"
    others = Q(**{f"{moment}__isnull": True}) | Q(**{f"{moment}__gt": timezone.now()})
    pairs = Track.objects.order_by().filter(others).values_list("pk", moment)
    held = dict(pairs[: MOST_HELD + 1])
    return held if len(held) <= MOST_HELD else None


_OF_A_FILM = (
    *(f"track__video__{name}" for name in ("key", "kind", "number", "season__number")),
    *(f"track__video__title__{name}" for name in ("slug", "texts", "original_language")),
    *(f"track__video__title__{name}" for name in ("licensed", "announced_at", "published_at")),
)


def cues(keys: list[int]) -> list[Cue]:
    """The cues of these keys in their order, with what a page says of each and of its film."""
    rows = (
        Cue.objects.select_related("track__video__title", "track__video__season")
        .only("start_ms", "text", "track__language", *_OF_A_FILM)
        .order_by()
        .in_bulk(keys)
    )
    titles = [cue.track.video.title for cue in rows.values()]
    prefetch_related_objects([title for title in titles if title.licensed], "licences")
    return [rows[key] for key in keys if key in rows]
