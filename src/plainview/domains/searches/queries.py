"""What can be asked about own searches."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from plainview.domains.searches.models import LONGEST, Search
from plainview.platform.search.terms import words


def folded(query: str) -> str:
    """By what the same query is known again, however it is written; empty if it asks nothing."""
    return " ".join(words(query))[: 2 * LONGEST]


def recent(subject: int, beginning: str = "") -> QuerySet[Search]:
    """What a subject looked for, the latest first; with `beginning`, where a word begins so."""
    found = Search.objects.filter(subject=subject)
    if start := folded(beginning):
        found = found.filter(Q(words__startswith=start) | Q(words__contains=f" {start}"))
    return found
