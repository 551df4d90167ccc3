"""A collection's page: what an editor put together, in their order."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Collection
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import page_of
from plainview.web.pages.keeping import followed


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles of a collection; unknown if there are none."""
    found = Collection.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("no such collection")
    page, cards = page_of(request, queries.titles_of(found))
    if not cards:
        raise Http404("nothing of it is shown")
    context = {
        "label": found,
        "cards": cards,
        "page": page,
        "follow": f"collection {found.slug}",
        "followed": followed(request, collection=found),
    }
    return render(request, "pages/genre.html", context)
