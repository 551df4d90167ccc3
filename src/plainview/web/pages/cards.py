"""What a poster on a page says: a title reduced to finished values, and the query it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.domains.catalogue.document import use_of
from plainview.domains.catalogue.licensing import Seat
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.catalogue.models.ratings import Rating, rating_of
from plainview.domains.catalogue.queries import may_see, seat_of
from plainview.domains.catalogue.texts import Words
from plainview.domains.playback.models import Ingest, Package
from plainview.platform.addresses import absolute, address
from plainview.platform.languages import numbers
from plainview.web.accents import accent_class
from plainview.web.pages.availability import Said, in_words

PAGE = 48


class Source(NamedTuple):
    """A picture in one format: its type, and each file with its width, as `srcset` says it."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Card:
    """One poster.

    `ready` if there is something to watch; else `preparing` is how far that is in per cent, or None
    if nothing is under way. `said` is why it can't be watched here, if it can't.
    """

    url: str
    name: Words
    poster: str
    still: str
    facts: list[str]
    accent: str
    ready: bool = True
    preparing: int | None = None
    said: Said | None = None
    rating: Rating | None = None
    sources: tuple[Source, ...] = ()
    slug: str = ""

    def without_page(self, said: Said) -> Card:
        """The same of a title that has no page any more, and what is said of that."""
        return replace(self, url="", said=said)


@dataclass(frozen=True)
class Episode:
    """One line of a season. `still` is empty until the episode is ready."""

    video: Video
    still: str
    length: str
    preparing: int | None


def for_posters(titles: QuerySet[Title]) -> QuerySet[Title]:
    """`titles` with all that `card_of` and `may_see` read: three further queries in all."""
    return titles.prefetch_related("licences", _films(videos_for_cards()))


def posters(titles: QuerySet[Title], keys: Iterable[int]) -> dict[int, Title]:
    """Those of `titles` that have these keys, by key, with what home shows of a title and no more.

    Two queries; one for licences where some title has any, one for ingests where not all is ready.
    """
    rows = titles.only(*_OF_A_POSTER).order_by().in_bulk(list(keys))
    found = [*rows.values()]
    packages = Video.objects.select_related("package").only(
        "title", "kind", "key", "package__key", "package__duration_ms"
    )
    prefetch_related_objects(found, _films(packages))
    prefetch_related_objects([title for title in found if title.licensed], "licences")
    unready = [v for title in found for v in films_of(title) if package_of(v) is None]
    prefetch_related_objects(unready, _under_way())
    return rows


_OF_A_POSTER = (
    *("slug", "texts", "original_language", "kind", "year", "ratings", "licensed"),
    *("accent", "poster", "backdrop", "artwork", "pictures"),
    *("announced_at", "published_at", "featured"),
)


def _films(videos: QuerySet[Video]) -> Prefetch[str, QuerySet[Video], str]:
    """Of titles their videos, for `films_of`: a list costs a fifth of what a related set does."""
    return Prefetch("videos", videos, to_attr="films")


def films_of(title: Title) -> list[Video]:
    """The videos of a title that comes from `for_posters` or `posters`."""
    return title.films  # type: ignore[attr-defined]  # _films


def _under_way() -> Prefetch[str, QuerySet[Ingest], str]:
    """Of videos the ingests still under way, as `open_ingests`."""
    states = [Ingest.State.WAITING, Ingest.State.WORKING]
    return Prefetch("ingests", Ingest.objects.filter(state__in=states), to_attr="open_ingests")


def videos_for_cards() -> QuerySet[Video]:
    """Videos with their package (without its long contents) and the ingests still under way."""
    rows = Video.objects.select_related("package", "season").defer("package__contents")
    return rows.prefetch_related(_under_way())


def card_of(title: Title, seat: Seat) -> Card:
    """The poster of `title`, from `posters` or `for_posters`, for somebody at `seat`."""
    videos = films_of(title)
    package = next((found for video in videos if (found := package_of(video))), None)
    return Card(
        slug=title.slug if title.is_listed else "",
        url=title.get_absolute_url(),
        name=title.name,
        poster=artwork(title.picture("poster")),
        still=package.poster_url if package else "",
        facts=card_facts(title, videos),
        accent=accent_class(title.accent),
        rating=rating_of(title.ratings, countries_of(seat)),
        sources=sources(title, "poster"),
        said=in_words(may_see(title, seat), seat),
        ready=package is not None,
        preparing=None if package else preparing(videos),
    )


