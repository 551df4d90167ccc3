"""Search: titles, people and genres by name, and who said what; without words, browsing."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Genre, Title
from plainview.domains.catalogue.search import search as find
from plainview.domains.catalogue.texts import Words
from plainview.domains.subtitles import formats
from plainview.domains.subtitles import search as lines
from plainview.domains.subtitles.models import Cue
from plainview.platform.search.marking import marked
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import card_of, for_cards
from plainview.web.pages.facets import narrow
from plainview.web.pages.watch import line_of

PAGE = 48
LINES_FIRST, LINES_PAGE = 5, 30
LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Heard:
    """One line that was said: what, in which film and at which second."""

    href: str
    seconds: int
    clock: str
    language: str
    pieces: list[tuple[str, bool]]
    title: Words
    episode: str


@serves("browse", may=["account"], source="use")
@cached
def search(request: HttpRequest) -> HttpResponse:
    """What `?q=` names and where it is said; without it the whole programme, or `?genre=` of it.

    `?in=lines` shows the lines alone. Nothing about who asks is looked at or kept: everybody is
    given the same order (P2.1.3a). Script asks for the results alone while one types (htmx).
    """
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    context = {"query": query, **(_found(request, query) if query else _browsed(request))}
    template = "pages/search_results.html" if _asks_results(request) else "pages/search.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _browsed(request: HttpRequest) -> dict[str, object]:
    """The programme, newest first, or a genre of it."""
    genres = list(queries.genres_in_use())
    genre = _genre(genres, request.GET.get("genre", ""))
    titles = queries.published()
    if genre:
        titles = titles.filter(genres=genre)
    page = Paginator(for_cards(titles.order_by("-published_at", "-pk")), PAGE).get_page(
        request.GET.get("page")
    )
    cards = [card_of(title) for title in page.object_list]
    return {"genres": genres, "genre": genre, "page": page, "cards": cards}


def _found(request: HttpRequest, query: str) -> dict[str, object]:
    """What a query finds: titles with their facets, people, genres, lines."""
    only_lines = request.GET.get("in") == "lines"
    tongue = request.GET.get("spoken", "")
    heard = lines.said(query, queries.published(), language=tongue)
    context: dict[str, object] = {"heard": heard, "spoken": tongue, "only_lines": only_lines}
    if only_lines:
        page = Paginator(heard.keys, LINES_PAGE).get_page(request.GET.get("page"))
        context["languages"] = [
            (tag, formats.own_name(tag), count) for tag, count in sorted(heard.languages.items())
        ]
        return {**context, "page": page, "lines": _lines(list(page.object_list), query)}
    named = find(query)
    narrowed = narrow(named.titles, request.GET)
    page = Paginator(narrowed.keys, PAGE).get_page(request.GET.get("page"))
    rows = for_cards(Title.objects.defer("search_terms")).in_bulk(list(page.object_list))
    first = page.number == 1 and not narrowed.chosen
    return {
        **context,
        "page": page,
        "facets": narrowed.facets,
        "cards": [card_of(rows[key]) for key in page.object_list if key in rows],
        "people": named.people if first else [],
        "named_genres": named.genres if first else [],
        "lines": _lines(heard.keys[:LINES_FIRST], query) if first else [],
    }


def _lines(keys: list[int], query: str) -> list[Heard]:
    return [_heard(cue, query) for cue in lines.cues(keys)]


def _heard(cue: Cue, query: str) -> Heard:
    video, line = cue.track.video, line_of(cue)
    episode = ""
    if video.season is not None:
        episode = f"{video.season.number}.{video.number}"
    return Heard(
        href=f"{video.get_absolute_url()}?t={line.seconds}",
        seconds=line.seconds,
        clock=line.clock,
        language=cue.track.language,
        pieces=marked(line.text, query),
        title=video.title.name,
        episode=episode,
    )


def _asks_results(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")


def _genre(genres: list[Genre], slug: str) -> Genre | None:
    return next((genre for genre in genres if genre.slug == slug), None)
