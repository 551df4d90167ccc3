"""Search by name, and browsing: by genre, or everything."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Genre
from plainview.domains.catalogue.search import search as search_titles
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import card_of, for_cards

PAGE = 48
LONGEST_QUERY = 100


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def search(request: HttpRequest) -> HttpResponse:
    """Titles and people that `?q=` names; without it the whole programme, or `?genre=` of it.

    Script asks for the results alone while one types (htmx); without script the form asks.
    """
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    genres = list(queries.labels_in_use(Genre))
    genre = _genre(genres, "" if query else request.GET.get("genre", ""))
    titles = search_titles(query) if query else queries.listed_titles()
    if genre:
        titles = titles.filter(genres=genre)
    page = Paginator(for_cards(titles.order_by("-published_at", "-pk")), PAGE).get_page(
        request.GET.get("page")
    )
    seat = queries.seat_of(request)
    template = "pages/search_results.html" if _asks_results(request) else "pages/search.html"
    response = render(
        request,
        template,
        {
            "query": query,
            "genres": genres,
            "genre": genre,
            "page": page,
            "cards": [card_of(title, seat) for title in page.object_list],
            "people": queries.people_named(query, page.object_list) if query else [],
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _asks_results(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")


def _genre(genres: list[Genre], slug: str) -> Genre | None:
    return next((genre for genre in genres if genre.slug == slug), None)