def page_of(request: HttpRequest, titles: QuerySet[Title]) -> tuple[Page[int], list[Card]]:
    """A page of the keys of titles, as `?page=` asks, and their posters for whoever is there."""
    keys = list(titles.values_list("pk", flat=True))
    page: Page[int] = Paginator(keys, PAGE).get_page(request.GET.get("page"))
    seat, rows = seat_of(request), posters(Title.objects.all(), page.object_list)
    return page, [card_of(rows[key], seat) for key in page.object_list if key in rows]


def countries_of(seat: Seat) -> set[str]:
    """The countries where somebody may be; none if that is anywhere."""
    return {place.partition("-")[0] for place in seat.places or ()}


def package_of(video: Video) -> Package | None:
    """What there is to stream of `video`, if it is ready."""
    return getattr(video, "package", None)


def preparing(videos: list[Video]) -> int | None:
    """How far the first of these videos is, in per cent; None if nothing is under way."""
    progress = [ingest.progress for video in videos for ingest in _open_ingests(video)]
    return max(progress, default=None)


def _open_ingests(video: Video) -> list[Ingest]:
    return video.open_ingests  # type: ignore[attr-defined]  # _under_way


def artwork(name: str) -> str:
    """The address of a picture in the artwork store, or nothing."""
    return address("artwork", name) if name else ""


def link_picture(title: Title, videos: Iterable[Video]) -> str:
    """The address of what others show for a link to a title: a picture of dots, else its film's.

    Nobody who shows links draws an SVG.
    """
    films = [package.poster_url for each in videos if (package := package_of(each))]
    wide, poster = (_of_dots(title.picture(use)) for use in ("backdrop", "poster"))
    found = artwork(wide) or next(iter(films), "") or artwork(poster)
    return found and absolute(found)


def _of_dots(name: str) -> str:
    return "" if name.endswith(".svg") else name


def cut(title: Title, use: str) -> dict[str, list[tuple[int, str]]]:
    """The files of a title's picture by format (`avif`, `webp`), each with its width in pixels."""
    if not title.pictures:
        return {}
    name = title.picture(use)
    rows: Iterable[tuple[str, dict[str, Any]]] = title.pictures.items()
    return next((told for at, told in rows if told["source"] == name and use_of(at) == use), {})


def sources(title: Title, use: str) -> tuple[Source, ...]:
    """The sizes of a title's picture, the smallest format first; none while they are not made."""
    told = cut(title, use)
    return tuple(
        Source(
            f"image/{form}",
            ", ".join(f"{artwork(name)} {width}w" for width, name in told[form]),
        )
        for form in ("avif", "webp")
        if form in told
    )


def card_facts(title: Title, videos: list[Video]) -> list[str]:
    """Year and length, or year and number of episodes."""
    facts = [str(title.year)] if title.year else []
    if title.kind == Title.Kind.SERIES:
        count = sum(video.kind == Video.Kind.EPISODE for video in videos)
        facts.append(
            ngettext("%(count)s episode", "%(count)s episodes", count)
            % {"count": numbers.written(count)}
        )
    else:
        feature = next((v for v in videos if v.kind == Video.Kind.FEATURE), None)
        if feature and (package := package_of(feature)):
            facts.append(length(package.duration_ms))
    return facts


def length(milliseconds: int) -> str:
    """A running time in words: `1 h 32 min`, `7 min`, `45 s`."""
    seconds = round(milliseconds / 1000)
    if seconds < 90:
        return _("%(seconds)s s") % {"seconds": seconds}
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


def episode_of(video: Video) -> Episode:
    """The line of an episode that comes from `videos_for_cards`."""
    package = package_of(video)
    return Episode(
        video=video,
        still=package.poster_url if package else "",
        length=length(package.duration_ms) if package else "",
        preparing=None if package else preparing([video]),
    )
