"""What can be asked about the catalogue."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from plainview.domains.catalogue.models import Credit, Genre, Season, Title, Video


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
