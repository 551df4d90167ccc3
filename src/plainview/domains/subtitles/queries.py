"""What can be asked about subtitles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse

from plainview.domains.catalogue.models import Video, listed
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.models import (
    Cue,
    Edition,
    Line,
    Note,
    Retiming,
    Revision,
    Segment,
    State,
    Track,
    Withheld,
)
from plainview.platform.languages import own_name
from plainview.platform.media.playlists import Text

CLOSING_AFTER, CLOSING_LASTS, CLOSING_LEAST = 500, 5000, 1500
"""When after the last line the names of those who made it stand on the picture; in ms."""
MAX_MS = 48 * 3_600_000
OVERLAP = timedelta(seconds=5)


def cues(key: str, language: str, *, drafts: bool = False) -> list[Cue] | None:
    """The cues of a video's track in the order of time, or None if there is no track.

    Of what is in the programme, or of `drafts` too.
    """
    seen = Q() if drafts else listed("video__title__")
    track = Track.objects.filter(seen, video__key=key, language=language).first()
    return None if track is None else list(track.cues.all())


def has_track(key: str, language: str) -> bool:
    """Whether there are subtitles of a video in a language."""
    return Track.objects.filter(video__key=key, language=language).exists()


def playlists(video: Video) -> list[Text]:
    """The subtitles of a video, each with the address of its playlist."""
    return [
        Text(
            track.language,
            track.label,
            reverse("subtitles-playlist", args=[video.key, track.language]),
        )
        for track in Track.objects.filter(video=video)
    ]


def webvtt(
    key: str, language: str, closing: str = "", *, lasts_ms: int = MAX_MS, drafts: bool = False
) -> str | None:
    """The track as a WebVTT file, or None if there is no such track in the programme (or `drafts`).

    `closing` is said after the last line, within the film's length: who made it. Where too little
    is left of the film, it stands at the top over its last moments.
    """
    found = cues(key, language, drafts=drafts)
    if found is None:
        return None
    written = [
        formats.Cue(start_ms=cue.start_ms, end_ms=cue.end_ms, text=cue.text, settings=cue.settings)
        for cue in found
    ]
    if closing and written:
        begins = max(cue.end_ms for cue in written) + CLOSING_AFTER
        put = ""
        if begins + CLOSING_LEAST > lasts_ms:
            begins, put = max(0, lasts_ms - CLOSING_LASTS), "line:0"
        ends = min(begins + CLOSING_LASTS, lasts_ms)
        written.append(formats.Cue(begins, ends, closing, put))
    return formats.write_webvtt(written, language)


def moved_since(video: int, moment: datetime) -> tuple[set[int], set[int]]:
    """Segments of a video whose times were set, or that came, since a moment; and those that went.

    What was being saved while somebody looked may come twice, but is not left out (`OVERLAP`).
    """
    since = moment - OVERLAP
    touched = Retiming.objects.filter(segment__video=video, made_at__gt=since).order_by()
    taken = Segment.objects.filter(video=video, removed_at__gt=since)
    gone = set(taken.values_list("pk", flat=True))
    return set(touched.values_list("segment", flat=True)) - gone, gone


@dataclass(slots=True)
class Row:
    """A segment and what is said in it in one language: canonical cue text, "" for nothing yet."""

    segment: int
    start_ms: int
    end_ms: int
    timing: int
    version: int = 0
    text: str = ""
    settings: str = ""
    original: str = ""
    author: int | None = None
    notes: int = 0


def segments(edition: Edition) -> QuerySet[Segment]:
    """The segments of an edition's video in the order of time, without those taken away."""
    return Segment.objects.filter(video=edition.video_id, removed_at=None)


