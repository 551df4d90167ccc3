"""The pages of what titles are grouped by: genres, tags, collections, and who made them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Collection, Genre, Label, Person, Tag, Title
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import page_of
from plainview.web.pages.keeping import followed

OTHERS = 100
"""Of all words of a kind so many are offered; the search has every one."""


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def genre(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles of a genre, newest first."""
    return _labelled(request, Genre, slug)


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles that have a tag, newest first."""
    return _labelled(request, Tag, slug)


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles of a collection, in the order of its editor; unknown if there are none."""
    found = get_object_or_404(Collection, slug=slug)
    context = {
        "label": found,
        **_followable(request, "collection", found, queries.titles_of(found)),
    }
    return render(request, "pages/genre.html", context)


@serves("browse", may=["account", "availability", "playback", "lists"], source="use")
@cached
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """The listed titles that credit somebody; unknown if there are none."""
    found = get_object_or_404(Person, slug=slug)
    titles = queries.listed_titles().filter(credits__person=found).distinct()
    context = {"person": found, **_followable(request, "person", found, titles)}
    return render(request, "pages/person.html", context)


def _labelled(request: HttpRequest, kind: type[Label], slug: str) -> HttpResponse:
    every = list(queries.labels_in_use(kind))
    label = next((each for each in every if each.slug == slug), None)
    if label is None:
        raise Http404("nothing is shown under that word")
    titles = queries.listed_titles().filter(**{f"{kind.__name__.lower()}s": label})
    page, cards = page_of(request, titles.order_by("-published_at", "-pk"))
    context = {"label": label, "others": every[:OTHERS], "page": page, "cards": cards}
    return render(request, "pages/genre.html", context)


def _followable(
    request: HttpRequest, kind: str, found: Collection | Person, titles: QuerySet[Title]
) -> dict[str, object]:
    """What is shown of it, and whether whoever is there follows it. Raises Http404 for nothing."""
    page, cards = page_of(request, titles)
    if not cards:
        raise Http404("nothing of it is shown")
    shown = {"cards": cards, "page": page, "follow": f"{kind} {found.slug}"}
    return shown | {"followed": followed(request, **{kind: found})}
