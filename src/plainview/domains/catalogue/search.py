"""Finding titles by name, person or genre, in any script and without accents."""

from __future__ import annotations

from django.db.models import QuerySet

from plainview.domains.catalogue.models import Title, listed
from plainview.platform.search.terms import column, query_terms

MOST_TERMS = 12


def terms_of(title: Title) -> str:
    """The search column of a title: its names in all languages, its people, its genres."""
    texts = [fields.get("name", "") for fields in title.texts.values()]
    for video in title.videos.all():
        texts += [fields.get("name", "") for fields in video.texts.values()]
    for credit in title.credits.select_related("person"):
        texts += [fields.get("name", "") for fields in credit.person.texts.values()]
        texts += [fields.get("character", "") for fields in credit.texts.values()]
    for genre in [*title.genres.all(), *title.tags.all()]:
        texts += [fields.get("name", "") for fields in genre.texts.values()]
    if title.year:
        texts.append(str(title.year))
    return column(texts)


def search(query: str) -> QuerySet[Title]:
    """Listed titles that hold every term of `query`, words as prefixes; none for no term."""
    return matching(Title.objects.filter(listed()), query)


def matching(found: QuerySet[Title], query: str) -> QuerySet[Title]:
    """Those of `found` that hold every term of `query`; none for no term."""
    terms = query_terms(query)[:MOST_TERMS]
    if not terms:
        return found.none()
    for term in terms:
        found = found.filter(search_terms__contains=f" {term}")
    return found
