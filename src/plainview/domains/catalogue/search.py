"""Finding titles by name, person or genre, in any script and without accents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from plainview.domains.catalogue.models import Credit, Genre, Person, Title, Video
from plainview.domains.catalogue.queries import genres_in_use, published
from plainview.platform.search import finding, shelves
from plainview.platform.search.models import Entry
from plainview.platform.search.shelves import Description
from plainview.platform.search.terms import column

M = TypeVar("M", bound=Model)
MOST_PEOPLE, MOST_GENRES = 12, 5


def terms_of(title: Title) -> str:
    """The search column of a title: its names in all languages, its people, its genres."""
    texts = [fields.get("name", "") for fields in title.texts.values()]
    for video in title.videos.all():
        texts += [fields.get("name", "") for fields in video.texts.values()]
    for credit in title.credits.select_related("person"):
        texts += [fields.get("name", "") for fields in credit.person.texts.values()]
        texts += [fields.get("character", "") for fields in credit.texts.values()]
    for genre in title.genres.all():
        texts += [fields.get("name", "") for fields in genre.texts.values()]
    if title.year:
        texts.append(str(title.year))
    return column(texts)


def described(title: Title) -> Description:
    """By what a title is found; expects what `every_title` fetches."""
    about = [name for video in title.videos.all() for name in names_of(video)]
    for credit in title.credits.all():
        about += names_of(credit.person)
        about += names_of(credit, "character")
    about += [name for genre in title.genres.all() for name in names_of(genre)]
    return Description(names_of(title), [*about, str(title.year or "")])


def every_title() -> QuerySet[Title]:
    """All titles with what describes them at hand."""
    return Title.objects.prefetch_related("videos", "credits__person", "genres")


def names_of(thing: Title | Video | Person | Genre | Credit, field: str = "name") -> list[str]:
    """What something is called, in every language."""
    return [text for fields in thing.texts.values() if (text := fields.get(field))]


shelves.declare("title", Title, describe=described, every=every_title)
shelves.declare("person", Person, describe=lambda person: Description(names_of(person)))
shelves.declare("genre", Genre, describe=lambda genre: Description(names_of(genre)))


@dataclass(frozen=True, slots=True)
class Found:
    """What a query names, best first: keys of titles, and people and genres themselves."""

    titles: list[int]
    people: list[Person]
    genres: list[Genre]


def search(query: str) -> Found:
    """What everyone may see that `query` names: published titles, and who and what is of them."""
    shown = published()
    found = finding.find(
        query,
        Entry.objects.alias(sort=Coalesce("kind", Value(""))).filter(
            _is("title", shown)
            | _is("person", Person.objects.filter(credits__title__in=shown))
            | _is("genre", genres_in_use())
        ),
    )
    by_kind: dict[str, list[int]] = {"title": [], "person": [], "genre": []}
    for kind, ref in found:
        by_kind[kind].append(ref)
    return Found(
        by_kind["title"],
        _fetched(Person, by_kind["person"][:MOST_PEOPLE]),
        _fetched(Genre, by_kind["genre"][:MOST_GENRES]),
    )


def _is(kind: str, things: QuerySet[M]) -> Q:
    """Entries of a kind, of these things alone.

    `sort` is the kind without its index: SQLite would rather read all of a kind than ask FTS5.
    """
    return Q(sort=kind) & Q(Exists(things.order_by().filter(pk=OuterRef("ref"))))


def _fetched(model: type[M], keys: list[int]) -> list[M]:
    rows = model._default_manager.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
