"""The home page: tonight's film, shelves of posters, the programme as a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Genre, Title, Video
from plainview.domains.marketing import queries as marketing
from plainview.domains.marketing.models import News
from plainview.privacy.consent import news
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import (
    Card,
    artwork,
    card_of,
    for_cards,
    package_of,
    preparing,
)
from plainview.web.pages.my import begun

CONSIDERED = 150
SHELF = 20
PROGRAMME = 12
IN_APP = "marketing-in-app"
SMALLEST_SHELF = 2


@dataclass(frozen=True)
class Shelf:
    """A row of posters; `key` names it in the page's addresses."""

    key: str
    name: str
    more: str
    cards: list[Card]


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
    play: Video | None
    preparing: int | None


@serves("browse", may=["account", "history", IN_APP], source="use")
@cached
def home(request: HttpRequest) -> HttpResponse:
    """The newest titles, sorted onto shelves, and where one stopped; the rest is for everyone."""
    titles = list(for_cards(queries.published())[:CONSIDERED])
    cards = {title.pk: card_of(title) for title in titles}
    chosen = _tonight(titles)
    return render(
        request,
        "pages/home.html",
        {
            "hero": hero_of(chosen) if chosen else None,
            "begun": begun(request),
            "news": _news(request),
            "shelves": _shelves(titles, cards),
            "programme": [
                Row(title, cards[title.pk], list(title.genres.all()))
                for title in titles[:PROGRAMME]
            ],
            "genres": _genres(titles),
        },
    )


def _news(request: HttpRequest) -> list[News]:
    """What is told on the page to those who want to hear of it."""
    topics = news.wanted(request.visitor, IN_APP)  # type: ignore[attr-defined]
    if not topics:
        return []
    with entering(IN_APP):
        return marketing.running(topics, get_language() or "", timezone.localdate())


def hero_of(title: Title) -> Hero:
    """The opening of a page about `title`, which comes from `for_cards`."""
    videos = list(title.videos.all())
    ready = [video for video in videos if package_of(video)]
    first = next((video for video in ready if video.kind != Video.Kind.TRAILER), None)
    play = first or next(iter(ready), None)
    still = package_of(play).poster_url if play else ""  # type: ignore[union-attr]
    return Hero(
        title=title,
        card=card_of(title),
        backdrop=artwork(title.backdrop) or still,
        play=play,
        preparing=None if play else preparing(videos),
    )


def _tonight(titles: list[Title]) -> Title | None:
    """The featured title that can be watched now, else any featured one, else the newest."""

    def worth(title: Title) -> tuple[bool, bool, int]:
        ready = any(package_of(video) for video in title.videos.all())
        return (title.featured is None, not ready, title.featured or 0)

    return min(titles, key=worth, default=None)


def _shelves(titles: list[Title], cards: dict[int, Card]) -> list[Shelf]:
    """New, series, then each genre; a genre with a single title is no shelf."""
    browse = reverse("search")
    series = [title for title in titles if title.kind == Title.Kind.SERIES]
    rows = [
        ("new", pgettext("shelf", "New"), browse, titles),
        ("series", pgettext("shelf", "Series"), "", series),
    ]
    for genre in _genres(titles):
        members = [title for title in titles if genre in title.genres.all()]
        rows.append((genre.slug, str(genre.name), f"{browse}?genre={genre.slug}", members))
    return [
        Shelf(key, name, more, [cards[title.pk] for title in members[:SHELF]])
        for key, name, more, members in rows
        if len(members) >= (1 if key == "new" else SMALLEST_SHELF)
    ]


def _genres(titles: list[Title]) -> list[Genre]:
    """The genres of `titles`, in the catalogue's order, each once."""
    found = {genre.pk: genre for title in titles for genre in title.genres.all()}
    return sorted(found.values(), key=lambda genre: (genre.position, genre.slug))
