"""The programme for other programs and the pages' own scripts: to read, for whoever asks.

Where something may be watched is decided by the one rule that pages ask, from the place of the
request (P2.1.4a). Nothing of anybody is in it: no rating, no list, no history.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, TypeVar

from allauth.account.adapter import get_adapter
from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from ninja.operation import Operation
from pydantic import Field, StringConstraints

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import (
    Collection,
    Genre,
    Label,
    Person,
    Tag,
    Title,
    Video,
    listed,
)
from plainview.domains.playback import queries as playback
from plainview.domains.recommendations import queries as recommendations
from plainview.domains.subtitles import formats
from plainview.domains.subtitles import queries as subtitles
from plainview.domains.subtitles.models import Track
from plainview.platform.addresses import absolute, link
from plainview.privacy.consent.wire import Problem
from plainview.privacy.origin import any_page_reads
from plainview.web import programme_wire as wire
from plainview.web.limiting import Limit
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import films_of, for_posters, videos_for_cards
from plainview.web.pages.home import rows_for
from plainview.web.pages.watch import following

Word = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$")]
Cursor = Annotated[str, StringConstraints(max_length=120, pattern=r"^[A-Za-z0-9_-]*$")]
MISSING = {404: Problem, 422: Problem, 429: Problem}
LIST = MISSING
LIMIT = Limit(600)
M = TypeVar("M", bound=Model)
router = Router(auth=None, tags=["programme"])


class TooMany(HttpError):
    """Somebody asks too often; `wait` is how many seconds they should."""

    def __init__(self, wait: int) -> None:
        super().__init__(429, "too many requests: wait a little")
        self.wait = wait


class Filters(Schema):
    """Which titles; several filters must all be met."""

    kind: Annotated[str, StringConstraints(pattern="^(film|series)$")] | None = None
    genre: Word | None = None
    tag: Word | None = None
    person: Word | None = None
    collection: Word | None = None
    year: Annotated[int, Field(ge=1870, le=2200)] | None = None
    language: Annotated[str, StringConstraints(max_length=35, pattern="^[A-Za-z0-9-]*$")] | None = (
        None
    )


class Paging(Schema):
    """How many at a time, and from where: `cursor` is what `next` carries."""

    limit: Annotated[int, Field(ge=1, le=100)] = 24
    cursor: Cursor = ""


def open_to_all(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
    """An operation as everyone's: shared caches may keep it, pages of others may read it.

    It varies by language, and by place and plan, which decide what may be watched.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language", "Cookie", "Authorization"])
        return response

    return any_page_reads(cached(answered))


def operations() -> list[Operation]:
    """Every operation of the programme."""
    return [each for view in router.path_operations.values() for each in view.operations]


