"""Work on what leaves: handing over, dropping dead letters, calling back, asking again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.utils import timezone

from plainview.privacy.disclosures import delivery, heads, recalls, services, stamps
from plainview.privacy.tasks import task

WHY = "whatever waits is handed on; each row names whom it is about, and is decided for them"
ledger = partial(task, serves="record-keeping", source="derived", everyone=WHY)
patient = partial(ledger, attempts=42, longest=timedelta(hours=6))
"""Seconds at first, six hours at last: a recipient that is away for a week loses nothing."""


@patient(services.DELIVER, given_up=delivery.give_up, together=50)
def deliver(asked: Sequence[Mapping[str, int]]) -> Sequence[Exception | None]:
    """Hand letters over, as many as wait."""
    return delivery.deliver(asked)


@patient(services.HAND_OVER, given_up=delivery.give_up, together=50, waits=True)
def hand_over(asked: Sequence[Mapping[str, int]]) -> Sequence[Exception | None]:
    """Hand over what is for other recipients, as much as waits."""
    return delivery.deliver(asked)


@patient(services.DELIVER_BATCH, given_up=delivery.give_up, waits=True)
def deliver_batch(batch: int) -> None:
    """Hand a batch over."""
    delivery.deliver_batch(batch)


@ledger(delivery.FORGET)
def forget(disclosure: int) -> None:
    """Drop the sealed letter of a dead letter."""
    delivery.forget(disclosure)


@patient(recalls.TELL, given_up=recalls.give_up, waits=True)
def tell(recall: int) -> None:
    """Tell a recipient what to do with what it got."""
    recalls.tell(recall)


@ledger(recalls.ASK)
def ask(recall: int) -> None:
    """Remind a recipient that has not confirmed; tell the officer when the time is over."""
    recalls.ask_again(recall)


@ledger(recalls.REVIEW, every=recalls.CALM)
def review() -> None:
    """Hold the ledger against every standing: what lapsed by itself is called back too."""
    recalls.review()


@ledger("log.stamp", every=timedelta(hours=1), waits=True)
def stamp() -> None:
    """Have the latest head of the log timestamped by whoever is connected for it (P2.11e)."""
    stamps.stamp_latest()


@ledger("log.mail", every=timedelta(hours=1))
def mail() -> None:
    """Mail the latest head of the log to whoever keeps heads, when their time has come (P2.11e)."""
    heads.mail_due()


@task(
    services.SEND,
    serves="privacy-choices",
    source="derived",
    everyone="asks everybody's standing who permits it",
    every=timedelta(hours=1),
)
def send() -> None:
    """Hand over what goes out regularly, once its time has come."""
    services.send_what_is_due(timezone.localdate())
