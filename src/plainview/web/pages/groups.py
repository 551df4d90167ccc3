"""The pages of the words that titles are sorted by: genres and tags."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Genre, Label, Tag
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import page_of

OTHERS = 100
"""Of all words of a kind so many are offered; the search has every one."""


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def genre(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles of a genre, newest first."""
    return _page(request, Genre, slug)


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles that have a tag, newest first."""
    return _page(request, Tag, slug)


def _page(request: HttpRequest, kind: type[Label], slug: str) -> HttpResponse:
    every = list(queries.labels_in_use(kind))
    label = next((each for each in every if each.slug == slug), None)
    if label is None:
        raise Http404("nothing is shown under that word")
    titles = queries.listed_titles().filter(**{f"{kind.__name__.lower()}s": label})
    page, cards = page_of(request, titles.order_by("-published_at", "-pk"))
    context = {"label": label, "others": every[:OTHERS], "page": page, "cards": cards}
    return render(request, "pages/genre.html", context)
