"""Bringing the demonstration into the database: rows at once, films one by one by jobs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from plainview.domains.catalogue import services
from plainview.domains.catalogue.models import (
    Credit,
    Genre,
    Licence,
    Person,
    Season,
    Tag,
    Title,
    Video,
)
from plainview.domains.playback.models import Ingest
from plainview.domains.subtitles import services as subtitles
from plainview.platform.jobs import queue

if TYPE_CHECKING:
    from plainview.demo import catalogue

TASK = "demo.film"


def load() -> int:
    """Load the demonstration into an empty catalogue; returns the number of films under way.

    0 if there is any title already. All rows come in one transaction, or none; what takes long is
    done before it, since others may write meanwhile.
    """
    from plainview.demo import catalogue  # noqa: PLC0415 - NumPy, for who draws

    if Title.objects.exists():
        return 0
    demo = catalogue.load()
    read = {
        path: subtitles.read_file(path.read_bytes(), filename=path.name, language=language)
        for title in demo.titles
        for video in title.videos
        for language, path in video.subtitle_paths().items()
    }
    drawn = {
        title.slug: [
            services.store_artwork(each, ".svg") for each in (title.poster, title.backdrop)
        ]
        for title in demo.titles
    }
    with transaction.atomic():
        if Title.objects.exists():
            return 0
        people = {
            slug: Person.objects.create(slug=slug, texts=texts)
            for slug, texts in demo.people.items()
        }
        genres = {
            slug: Genre.objects.create(slug=slug, texts=texts, position=place)
            for place, (slug, texts) in enumerate(demo.genres.items())
        }
        for place, (slug, texts) in enumerate(demo.tags.items()):
            Tag.objects.create(slug=slug, texts=texts, position=place)
        videos = [
            video
            for place, declared in enumerate(demo.titles)
            for video in _title(declared, place, people, genres, drawn[declared.slug], read)
        ]
        services.reindex(list(Title.objects.all()))
        for slug, made in demo.collections.items():
            row = services.collect(slug, texts=made.texts, on_home=True)
            for title in made.titles:
                services.add_entry(row, Title.objects.get(slug=title))
        for video in videos:
            announce(video)
        queue.enqueue(TASK, video_id=videos[0].pk)
    return len(videos)


def announce(video: Video) -> None:
    """Say of a film that will be drawn that it is being prepared, until it is."""
    Ingest.objects.create(
        video=video,
        title=video.title,
        name=video.name.text,
        language=video.language,
        source_name=f"{video.key}.mp4",
    )


def announced(video: Video) -> QuerySet[Ingest]:
    """What `announce` said of a film and nothing has come of yet: no file stands behind it."""
    waiting = Ingest.objects.filter(video=video, state=Ingest.State.WAITING)
    empty = [each.pk for each in waiting if not each.incoming.exists()]
    return Ingest.objects.filter(pk__in=empty)


def give_up(video_id: int) -> None:
    """Say that a film could not be drawn, and go on with the next."""
    video = Video.objects.filter(pk=video_id).first()
    if video is not None:
        announced(video).update(
            state=Ingest.State.FAILED,
            problem_code="not-drawn",
            problem="The demonstration could not draw this film.",
            remedy="Look at the job's error in the log, then load the demonstration anew.",
            finished_at=timezone.now(),
        )
    go_on_after(video_id)


def _title(
    declared: catalogue.Title,
    place: int,
    people: dict[str, Person],
    genres: dict[str, Genre],
    drawn: list[str],
    read: dict[Path, subtitles.Read],
) -> list[Video]:
    """One title with its people, genres, pictures, videos and subtitles; returns the videos."""
    now, (poster, backdrop) = timezone.now(), drawn
    title = Title.objects.create(
        slug=declared.slug,
        kind=declared.kind,
        texts=declared.texts,
        original_language=declared.original_language,
        year=declared.year,
        countries=declared.countries,
        ratings=declared.ratings,
        accent=declared.accent,
        poster=poster,
        backdrop=backdrop,
        featured=place,
        reveals=declared.reveals,
        licensed=bool(declared.licences),
        announced_at=now,
        published_at=now + timedelta(days=declared.comes_in or 0, minutes=-place),
    )
    title.genres.set(genres[slug] for slug in declared.genres)
    title.tags.set(Tag.objects.filter(slug__in=declared.tags))
    Licence.objects.bulk_create(
        Licence(
            title=title,
            territories=each.territories,
            excluded=each.excluded,
            opens_at=None if each.opens_in is None else now + timedelta(days=each.opens_in),
            closes_at=None if each.closes_in is None else now + timedelta(days=each.closes_in),
        )
        for each in declared.licences
    )
    Credit.objects.bulk_create(
        Credit(
            title=title,
            person=people[credit.person],
            role=credit.role,
            texts=credit.texts,
            position=position,
        )
        for position, credit in enumerate(declared.credits)
    )
    return [_video(title, video, read) for video in declared.videos]


def _video(title: Title, declared: catalogue.Video, read: dict[Path, subtitles.Read]) -> Video:
    season = None
    if declared.season is not None:
        season, _ = Season.objects.get_or_create(title=title, number=declared.season)
    video = Video.objects.create(
        title=title,
        kind=Video.Kind.EPISODE if season else Video.Kind.FEATURE,
        season=season,
        number=declared.number,
        texts=declared.texts,
        language=declared.language,
    )
    for path in declared.subtitle_paths().values():
        subtitles.keep_file(video, read[path])
    return video


def go_on_after(video_id: int) -> None:
    """Ask for the next film, after the ingest of this one: the first can be watched soon."""
    following = Video.objects.filter(pk__gt=video_id, title__featured__isnull=False)
    if video := following.order_by("pk").first():
        queue.enqueue(TASK, video_id=video.pk)


def declared_as(video: Video) -> catalogue.Video:
    """What the demonstration says of a video of its own; raises LookupError for any other."""
    from plainview.demo import catalogue  # noqa: PLC0415 - likewise

    season = video.season.number if video.season else None
    for title in catalogue.load().titles:
        for declared in title.videos:
            if (title.slug, declared.season, declared.number) == (
                video.title.slug,
                season,
                video.number,
            ):
                return declared
    raise LookupError(video.key)
