"""What can be done to the catalogue."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from plainview.domains.catalogue.models import Season, Title, Video
from plainview.domains.catalogue.search import every_title, terms_of
from plainview.platform.identifiers import new_key
from plainview.platform.search import shelves

ARTWORK_TYPES = {
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
}


def add_film(*, name: str, language: str = "und", published: bool = True) -> Video:
    """A new film title with one video, under a slug made from `name`; returns the video."""
    with transaction.atomic():
        title = Title.objects.create(
            slug=_free_slug(name),
            texts={_text_language(language): {"name": name}},
            original_language=language,
            published_at=timezone.now() if published else None,
        )
        video = Video.objects.create(title=title, language=language)
        reindex(title)
    return video


def add_episode(title: Title, *, season: int, number: int, language: str = "und") -> Video:
    """A new episode of a series, making its season if need be; raises IntegrityError if taken."""
    with transaction.atomic():
        place, _ = Season.objects.get_or_create(title=title, number=season)
        return Video.objects.create(
            title=title,
            kind=Video.Kind.EPISODE,
            season=place,
            number=number,
            language=language,
        )


def rename(title: Title, *, name: str, language: str) -> None:
    """Give a title its name in a language. Its address stays, so that links go on working."""
    with transaction.atomic():
        found = Title.objects.select_for_update().get(pk=title.pk)
        words = found.texts.setdefault(_text_language(language), {})
        words["name"] = name
        found.save(update_fields=["texts"])
        reindex(found)


def publish(title: Title) -> None:
    """Show a title to everyone; one that is shown keeps its place in the programme."""
    Title.objects.filter(pk=title.pk, published_at=None).update(published_at=timezone.now())


def unpublish(title: Title) -> None:
    """Show a title to nobody but the staff; its films and what people kept of them stay."""
    Title.objects.filter(pk=title.pk).update(published_at=None)


def reindex(title: Title) -> None:
    """Bring the index up to date with a title's words, people and genres."""
    Title.objects.filter(pk=title.pk).update(search_terms=terms_of(title))
    fresh = every_title().get(pk=title.pk)
    shelves.changed(fresh, *fresh.genres.all(), *(each.person for each in fresh.credits.all()))


def store_artwork(data: bytes, suffix: str) -> str:
    """Keep a picture under a name made of its content; returns the name. Storing twice is harmless.

    A drawing is kept compressed as well, for those who take it so. Raises ValueError for a kind of
    file that is not a picture of the web.
    """
    if suffix not in ARTWORK_TYPES:
        raise ValueError(f"{suffix} is not a kind of picture that is shown")
    name = hashlib.sha256(data).hexdigest()[:20] + suffix
    folder = Path(settings.MEDIA_ROOT) / "artwork"
    folder.mkdir(parents=True, exist_ok=True)
    if suffix == ".svg":
        _keep(folder / f"{name}.gz", gzip.compress(data, mtime=0))
    _keep(folder / name, data)
    return name


def _keep(path: Path, data: bytes) -> None:
    if not path.exists():
        fresh = path.with_name(f".{new_key()}")
        fresh.write_bytes(data)
        fresh.replace(path)


def _text_language(language: str) -> str:
    return "en" if language in ("", "und") else language


def _free_slug(name: str) -> str:
    stem = slugify(name, allow_unicode=True)[:100] or "untitled"
    slug = stem
    while Title.objects.filter(slug=slug).exists():
        slug = f"{stem}-{new_key(4)}"
    return slug
