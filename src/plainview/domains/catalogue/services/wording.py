"""The words of what titles are sorted by and made by: people, genres, tags, episodes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from plainview.domains.catalogue.document import Texts
from plainview.domains.catalogue.models import Label, Person, Title, Video
from plainview.domains.catalogue.services.filing import reindex, slug_of
from plainview.platform.overtaking import looks_again


@looks_again
def make_word(kind: type[Label] | type[Person], texts: Texts) -> Label | Person | None:
    """A new person, genre or tag under an address made of its first name; None if that is taken."""
    slug = slug_of(texts, 60)
    rows: Any = kind._default_manager
    if not slug or rows.filter(slug=slug).exists():
        return None
    made: Label | Person = rows.create(slug=slug, texts=texts)
    return made


def reword(row: Label | Person, texts: Texts, *, reveals: list[str] | None = None) -> None:
    """Change the words of a person, genre or tag, and what a label says of those drawn to it.

    The titles that have it are found by the new words.
    """
    with transaction.atomic():
        row.texts = texts
        if reveals is not None and isinstance(row, Label):
            row.reveals = reveals
        row.save()
        for title in _titles(row):
            reindex([title])


def discard(row: Label) -> bool:
    """Delete a genre or tag that no title has; whether it is gone."""
    if in_use(row):
        return False
    row.delete()
    return True


def in_use(row: Label) -> bool:
    """Whether a title has it."""
    return _titles(row).exists()


def _titles(row: Label | Person) -> QuerySet[Title]:
    path = "credits__person" if isinstance(row, Person) else f"{type(row).__name__.lower()}s"
    return Title.objects.filter(**{path: row}).distinct()


def reword_video(video: Video, texts: Texts) -> None:
    """Change the name and story of an episode, or of any film."""
    with transaction.atomic():
        video.texts = texts
        video.save(update_fields=["texts"])
        reindex([video.title])
