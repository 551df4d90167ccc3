"""What can be asked about news."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from plainview.domains.marketing.models import News

MOST = 2
"""So many pieces a page shows at once."""


def running(topics: Collection[str], today: date) -> list[News]:
    """What is shown on a day about some topics, the newest first."""
    if not topics:
        return []
    found = everything().filter(topic__in=topics)
    return list(found.filter(first__lte=today, last__gte=today)[:MOST])


def everything() -> QuerySet[News]:
    """All pieces, the newest first: for staff."""
    return News.objects.select_related("title")
