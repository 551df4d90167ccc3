"""Finding titles, people, genres and tags, in any script and with slips of the finger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from plainview.domains.catalogue.models import (
    Credit,
    Genre,
    Label,
    Person,
    Tag,
    Title,
    Video,
    unlisted,
)
from plainview.domains.catalogue.models import listed as now_listed
from plainview.domains.catalogue.queries import inferable, may_ever_be_listed
from plainview.platform.expressions import Keys
from plainview.platform.search import finding, shelves
from plainview.platform.search.shelves import Description
from plainview.platform.search.terms import column, fold, query_terms, squeezed
from plainview.privacy.caching import Board

M = TypeVar("M", bound=Model)
L = TypeVar("L", bound=Label)
MOST_TERMS = 12
MOST_PEOPLE, MOST_LABELS = 12, 8


def terms_of(title: Title) -> str:
    """The search column by which staff look through all titles, those kept back too."""
    found = described(title)
    return column([*found.names, *found.about])


def described(title: Title) -> Description:
    """By what a title is found: its names, and those of its videos, people, genres and tags."""
    about = [name for video in title.videos.all() for name in names_of(video)]
    for credit in title.credits.all():
        about += names_of(credit.person)
        about += names_of(credit, "character")
    for label in [*title.genres.all(), *title.tags.all()]:
        about += names_of(label)
    return Description(names_of(title), [*about, str(title.year or "")])


def with_words(titles: QuerySet[Title]) -> QuerySet[Title]:
    """`titles` with what describes them at hand."""
    credits = Prefetch("credits", Credit.objects.select_related("person"))
    return titles.defer("search_terms").prefetch_related("videos", credits, "genres", "tags")


def names_of(thing: Title | Video | Person | Label | Credit, field: str = "name") -> list[str]:
    """What something is called, in every language."""
    return [text for fields in thing.texts.values() if (text := fields.get(field))]


def _name(thing: Person | Label) -> Description:
    return Description(names_of(thing))


def _credited(titles: QuerySet[Title]) -> QuerySet[Person]:
    credits = Credit.objects.order_by().filter(person=OuterRef("pk"), title__in=titles.order_by())
    return Person.objects.filter(Exists(credits))


def _sorting(kind: type[L], titles: QuerySet[Title]) -> QuerySet[L]:
    own = titles.order_by().filter(**{f"{kind.__name__.lower()}s": OuterRef("pk")})
    return kind._default_manager.order_by().filter(Exists(own))


def _of_listed(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    """What of `rows` has the number of an outer row under `name`, and a title that is listed."""
    return rows.order_by().filter(now_listed("title__"), **{name: OuterRef("pk")})


LISTED: dict[str, Callable[[], QuerySet[Any]]] = {
    "title": lambda: Title.objects.filter(now_listed()).order_by(),
    "person": lambda: Person.objects.filter(Exists(_of_listed(Credit.objects.all(), "person"))),
    "genre": lambda: Genre.objects.filter(
        Exists(_of_listed(Title.genres.through._default_manager.all(), "genre"))
    ),
    "tag": lambda: Tag.objects.filter(
        Exists(_of_listed(Title.tags.through._default_manager.all(), "tag"))
    ),
}
"""What of each kind may be seen by everybody now, asked of few rows at a time."""
MOST_HELD = 2000
Moments = dict[int, datetime | None]
"""From when on each of these keys may be seen; None is not known."""


def belonging(title: Title) -> list[Model]:
    """The people, genres and tags of a title as it is kept."""
    people = Person.objects.filter(credits__title=title).distinct()
    return [*people, *title.genres.all(), *title.tags.all()]


shelves.declare(
    "title",
    Title,
    describe=described,
    shown=lambda: with_words(may_ever_be_listed()),
    beside=belonging,
)
shelves.declare("person", Person, describe=_name, shown=lambda: _credited(may_ever_be_listed()))
shelves.declare("genre", Genre, describe=_name, shown=lambda: _sorting(Genre, may_ever_be_listed()))
shelves.declare("tag", Tag, describe=_name, shown=lambda: _sorting(Tag, may_ever_be_listed()))


@dataclass(frozen=True, slots=True)
class Found:
    """What a query names, best first: keys of titles, and people and labels themselves.

    `meant` is how the query is probably spelled, if only so anything was found.
    """

    titles: list[int]
    people: list[Person]
    labels: list[Label]
    meant: str = ""


def search(query: str) -> Found:
    """What everyone may see that `query` names: listed titles, and who and what is of them."""
    answers = finding.find(query, {kind: _visible(kind) for kind in LISTED})
    by_kind: dict[str, list[int]] = {kind: [] for kind in LISTED}
    labels: list[tuple[str, int]] = []
    for kind, ref in answers.found:
        by_kind[kind].append(ref)
        if kind in ("genre", "tag"):
            labels.append((kind, ref))
    rows = {
        (kind, row.pk): row
        for kind, model in (("genre", Genre), ("tag", Tag))
        for row in _fetched(model, by_kind[kind][:MOST_LABELS])
    }
    return Found(
        by_kind["title"],
        _fetched(Person, by_kind["person"][:MOST_PEOPLE]),
        [rows[each] for each in labels if each in rows][:MOST_LABELS],
        answers.meant,
    )


def called(names: list[str]) -> set[int]:
    """Titles whose name is one of these or begins so, and that reveal nothing (P1.2.7b)."""
    keys = finding.called([squeezed(name) for name in names], "title")
    return set(inferable(Title.objects.filter(pk__in=keys)).values_list("pk", flat=True))


def _visible(kind: str) -> Callable[[set[int]], Iterable[int]]:
    """Which keys of a kind may be seen now: told by what is held back, or asked where that is much.

    The index has what may ever be seen, most of it now, and a moment that comes is heard at once.
    """

    def visible(keys: set[int]) -> Iterable[int]:
        held, now = _board.get("held", _held_back), timezone.now()
        if held is None:
            return LISTED[kind]().order_by().filter(pk__in=Keys(keys)).values_list("pk", flat=True)
        return [key for key in keys if (at := held[kind].get(key, now)) and at <= now]

    return visible


_board: Board[dict[str, Moments] | None] = Board(
    Title, Credit, Title.genres.through, Title.tags.through
)


def _held_back() -> dict[str, Moments] | None:
    """By kind what may not be seen now, and from when on it may be; None if there is too much."""
    rows = Title.objects.order_by().filter(unlisted())
    moments = ("published_at", "announced_at")
    titles: Moments = {
        key: min(filter(None, ats), default=None)
        for key, *ats in rows.values_list("pk", *moments)[: MOST_HELD + 1]
    }
    if len(titles) > MOST_HELD:
        return None
    own = {
        "person": (Credit.objects, "person_id"),
        "genre": (Title.genres.through._default_manager, "genre_id"),
        "tag": (Title.tags.through._default_manager, "tag_id"),
    }
    held = {"title": titles}
    for kind, (rows_of, name) in own.items():
        pairs = rows_of.order_by().filter(title__in=Keys(titles)).values_list(name, "title_id")
        of: dict[int, list[datetime]] = {}
        for key, title in pairs:
            of.setdefault(key, []).extend(filter(None, [titles[title]]))
        seen = LISTED[kind]().order_by().filter(pk__in=Keys(of)).values_list("pk", flat=True)
        held[kind] = {key: min(of[key], default=None) for key in of.keys() - set(seen)}
    return held


def _fetched(model: type[M], keys: list[int]) -> list[M]:
    rows = model._default_manager.in_bulk(keys) if keys else {}
    return [rows[key] for key in keys if key in rows]


def named(found: QuerySet[M], query: str) -> QuerySet[M]:
    """Those of `found` that a name has every word of `query`, for staff; all for no word."""
    words = fold(query).split()
    if not words:
        return found
    names = [(each.pk, fold(" ".join(names_of(each)))) for each in found.only("texts")]  # type: ignore[arg-type]
    return found.filter(pk__in=[key for key, name in names if all(word in name for word in words)])


def matching(found: QuerySet[Title], query: str) -> QuerySet[Title]:
    """Those of `found` that hold every term of `query`, for staff; none for no term."""
    terms = query_terms(query)[:MOST_TERMS]
    if not terms:
        return found.none()
    for term in terms:
        found = found.filter(search_terms__contains=f" {term}")
    return found
