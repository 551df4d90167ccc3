"""The home page: tonight's film, shelves of posters, the programme as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.licensing import Seat, Why
from plainview.domains.catalogue.models import (
    Collection,
    Entry,
    Genre,
    Licence,
    Season,
    Title,
    Video,
)
from plainview.domains.marketing import queries as marketing
from plainview.domains.marketing.models import News
from plainview.domains.playback.models import Ingest, Package
from plainview.privacy.caching import Board
from plainview.privacy.consent import news
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.web.pages.caching import cached, lately
from plainview.web.pages.cards import (
    Card,
    Source,
    artwork,
    card_of,
    films_of,
    package_of,
    posters,
    preparing,
    sources,
)
from plainview.web.pages.keeping import news_of_follows, put_aside
from plainview.web.pages.my import to_go_on
from plainview.web.pages.suggesting import because

CONSIDERED = 150
SHELF = 12
PROGRAMME = 12
GENRES = 12
IN_APP = "marketing-in-app"
SMALLEST_SHELF = 2


@dataclass(frozen=True)
class Shelf:
    """A row of posters; `key` names it in the page's addresses, `api` reads all of it."""

    key: str
    name: str
    more: str
    cards: list[Card]
    api: str = ""


@dataclass(frozen=True)
class Order:
    """A row before it is drawn: the titles that begin it, where the whole of it is."""

    key: str
    name: str
    more: str
    api: str
    titles: list[Title]


@dataclass(frozen=True)
class Row:
    """One line of the programme."""

    title: Title
    card: Card
    genres: list[Genre]


@dataclass(frozen=True)
class Hero:
    """The first thing on a page: a title in its picture, and how to watch it."""

    title: Title
    card: Card
    backdrop: str
    sources: tuple[Source, ...]
    play: Video | None
    preparing: int | None


@dataclass(frozen=True)
class Programme:
    """What home shows everybody at one seat, in one language; drawn for whoever keeps nothing."""

    hero: Hero | None
    shelves: list[Shelf]
    rows: list[Row]
    first: SafeString
    rest: SafeString


_TABLES = (
    Title,
    Title.genres.through,
    Genre,
    Licence,
    Video,
    Season,
    Package,
    Ingest,
    Collection,
    Entry,
)


class Candidates(NamedTuple):
    """The editors' rows with the keys of their titles; those and the newest; genres by title."""

    rows: list[tuple[Collection, list[int]]]
    titles: list[Title]
    genres: dict[int, list[Genre]]


_candidates: Board[Candidates] = Board(*_TABLES)
_programmes: Board[Programme] = Board(*_TABLES)


@serves(
    "browse",
    may=["account", "history", "availability", "playback", "lists", "recommend", IN_APP],
    source="use",
)
@cached
def home(request: HttpRequest) -> HttpResponse:
    """The newest titles that may be watched here, on shelves; what comes; where one stopped."""
    return home_page(request)


def home_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """Home as whoever is at the door sees it, with what a preview adds."""
    seat = queries.seat_of(request)
    shown = _programme(request, seat)
    rest, aside = shown.rest, put_aside(request)
    if aside:
        drawn = _rest(shown.shelves, shown.rows) | {"put_aside": aside}
        rest = render_to_string("pages/home_rest.html", drawn, request)
    return render(
        request,
        "pages/home.html",
        {
            **context,
            "put_aside": aside,
            "programme": shown,
            "rest": rest,
            "begun": to_go_on(request),
            "news": _news(request),
            "because": because(request, seat),
            "arrived": news_of_follows(request, seat, fresh=True),
        },
    )


def _programme(request: HttpRequest, seat: Seat) -> Programme:
    """The programme at a seat, which is kept a moment."""
    return lately(request, _programmes, lambda: _made(_considered(request), seat), seat=seat)


def _made(found: Candidates, seat: Seat) -> Programme:
    titles, orders = _ordered(found, seat)
    chosen = _tonight(titles)
    shown = [*titles[:PROGRAMME], *(title for each in orders for title in each.titles)]
    cards = {title.pk: card_of(title, seat) for title in dict.fromkeys(shown)}
    hero = hero_of(chosen, cards.get(chosen.pk) or card_of(chosen, seat)) if chosen else None
    shelves = [
        Shelf(each.key, each.name, each.more, [cards[title.pk] for title in each.titles], each.api)
        for each in orders
    ]
    lines = [
        Row(title, cards[title.pk], found.genres.get(title.pk, [])) for title in titles[:PROGRAMME]
    ]
    first = render_to_string("components/hero.html", {"hero": hero}) if hero else ""
    rest = render_to_string("pages/home_rest.html", _rest(shelves, lines))
    return Programme(hero, shelves, lines, SafeString(first), SafeString(rest))


