"""What can be done with news: say it, send it, take it back."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from plainview.domains.accounts import queries as accounts
from plainview.domains.catalogue.models import Title
from plainview.domains.marketing.models import News
from plainview.platform.jobs import queue

MAIL = "marketing.mail"
EMAIL = "marketing-email"
"""The purpose of news by email; it is what `disclosures` decides by."""


def announce(
    *,
    topic: str,
    language: str,
    heading: str,
    text: str,
    title: Title | None,
    first: date,
    last: date,
    by_mail: bool = False,
) -> News:
    """Tell a piece of news from `first` to `last` to those who want to hear of its topic.

    With `by_mail` it is sent once besides, at once, to everybody who allows that.
    """
    with transaction.atomic():
        told = News.objects.create(
            topic=topic,
            language=language,
            heading=heading,
            text=text,
            title=title,
            first=first,
            last=last,
        )
        if by_mail:
            queue.enqueue(MAIL, news=told.pk)
    return told


def send(*, news: int) -> None:
    """Write to everybody who allows news by email, once; the topic is decided letter by letter."""
    with transaction.atomic():
        told = News.objects.select_for_update(of=("self",)).select_related("title")
        piece = told.filter(pk=news, mailed_at=None).first()
        if piece is None:
            return
        path = piece.title.get_absolute_url() if piece.title else "/"
        context = {"news": piece, "address": f"{settings.PUBLIC.geturl().rstrip('/')}{path}"}
        with override(piece.language):
            text = render_to_string("marketing/mail/news_message.txt", context).strip()
            for address in accounts.proved_addresses():
                message = EmailMessage(piece.heading, text, None, [address])
                message.purpose, message.topic = EMAIL, piece.topic  # type: ignore[attr-defined]
                message.send()
        News.objects.filter(pk=news).update(mailed_at=timezone.now())


def withdraw(key: str) -> bool:
    """Take a piece of news back; whether there was one. What was mailed is mailed."""
    return bool(News.objects.filter(key=key).delete()[0])
