"""What can be done with news: say it, and take it back."""

from __future__ import annotations

from datetime import date

from plainview.domains.catalogue.models import Title
from plainview.domains.marketing.models import News


def announce(
    *,
    topic: str,
    language: str,
    heading: str,
    text: str,
    title: Title | None,
    first: date,
    last: date,
) -> News:
    """Show a piece of news from `first` to `last` to those who want to hear of its topic."""
    return News.objects.create(
        topic=topic,
        language=language,
        heading=heading,
        text=text,
        title=title,
        first=first,
        last=last,
    )


def withdraw(key: str) -> bool:
    """Take a piece of news back; whether there was one."""
    return bool(News.objects.filter(key=key).delete()[0])
