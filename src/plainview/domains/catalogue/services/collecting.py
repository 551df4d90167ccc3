"""Collections: what is in them, in which order, and which are rows of home."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from plainview.domains.catalogue.document import Texts
from plainview.domains.catalogue.models import Collection, Entry, Title
from plainview.domains.catalogue.services.filing import slug_of
from plainview.platform.overtaking import looks_again


@looks_again
def make_collection(texts: Texts, *, on_home: bool) -> Collection | None:
    """A new collection under an address made of its first name; None if that is taken."""
    slug = slug_of(texts, 100)
    if not slug or Collection.objects.filter(slug=slug).exists():
        return None
    Collection.objects.create(slug=slug)
    return collect(slug, texts=texts, on_home=on_home)


def collect(slug: str, *, texts: Texts, on_home: bool) -> Collection:
    """Make a collection, or change its words and whether home shows it (a new row is last)."""
    with transaction.atomic():
        row, _ = Collection.objects.get_or_create(slug=slug)
        row.texts = texts
        if not on_home:
            row.place = None
        elif row.place is None:
            row.place = _after(Collection.objects.filter(place__isnull=False), "place")
        row.save()
    return row


def add_entry(collection: Collection, title: Title) -> None:
    """Put a title at the end; one that is there stays where it is."""
    Entry.objects.get_or_create(
        collection=collection,
        title=title,
        defaults={"position": _after(collection.entries, "position")},
    )


def remove_entry(collection: Collection, title: Title) -> None:
    """Take a title out."""
    collection.entries.filter(title=title).delete()


def move(collection: Collection, title: int, place: int) -> None:
    """Put an entry at a place counted from 0; one beyond the end is the last."""
    with transaction.atomic():
        rows = list(collection.entries.select_for_update())
        _reorder(Entry, rows, [each for each in rows if each.title_id == title], place, "position")


def move_row(collection: Collection, place: int) -> None:
    """Put a row of home at a place counted from 0."""
    with transaction.atomic():
        rows = list(Collection.objects.select_for_update().filter(place__isnull=False))
        _reorder(Collection, rows, [each for each in rows if each == collection], place, "place")


def _after(rows: Any, field: str) -> int:
    """The place behind all rows, which may have gaps where others were taken out."""
    last = rows.order_by(field).last()
    return 0 if last is None else getattr(last, field) + 1


def _reorder(kind: Any, rows: list[Any], moved: list[Any], place: int, field: str) -> None:
    rest = [each for each in rows if each not in moved]
    place = max(0, min(place, len(rest)))
    for number, row in enumerate([*rest[:place], *moved, *rest[place:]]):
        if getattr(row, field) != number:
            kind.objects.filter(pk=row.pk).update(**{field: number})
