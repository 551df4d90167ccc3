"""What can be done with news: say it, send it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
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
from plainview.privacy.disclosures import push as messages
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.push import queries as browsers

MAIL, PUSH = "marketing.mail", "marketing.push"
EMAIL, TO_BROWSERS = "marketing-email", "marketing-push"
"""The purposes of news by email and by push; they are what `disclosures` decides by."""


def announce(
    *,
    topic: str,
    texts: Mapping[str, Mapping[str, str]],
    title: Title | None,
    first: date,
    last: date,
    by_mail: bool = False,
    by_push: bool = False,
) -> News:
    """Tell a piece of news from `first` to `last` to those who want to hear of its topic.

    `texts` are a `heading` and a `text` by language. With `by_mail` or `by_push` it is sent once
    besides, at once, to everybody who allows that.
    """
    with transaction.atomic():
        told = News.objects.create(
            topic=topic, texts=dict(texts), title=title, first=first, last=last
        )
        if by_mail:
            queue.enqueue(MAIL, news=told.pk)
        if by_push:
            queue.enqueue(PUSH, news=told.pk)
    return told


def send(*, news: int) -> None:
    """Write to everybody who allows news by email, once, in the language that each reads.

    The topic is decided letter by letter.
    """
    with transaction.atomic():
        piece = _claimed(news, "mailed_at")
        if piece is None:
            return
        languages = accounts.languages()
        address = f"{settings.PUBLIC.geturl().rstrip('/')}{piece.path}"
        for account, to in accounts.proved_addresses():
            heading, text = piece.told_in(languages.get(account, settings.LANGUAGE_CODE))
            with override(heading.language):
                said = {"text": text.text, "address": address}
                letter = render_to_string("marketing/mail/news_message.txt", said).strip()
                message = EmailMessage(heading.text, letter, None, [to])
                message.purpose, message.topic = EMAIL, piece.topic  # type: ignore[attr-defined]
                with suppress(Denied):  # by what this reader said of whoever carries the mail
                    message.send()


def push(*, news: int) -> None:
    """Have it shown by every browser that takes messages of those who allow it, once."""
    with transaction.atomic():
        piece = _claimed(news, "pushed_at")
        if piece is None:
            return
        languages = accounts.languages()
        for browser in list(browsers.taking()):
            heading, _ = piece.told_in(languages.get(browser.account, settings.LANGUAGE_CODE))
            message = messages.Message(heading.text, piece.path, heading.language)
            messages.send(browser, topic=piece.topic, message=message)


def _claimed(news: int, sent: str) -> News | None:
    """A piece that was not sent yet, marked as sent now; in the transaction that sends it."""
    found = News.objects.select_for_update(of=("self",)).select_related("title")
    piece = found.filter(pk=news, **{sent: None}).first()
    if piece is not None:
        News.objects.filter(pk=news).update(**{sent: timezone.now()})
    return piece


def withdraw(key: str) -> bool:
    """Take a piece of news back; whether there was one. What was sent is sent."""
    return bool(News.objects.filter(key=key).delete()[0])
