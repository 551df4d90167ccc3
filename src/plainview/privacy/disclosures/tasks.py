"""Work on what leaves: handing over, dropping dead letters, calling back, asking again."""

from __future__ import annotations

from datetime import timedelta

from plainview.privacy.disclosures import delivery, recalls, services
from plainview.privacy.tasks import task

WHY = "whatever waits is handed on; each row names whom it is about, and is decided for them"
SOURCE = "derived"
ATTEMPTS, LONGEST = 42, timedelta(hours=6)
"""Seconds at first, six hours at last: a recipient that is away for a week loses nothing."""


@task(
    services.DELIVER,
    serves="record-keeping",
    source=SOURCE,
    everyone=WHY,
    attempts=ATTEMPTS,
    longest=LONGEST,
    given_up=delivery.give_up,
)
def deliver(disclosure: int) -> None:
    """Hand one disclosure over."""
    delivery.deliver(disclosure)


@task(
    services.DELIVER_BATCH,
    serves="record-keeping",
    source=SOURCE,
    everyone=WHY,
    attempts=ATTEMPTS,
    longest=LONGEST,
    given_up=delivery.give_up,
)
def deliver_batch(batch: int) -> None:
    """Hand a batch over."""
    delivery.deliver_batch(batch)


@task(delivery.FORGET, serves="record-keeping", source=SOURCE, everyone=WHY)
def forget(disclosure: int) -> None:
    """Drop the sealed letter of a dead letter."""
    delivery.forget(disclosure)


@task(
    recalls.TELL,
    serves="record-keeping",
    source=SOURCE,
    everyone=WHY,
    attempts=ATTEMPTS,
    longest=LONGEST,
    given_up=recalls.give_up,
)
def tell(recall: int) -> None:
    """Tell a recipient what to do with what it got."""
    recalls.tell(recall)


@task(recalls.ASK, serves="record-keeping", source=SOURCE, everyone=WHY)
def ask(recall: int) -> None:
    """Remind a recipient that has not confirmed; tell the officer when the time is over."""
    recalls.ask_again(recall)


@task(recalls.REVIEW, serves="record-keeping", source=SOURCE, everyone=WHY)
def review() -> None:
    """Hold the ledger against every standing: what lapsed by itself is called back too."""
    recalls.review()