def _rest(shelves: list[Shelf], rows: list[Row]) -> dict[str, Any]:
    return {"shelves": shelves, "programme": rows, "drawn": {}}


def _news(request: HttpRequest) -> list[News]:
    """What is told on the page to those who want to hear of it."""
    topics = news.wanted(request.visitor, IN_APP)  # type: ignore[attr-defined]
    if not topics:
        return []
    with entering(IN_APP):
        return marketing.running(topics, timezone.localdate())


def hero_of(title: Title, card: Card) -> Hero:
    """The opening of a page about `title`, which comes as `card_of` takes it, with its poster."""
    videos = films_of(title)
    ready = [video for video in videos if package_of(video) and (not card.said or video.invites)]
    first = next((video for video in ready if not video.invites), None)
    play = first or next(iter(ready), None)
    still = package_of(play).poster_url if play else ""  # type: ignore[union-attr]
    return Hero(
        title=title,
        card=card,
        backdrop=artwork(title.picture("backdrop")) or still,
        sources=sources(title, "backdrop"),
        play=play,
        preparing=None if play else preparing(videos),
    )


def _tonight(titles: list[Title]) -> Title | None:
    """The featured title that can be watched now, else any featured one, else the newest."""

    def worth(title: Title) -> tuple[bool, bool, int]:
        ready = any(package_of(video) for video in films_of(title))
        return (title.featured is None, not ready, title.featured or 0)

    return min(titles, key=worth, default=None)


def rows_for(request: HttpRequest, seat: Seat) -> list[Order]:
    """The rows of home as somebody at `seat` has them of whom nothing is known."""
    return _ordered(_considered(request), seat)[1]


def _considered(request: HttpRequest) -> Candidates:
    """What home may show, which is kept a moment."""
    return lately(request, _candidates, _found)


def _found() -> Candidates:
    rows, listed = queries.rows_of_home(CONSIDERED), queries.listed_titles()
    newest = listed.values_list("pk", flat=True)[:CONSIDERED]
    keys = dict.fromkeys([*newest, *(key for _row, held in rows for key in held)])
    found = posters(listed, keys)
    titles = [found[key] for key in keys if key in found]
    return Candidates(rows, titles, queries.genres_of(found))


def _ordered(found: Candidates, seat: Seat) -> tuple[list[Title], list[Order]]:
    """What can be watched here; the editors' rows of it, then those that make themselves."""
    answers = [(title, queries.may_see(title, seat)) for title in found.titles]
    titles = [title for title, answer in answers if answer]
    coming = [title for title, answer in answers if answer.why is Why.SOON]
    here = {title.pk: title for title in titles}
    every = reverse("api:titles")
    chosen = [
        Order(
            f"of-{row.slug}",
            str(row.name),
            row.get_absolute_url(),
            f"{every}?{urlencode({'collection': row.slug})}",
            [here[key] for key in keys if key in here][:SHELF],
        )
        for row, keys in found.rows
    ]
    made = _shelves(found.genres, titles, coming)
    return titles, [*(each for each in chosen if each.titles), *made]


def _shelves(
    genres: dict[int, list[Genre]], titles: list[Title], coming: list[Title]
) -> list[Order]:
    """New, what comes, series, then the first genres; one with a single title is no shelf."""
    browse, every = reverse("search"), reverse("api:titles")
    series = [title for title in titles if title.kind == Title.Kind.SERIES]
    rows = [
        ("new", pgettext("shelf", "New"), browse, every, titles),
        ("soon", pgettext("shelf", "Coming soon"), "", "", coming),
        ("series", pgettext("shelf", "Series"), "", f"{every}?kind=series", series),
    ]
    of_genre: dict[Genre, list[Title]] = {}
    for title in titles:
        for genre in genres.get(title.pk, []):
            of_genre.setdefault(genre, []).append(title)
    several = [genre for genre in of_genre if len(of_genre[genre]) >= SMALLEST_SHELF]
    for genre in sorted(several, key=lambda genre: (genre.position, genre.slug))[:GENRES]:
        members = of_genre[genre]
        found = f"{every}?{urlencode({'genre': genre.slug})}"
        rows.append((genre.slug, str(genre.name), genre.get_absolute_url(), found, members))
    return [
        Order(key, name, more, found, members[:SHELF])
        for key, name, more, found, members in rows
        if len(members) >= (1 if key in ("new", "soon") else SMALLEST_SHELF)
    ]
