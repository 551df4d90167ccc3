"""Chapters and marks of a film: taken from its file, or entered by an editor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from plainview.domains.catalogue.models import Video
from plainview.domains.playback.models import Chapter, Mark, Package
from plainview.platform import media
from plainview.platform.search.terms import fold

MOST_CHAPTERS = 200
MINUTE = 60_000
SAID = {
    Mark.Kind.RECAP: (
        5 * MINUTE,
        "recap / previously / previously on / last time / was bisher geschah / resumen / resume /"
        " resumo / الملخص / في الحلقات السابقة / 지난 이야기 / 前回のあらすじ / 前情提要",
    ),
    Mark.Kind.INTRO: (
        5 * MINUTE,
        "intro / op / opening / opening credits / opening theme / title sequence / main titles /"
        " vorspann / generique de debut / cabecera / abertura / شارة البداية / 오프닝 /"
        " オープニング / 片头 / 片頭",
    ),
    Mark.Kind.CREDITS: (
        15 * MINUTE,
        "credits / end credits / closing credits / abspann / generique de fin / creditos /"
        " شارة النهاية / エンドロール / 크레딧 / 片尾",
    ),
}
"""How long such a stretch is at most, and what chapters are called that are one."""
SHORT_CREDITS = (3 * MINUTE, "ed / ending / outro / エンディング / 엔딩")
_CLOCK = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?")


class Entry(NamedTuple):
    """A chapter as entered."""

    start_ms: int
    title: str


def adopt_chapters(
    video: Video, found: Sequence[media.Chapter], *, before: Sequence[media.Chapter] = ()
) -> None:
    """Keep the chapters of a file, unless the video has some: an editor's work is not undone.

    Those that the file `before` brought, and nobody changed, are no such work. Those without a
    name, and a lone one at the beginning, say nothing and are left out. What is called an opening,
    a recap or credits is marked as that, where no editor marked anything.
    """
    named = _named(found)
    there = list(video.chapters.values_list("start_ms", "title"))
    if len(named) < 2 or (there and there != _named(before)):
        return
    marked = {kind: (start, end) for kind, start, end in _marks(video)}
    untouched = not marked or (there and marked == _marked(before))
    keep_marks(
        video,
        [Entry(at, title) for at, title in named],
        _marked(found) if untouched else marked,
    )


def chapters_of(package: Package) -> list[media.Chapter]:
    """The chapters of the file that a package was made of; none where they were not kept yet."""
    return msgspec.convert(package.contents.get("chapters", []), list[media.Chapter])


def _named(found: Iterable[media.Chapter]) -> list[tuple[int, str]]:
    """Where the chapters with a name begin, in ms, and their names; one for each moment."""
    named = {each.start_ms: each.title.strip() for each in found if each.title.strip()}
    return sorted(named.items())[:MOST_CHAPTERS]


def _marked(found: Sequence[media.Chapter]) -> dict[str, tuple[int, int]]:
    """What chapters are called marks: the first of each kind, with its bounds in ms."""
    return {
        kind.value: (each.start_ms, each.end_ms)
        for each in reversed(found)
        if (kind := _kind_of(each))
    }


def _marks(video: Video) -> list[tuple[str, int, int]]:
    return list(video.marks.values_list("kind", "start_ms", "end_ms"))


def _kind_of(chapter: media.Chapter) -> Mark.Kind | None:
    """What a chapter is by its name, if it is as short as such a one is."""
    lasts = chapter.end_ms - chapter.start_ms
    for kind, (longest, names) in (*SAID.items(), (Mark.Kind.CREDITS, SHORT_CREDITS)):
        known = {fold(name) for name in names.split(" / ")}
        if 0 < lasts <= longest and fold(chapter.title.strip()) in known:
            return kind
    return None


def keep_marks(
    video: Video, chapters: Iterable[Entry], marks: Mapping[str, tuple[int, int]]
) -> None:
    """Put chapters and marks in the place of those that are there. Bounds are milliseconds."""
    with transaction.atomic():
        video.chapters.all().delete()
        video.marks.all().delete()
        Chapter.objects.bulk_create(Chapter(video=video, **each._asdict()) for each in chapters)
        Mark.objects.bulk_create(
            Mark(video=video, kind=kind, start_ms=start, end_ms=end)
            for kind, (start, end) in marks.items()
        )


def chapters_within(video: Video, length: int | None) -> list[Entry]:
    """The chapters of a video that begin before its end, `length` in ms if it has a film.

    What an editor entered may go on behind it, where a shorter film took the place of another.
    """
    there = video.chapters.values_list("start_ms", "title")
    return [Entry(at, title) for at, title in there if length is None or at < length]


def marks_within(video: Video, length: int | None) -> dict[str, tuple[int, int]]:
    """The marks of a video that begin before its end, `length`, and end by then; all in ms."""
    return {
        kind: (start, end if length is None else min(end, length))
        for kind, start, end in _marks(video)
        if length is None or start < length
    }


def parts_of(package: Package) -> dict[str, list[dict[str, Any]]]:
    """Chapters and marks of a film for a player, in seconds."""
    video, length = package.video, package.duration_ms
    return {
        "chapters": [
            {"start": at / 1000, "title": title} for at, title in chapters_within(video, length)
        ],
        "marks": [
            {"kind": kind, "start": start / 1000, "end": end / 1000}
            for kind, (start, end) in marks_within(video, length).items()
        ],
    }


def from_clock(text: str) -> int:
    """Milliseconds of `1:02:03.5`, `62:03` or `3723`. Raises ValueError."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds, rest = found.groups()
    if (minutes and int(seconds) > 59) or (hours and int(minutes) > 59):
        raise ValueError(text)
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole * 1000 + int((rest or "0").ljust(3, "0"))


def to_clock(milliseconds: int) -> str:
    """The other way round: `1:02:03.5`."""
    seconds, rest = divmod(milliseconds, 1000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}".rstrip("0") if rest else text