def rows(edition: Edition, only: Collection[int] | None = None) -> list[Row]:
    """Every segment of an edition's video (or those of `only`) in the order of time, with its line.

    Segments that were taken away are left out.
    """
    places = segments(edition)
    if only is not None:
        places = places.filter(pk__in=only)
    found = {
        pk: Row(pk, start, end, timing)
        for pk, start, end, timing in places.values_list("pk", "start_ms", "end_ms", "version")
    }
    lines = Line.objects.filter(edition=edition)
    if only is not None:
        lines = lines.filter(segment__in=only)
    by_line: dict[int, Row] = {}
    for pk, segment, version in lines.values_list("pk", "segment", "version"):
        if segment in found:
            by_line[pk] = found[segment]
            found[segment].version = version
    newest = current(edition, None if only is None else by_line)
    fields = ("line_id", "text", "account_id", "settings", "original")
    for pk, text, author, settings, original in newest.order_by().values_list(*fields):
        if (row := by_line.get(pk)) is not None:
            row.text, row.author = text, author
            row.settings, row.original = settings, original
    for segment, count in open_notes(edition.pk)[edition.pk].items():
        if segment in found:
            found[segment].notes = count
    return list(found.values())


def open_notes(*editions: int) -> dict[int, dict[int, int]]:
    """How many notes of each edition nobody settled yet, by segment; none of one without any."""
    found: dict[int, dict[int, int]] = {each: {} for each in editions}
    notes = Note.objects.filter(line__edition__in=editions, settled=False).order_by()
    counted = notes.values_list("line__edition", "line__segment").annotate(n=Count("id"))
    for edition, segment, count in counted:
        found[edition][segment] = count
    return found


def timings(*videos: int) -> dict[int, int]:
    """What tells whether somebody moved a segment of a video since, added one or took one away.

    The versions of all their times, each as many times as its number says: without it, of two that
    were joined one version goes as another comes. `model.ts` makes the same of the rows it has.
    """
    segments = Segment.objects.filter(video__in=videos, removed_at=None).order_by()
    return dict(segments.values_list("video").annotate(all=Sum(F("version") * F("id"))))


def current(edition: Edition, lines: Iterable[int] | None = None) -> QuerySet[Revision]:
    """The newest version that is still there of each line (or of `lines`)."""
    newer = Revision.objects.filter(line=OuterRef("line"), version__gt=OuterRef("version"))
    found = Revision.objects.filter(~Exists(newer), line__edition=edition)
    return found if lines is None else found.filter(line__in=lines)


UNFINISHED = frozenset({State.DRAFT, State.REVIEW})
"""The states in which an edition is still being made."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a language of a video is: its lines, of so many segments, and in which state."""

    language: str
    label: str
    filled: int
    segments: int
    state: str
    video_key: str

    @property
    def percent(self) -> int:
        return percent(self.filled, self.segments)


def progress(videos: Iterable[int]) -> list[Progress]:
    """How far the editions of these videos are, for pages that everyone may see."""
    wanted = list(videos)
    editions = Edition.objects.filter(video__in=wanted).select_related("video").order_by("language")
    totals = dict(
        Segment.objects.filter(video__in=wanted, removed_at=None)
        .order_by()
        .values_list("video")
        .annotate(n=Count("id"))
    )
    return [
        Progress(
            each.language,
            own_name(each.language),
            each.filled,
            totals.get(each.video_id, 0),
            each.state,
            each.video.key,
        )
        for each in editions
    ]


def underway(found: Iterable[Progress]) -> list[Progress]:
    """How far each language is over all the videos in which it was begun, the released among them.

    Languages of which nothing is left to do are not in it; the video is the first unfinished one.
    """
    languages: dict[str, list[Progress]] = {}
    for each in found:
        languages.setdefault(each.language, []).append(each)
    unfinished = [
        (begun, next((each for each in begun if each.state in UNFINISHED), None))
        for begun in languages.values()
    ]
    return [
        replace(
            first,
            filled=sum(min(each.filled, each.segments) for each in begun),
            segments=sum(each.segments for each in begun),
        )
        for begun, first in unfinished
        if first is not None
    ]


def withheld(edition: Edition) -> bool:
    """Whether a copyright notice holds these subtitles off their film."""
    return Withheld.objects.filter(video=edition.video_id, language=edition.language).exists()


def percent(filled: int, segments: int) -> int:
    """Whole per cent, rounded down: a hundred means that nothing is missing."""
    return min(100, filled * 100 // segments) if segments else 0
