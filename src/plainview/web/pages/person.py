"""Somebody's page: what they did, in which titles."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Person
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import page_of
from plainview.web.pages.keeping import followed


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles that credit somebody; unknown if there are none."""
    found = Person.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("no such person")
    titles = queries.listed_titles().filter(credits__person=found).distinct()
    page, cards = page_of(request, titles)
    if not cards:
        raise Http404("credited in nothing that is shown")
    return render(
        request,
        "pages/person.html",
        {
            "person": found,
            "cards": cards,
            "page": page,
            "followed": followed(request, person=found),
            "follow": f"person {found.slug}",
        },
    )
