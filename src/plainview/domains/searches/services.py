"""Keeping and forgetting searches: heard as events, so only of those who permit it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from plainview.domains.searches.models import LONGEST, SEARCHES, Search
from plainview.domains.searches.queries import folded
from plainview.privacy.rights import services as rights

MOST = 200
"""So many searches of one subject are kept, the latest."""


@dataclass(frozen=True, slots=True)
class Searched:
    """Somebody sent a question: `query` as they typed it."""

    subject: int
    query: str


def keep(event: Searched) -> None:
    """Keep a search, or that it was made again; heard for `personalise-search` (P2.1.3a)."""
    words = folded(event.query)
    if not words:
        return
    with transaction.atomic():
        Search.objects.update_or_create(
            subject=event.subject,
            words=words,
            defaults={"query": event.query[:LONGEST], "searched_at": timezone.now()},
        )
        own = Search.objects.filter(subject=event.subject)
        old = list(own.values_list("pk", flat=True)[MOST : MOST + 10])
        if old:
            Search.objects.filter(subject=event.subject, pk__in=old).delete()


def forget(subject: int, search: int) -> None:
    """Delete one search."""
    rights.let_go(subject, Search.objects.filter(subject=subject, pk=search))


def forget_all(subject: int) -> None:
    """Delete every search."""
    rights.let_go(subject, Search.objects.filter(subject=subject), all_of=SEARCHES)
