"""Filing: new titles and episodes, the search column, pictures in the store."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from plainview.domains.catalogue.document import Texts, picture_file
from plainview.domains.catalogue.models import Season, Title, Video
from plainview.domains.catalogue.search import terms_of, with_words
from plainview.platform.identifiers import new_key
from plainview.platform.overtaking import looks_again
from plainview.platform.search import shelves
from plainview.platform.storage.whole import put_whole

AT_ONCE = 200
"""So many titles are read together for the index."""
ARTWORK_TYPES = {
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
}


@looks_again
def add_film(*, name: str, language: str = "und", published: bool = True) -> Video:
    """A new film title with one video, under a slug made from `name`; returns the video."""
    at = timezone.now() if published else None
    title = _begun(name, language, published_at=at)
    video = Video.objects.create(title=title, language=language)
    reindex([title])
    return video


@looks_again
def add_series(*, name: str, language: str = "und") -> Title:
    """A new series without an episode, not published, under a slug made from `name`."""
    title = _begun(name, language, kind=Title.Kind.SERIES)
    reindex([title])
    return title


def _begun(name: str, language: str, **more: Any) -> Title:
    return Title.objects.create(
        slug=_free_slug(name),
        texts={_text_language(language): {"name": name}},
        original_language=language,
        **more,
    )


def add_episode(title: Title, *, season: int, number: int, language: str, name: str) -> Video:
    """An episode of a series, making its season if need be; one that is there stays as it is."""
    with transaction.atomic():
        place, _ = Season.objects.get_or_create(title=title, number=season)
        video, _ = Video.objects.get_or_create(
            title=title,
            season=place,
            number=number,
            defaults={
                "kind": Video.Kind.EPISODE,
                "language": language,
                "texts": {_text_language(language): {"name": name}} if name else {},
            },
        )
        reindex([title])
    return video


def discard_episode(video: Video) -> bool:
    """Take out an episode that never had a film, its season if that is empty, and a series of none.

    A series that was published or changed by somebody stays; whether it went. Nobody's rows are
    looked through: where one refers to what goes, the transaction fails with IntegrityError.
    """
    with transaction.atomic():
        _drop(Video, video.pk)
        if video.season is not None and not video.season.episodes.exists():
            _drop(Season, video.season.pk)
        title = Title.objects.get(pk=video.title_id)
        begun = title.published_at or title.revisions.exists() or title.videos.exists()
        if not begun:
            _drop(Title, title.pk)
    return not begun


def _drop(kind: type[Model], key: int) -> None:
    rows: Any = kind._default_manager.filter(pk=key)
    rows._raw_delete(rows.db)


def reindex(titles: Sequence[Title], *, former: Iterable[Model] = ()) -> None:
    """Bring the index up to date with the words of titles, and with all who and what is of them.

    `former` are the people, genres and tags that were of them until now.
    """
    beside = {(type(each), each.pk): each for each in former}
    for at in range(0, len(titles), AT_ONCE):
        some = [title.pk for title in titles[at : at + AT_ONCE]]
        found = list(with_words(Title.objects.filter(pk__in=some)))
        for each in found:
            Title.objects.filter(pk=each.pk).update(search_terms=terms_of(each))
            people = [credit.person for credit in each.credits.all()]
            near = [*people, *each.genres.all(), *each.tags.all()]
            beside |= {(type(one), one.pk): one for one in near}
        shelves.changed(*found, described=True)
    shelves.changed(*beside.values())


def store_artwork(data: bytes, suffix: str) -> str:
    """Keep a picture under a name made of its content; returns the name. Storing twice is harmless.

    A drawing is kept compressed as well, for those who take it so. Raises ValueError for a kind of
    file that is not a picture of the web.
    """
    if suffix not in ARTWORK_TYPES:
        raise ValueError(f"{suffix} is not a kind of picture that is shown")
    name = hashlib.sha256(data).hexdigest()[:20] + suffix
    path = picture_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == ".svg":
        _keep(picture_file(f"{name}.gz"), gzip.compress(data, mtime=0))
    _keep(path, data)
    return name


def remove_artwork(name: str) -> None:
    """Remove a picture from the store. One that is not there is no error."""
    for path in (picture_file(f"{name}.gz"), picture_file(name)):
        path.unlink(missing_ok=True)


def _keep(path: Path, data: bytes) -> None:
    if not path.exists():
        put_whole(path, data, mode=0o666)


def _text_language(language: str) -> str:
    return "en" if language in ("", "und") else language


def slug_of(texts: Texts, longest: int) -> str:
    """The last part of an address, made of the first name in some words; empty if none has one."""
    names = [fields["name"] for fields in texts.values() if fields.get("name")]
    return slugify(names[0], allow_unicode=True)[:longest] if names else ""


def _free_slug(name: str) -> str:
    stem = slugify(name, allow_unicode=True)[:100] or "untitled"
    slug = stem
    while Title.objects.filter(slug=slug).exists():
        slug = f"{stem}-{new_key(4)}"
    return slug
