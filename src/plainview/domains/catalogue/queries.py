"""What can be asked about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from plainview.domains.catalogue.models import Credit, Genre, Person, Season, Title, Video
from plainview.platform.search.terms import fold, query_terms

MOST_PEOPLE = 12


def published() -> QuerySet[Title]:
    """The titles that everyone may see, newest first."""
    return Title.objects.filter(published_at__isnull=False).defer("search_terms")


def everything() -> QuerySet[Title]:
    """All titles, published or not, the latest made first: for staff."""
    return Title.objects.defer("search_terms").order_by("-created_at", "-pk")


def with_people_and_seasons(titles: QuerySet[Title]) -> QuerySet[Title]:
    """`titles` with credits, people and seasons at hand: two further queries."""
    credits = Credit.objects.select_related("person")
    return titles.prefetch_related(Prefetch("credits", credits), Prefetch("seasons", _seasons()))


def _seasons() -> QuerySet[Season]:
    return Season.objects.order_by("number")


def genres_in_use() -> QuerySet[Genre]:
    """Genres that have a published title, in the catalogue's order."""
    return Genre.objects.filter(titles__published_at__isnull=False).distinct()


def siblings(video: Video) -> QuerySet[Video]:
    """The episodes of the video's series in the order of watching."""
    return Video.objects.filter(title=video.title_id, kind=Video.Kind.EPISODE).order_by(
        "season__number", "number"
    )


def people_named(query: str, titles: Iterable[Title]) -> list[Person]:
    """Who is credited in `titles` (found by `search`) under a name that holds every term."""
    terms = query_terms(query)
    if not terms:
        return []
    people = (
        Person.objects.filter(credits__title__in=[title.pk for title in titles])
        .distinct()
        .order_by("slug")
    )
    return [person for person in people if _named(person, terms)][:MOST_PEOPLE]


def _named(person: Person, terms: list[str]) -> bool:
    names = [fold(fields.get("name", "")) for fields in person.texts.values()]
    return any(all(term in name for term in terms) for name in names)
