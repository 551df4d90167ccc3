"""What can be done with news: say it, send it, take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from plainview.domains.accounts import queries as accounts
from plainview.domains.catalogue.models import Title
from plainview.domains.marketing.models import News
from plainview.platform.addresses import absolute
from plainview.platform.jobs import queue
from plainview.platform.languages import speaking
from plainview.privacy.disclosures import push as messages
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.push import queries as browsers

MAIL, PUSH = "marketing.mail", "marketing.push"
EMAIL, TO_BROWSERS = "marketing-email", "marketing-push"
"""The purposes of news by email and by push; they are what `disclosures` decides by."""
MOST = 50
"""So many people are told at once, and the next of them by the next job."""
EVERYBODY = 2**63 - 1


class AlreadyTold(Exception):
    """The very same is told on the same days: sent twice on a slow line, everybody had it twice."""


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
    besides, at once, to everybody who allows that. Raises AlreadyTold.
    """
    said = {"topic": topic, "texts": dict(texts), "title": title, "first": first, "last": last}
    with transaction.atomic():
        if News.objects.filter(**said).exists():
            raise AlreadyTold
        told = News.objects.create(**said)
        if by_mail:
            queue.enqueue(MAIL, news=told.pk)
        if by_push:
            queue.enqueue(PUSH, news=told.pk)
    return told


def send(*, news: int) -> None:
    """Write to the next of those who allow news by email, each in the language that they read.

    The topic is decided letter by letter.
    """
    _batch(news, "mailed", MAIL, accounts.with_address, _write)


def push(*, news: int) -> None:
    """Have it shown by every browser that takes messages, of the next of those who allow it."""
    _batch(news, "pushed", PUSH, browsers.taking, _show)


def _batch(
    news: int,
    sent: str,
    task: str,
    following: Callable[[int, int], list[int]],
    tell: Callable[[News, list[int]], None],
) -> None:
    """Tell the next of all, and ask for those after them, in one transaction.

    Who dies in the middle told nobody of the batch; while it lasts, others wait no longer than for
    a page. Whoever asks for all once more tells nobody twice.
    """
    with transaction.atomic():
        found = News.objects.select_for_update(of=("self",)).select_related("title")
        piece = found.filter(pk=news).first()
        if piece is None:
            return
        batch = following(getattr(piece, f"{sent}_upto"), MOST)
        tell(piece, batch)
        News.objects.filter(pk=news).update(
            **{
                f"{sent}_at": getattr(piece, f"{sent}_at") or timezone.now(),
                f"{sent}_upto": batch[-1] if batch else EVERYBODY,
            }
        )
        if batch:
            queue.enqueue(task, news=news)


def _write(piece: News, batch: list[int]) -> None:
    address = absolute(piece.path)
    languages = accounts.languages(batch)
    for account, to in accounts.proved_addresses(batch).items():
        heading, text = piece.told_in(languages.get(account, settings.LANGUAGE_CODE))
        with speaking(heading.language):
            said = {"text": text.text, "address": address}
            letter = render_to_string("marketing/mail/news_message.txt", said).strip()
            message = EmailMessage(heading.text, letter, None, [to])
            message.purpose, message.topic = EMAIL, piece.topic  # type: ignore[attr-defined]
            with suppress(Denied):  # by what this reader said of whoever carries the mail
                message.send()


def _show(piece: News, batch: list[int]) -> None:
    languages = accounts.languages(batch)
    for account, taking in browsers.of_accounts(batch).items():
        heading, _ = piece.told_in(languages.get(account, settings.LANGUAGE_CODE))
        message = messages.Message(heading.text, piece.path, heading.language)
        for browser in taking:
            messages.send(browser, topic=piece.topic, message=message)


def withdraw(key: str) -> bool:
    """Take a piece of news back; whether there was one. What was sent is sent."""
    return bool(News.objects.filter(key=key).delete()[0])