def counted(view: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that raises TooMany for whoever asks too often."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if wait := LIMIT.wait(get_adapter().get_client_ip(request)):
            raise TooMany(wait)
        return view(request, *args, **kwargs)

    return answered


router.add_decorator(counted)


@router.get("/titles", url_name="titles", response={200: wire.Titles, **LIST})
def titles(request: HttpRequest, filters: Query[Filters], paging: Query[Paging]) -> wire.Titles:
    """Titles that have a page, the newest first, those that can't be watched here among them."""
    asked = filters.model_dump(exclude_none=True)
    found = catalogue.listed_titles()
    paths = {
        "genre": "genres__slug",
        "tag": "tags__slug",
        "person": "credits__person__slug",
        "collection": "entries__collection__slug",
        "language": "original_language",
    }
    for name, value in asked.items():
        found = found.filter(**{paths.get(name, name): value})
    return _page(request, found.distinct(), paging, asked)


@router.get("/titles/{slug}", url_name="title", response={200: wire.WholeTitle, **MISSING})
def title(request: HttpRequest, slug: Word) -> wire.WholeTitle:
    """A title with its people, genres and films; of a series the episodes are `seasons`."""
    return wire.whole(_title(slug), catalogue.seat_of(request))


@router.get(
    "/titles/{slug}/seasons", url_name="seasons", response={200: list[wire.Season], **MISSING}
)
def seasons(request: HttpRequest, slug: Word) -> list[wire.Season]:
    """The seasons of a series in order, each with its episodes; none of a film."""
    found, seat = _title(slug), catalogue.seat_of(request)
    episodes = [each for each in films_of(found) if each.kind == Video.Kind.EPISODE]
    return [
        wire.season(row, [each for each in episodes if each.season_id == row.pk], seat)
        for row in found.seasons.all()
    ]


@router.get("/titles/{slug}/related", url_name="related", response={200: wire.Titles, **MISSING})
def related(request: HttpRequest, slug: Word) -> wire.Titles:
    """Titles like one by genres, themes and people. None of them says something sensitive."""
    keys = recommendations.alike(_title(slug))
    rows = for_posters(catalogue.listed_titles()).in_bulk(keys)
    seat = catalogue.seat_of(request)
    return wire.Titles(titles=[wire.title(rows[key], seat) for key in keys], next=None)


@router.get("/videos/{key}", url_name="video", response={200: wire.Played, **MISSING})
def video(request: HttpRequest, key: Word) -> wire.Played:
    """A film, episode, trailer or clip, and the episode after it."""
    found = _video(key)
    after = following(found)
    return wire.played(found, catalogue.seat_of(request), after.video.key if after else None)


@router.get("/videos/{key}/subtitles", url_name="tracks", response={200: wire.Tracks, **MISSING})
def tracks(request: HttpRequest, key: Word) -> wire.Tracks:
    """The languages that a video has subtitles in."""
    rows = Track.objects.filter(video=_video(key)).order_by("language")
    return wire.Tracks(
        tracks=[
            wire.Track(
                language=row.language,
                label=row.label,
                lines=absolute(reverse("api:lines", args=[key, row.language])),
                webvtt=link("subtitles", key, row.language),
            )
            for row in rows
        ]
    )


@router.get(
    "/videos/{key}/subtitles/{language}",
    url_name="lines",
    response={200: wire.Transcript, 403: Problem, **MISSING},
)
def lines(request: HttpRequest, key: Word, language: Word) -> wire.Transcript:
    """What is said in a video, line by line, where the video may be watched."""
    found = _video(key)
    if not playback.may_play(found, catalogue.seat_of(request)):
        raise HttpError(403, "it can't be watched where the request comes from, or not now")
    cues = subtitles.cues(key, language)
    if cues is None:
        raise Http404
    said = [
        wire.Line(start_ms=cue.start_ms, end_ms=cue.end_ms, text=formats.plain_text(cue.text))
        for cue in cues
    ]
    return wire.Transcript(language=language, lines=said)


@router.get("/people", url_name="people", response={200: wire.Names, **LIST})
def people(request: HttpRequest, paging: Query[Paging]) -> wire.Names:
    """Who is credited in a title that has a page, in the order of their addresses."""
    return _names(request, Person.objects.filter(listed("credits__title__")).distinct(), paging)


@router.get("/people/{slug}", url_name="person", response={200: wire.Described, **MISSING})
def person(request: HttpRequest, slug: Word) -> wire.Described:
    """Somebody who made films; which, `titles?person=` says."""
    found = _first(Person.objects.filter(listed("credits__title__"), slug=slug))
    return wire.Described(**wire.named(found).model_dump(), about=wire.text(found.about))


@router.get("/genres", url_name="genres", response={200: wire.Names, **LIST})
def genres(request: HttpRequest) -> wire.Names:
    """The genres of the programme, in its order."""
    return _labels(Genre)


@router.get("/tags", url_name="tags", response={200: wire.Names, **LIST})
def tags(request: HttpRequest) -> wire.Names:
    """The finer words of the programme, in its order."""
    return _labels(Tag)


@router.get("/collections", url_name="collections", response={200: wire.Names, **LIST})
def collections(request: HttpRequest, paging: Query[Paging]) -> wire.Names:
    """What editors put together; its titles, `titles?collection=` lists."""
    return _names(request, Collection.objects.filter(listed("titles__")).distinct(), paging)


@router.get("/collections/{slug}", url_name="collection", response={200: wire.Described, **MISSING})
def collection(request: HttpRequest, slug: Word) -> wire.Described:
    """A collection with what is said of it."""
    found = _first(Collection.objects.filter(listed("titles__"), slug=slug))
    return wire.Described(**wire.named(found).model_dump(), about=wire.text(found.description))


@router.get("/home", url_name="home", response={200: wire.Home, **LIST})
def home(request: HttpRequest) -> wire.Home:
    """The rows of home as a stranger in the same place has them; nothing personal is in it."""
    seat = catalogue.seat_of(request)
    return wire.Home(
        rows=[
            wire.Row(
                key=row.key,
                name=row.name,
                more=absolute(row.api) if row.api else None,
                titles=[wire.title(each, seat) for each in row.titles],
            )
            for row in rows_for(request, seat)
        ]
    )


def _page(
    request: HttpRequest, found: QuerySet[Title], paging: Paging, asked: dict[str, Any]
) -> wire.Titles:
    """A page of titles by when they came; a cursor is the last title's moment and key."""
    rows = found.annotate(came_at=Coalesce("published_at", "announced_at"))
    rows = rows.order_by("-came_at", "-pk")
    if paging.cursor:
        at, key = _read(paging.cursor)
        rows = rows.filter(came_at__lte=at).exclude(came_at=at, pk__gte=key)
    page = list(for_posters(rows)[: paging.limit + 1])
    seat = catalogue.seat_of(request)
    more = None
    if len(page) > paging.limit:
        page.pop()
        last: Any = page[-1]
        cursor = _written(f"{last.came_at.isoformat()}|{last.pk}")
        query = urlencode({**asked, "limit": paging.limit, "cursor": cursor})
        more = absolute(f"{reverse('api:titles')}?{query}")
    return wire.Titles(titles=[wire.title(each, seat) for each in page], next=more)


def _names(request: HttpRequest, found: QuerySet[Any], paging: Paging) -> wire.Names:
    rows = found.order_by("slug")
    if paging.cursor:
        rows = rows.filter(slug__gt=_decoded(paging.cursor))
    page = list(rows[: paging.limit + 1])
    more = None
    if len(page) > paging.limit:
        page.pop()
        cursor = _written(str(page[-1].slug))
        query = urlencode([("limit", paging.limit), ("cursor", cursor)])
        more = absolute(f"{request.path}?{query}")
    return wire.Names(names=[wire.named(each) for each in page], next=more)


def _labels(kind: type[Label]) -> wire.Names:
    return wire.Names(names=[wire.named(each) for each in catalogue.labels_in_use(kind)])  # type: ignore[arg-type]


def _title(slug: str) -> Title:
    every = catalogue.with_people_and_seasons(for_posters(catalogue.listed_titles()))
    return _first(every.prefetch_related("genres", "tags").filter(slug=slug))


def _video(key: str) -> Video:
    rows = videos_for_cards().select_related("title").prefetch_related("title__licences")
    return _first(rows.filter(listed("title__"), key=key))


def _first(rows: QuerySet[M]) -> M:
    """The one that is asked for; joined tables may bring it more than once. Raises Http404."""
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    """What a cursor says. Raises HttpError for one that nobody gave."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        text = "\0"
    if "\0" in text:
        raise HttpError(404, "no such cursor: begin anew without one")
    return text


def _read(cursor: str) -> tuple[datetime, int]:
    at, _bar, key = _decoded(cursor).partition("|")
    try:
        moment, number = datetime.fromisoformat(at), int(key)
        if moment.tzinfo is None or not 0 < number < 2**62 or not 1000 < moment.year < 9000:
            raise ValueError
    except ValueError:
        raise HttpError(404, "no such cursor: begin anew without one") from None
    return moment, number
