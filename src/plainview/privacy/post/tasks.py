"""The work on the queue: letters fetched every minute, and tidied away every hour."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from plainview.privacy.post import arriving, queries, services
from plainview.privacy.requests import letters
from plainview.privacy.tasks import task

WHY = services.DOOR.everyone


@task(
    "post.fetch",
    serves="rights",
    source="mail",
    everyone=WHY,
    every=timedelta(minutes=1),
    waits=True,
)
def fetch() -> None:
    """Take in the mail that came to the privacy address; hand letters to whom they were proved."""
    services.follow()
    arriving.fetch()


@task("post.tidy", serves="rights", source="mail", everyone=WHY, every=timedelta(hours=1))
def tidy() -> None:
    """Let letters end with their requests, and files go that no letter names."""
    services.tidy(timezone.now())


@task("post.waiting", serves="rights", source="mail", everyone=WHY, every=timedelta(days=1))
def rise() -> None:
    """Tell whoever answers for letters how many wait for a person, a day or longer (P5.2a)."""
    if count := queries.waiting(before=timezone.now() - timedelta(days=1)):
        letters.bring("letters", gettext_noop("Letters wait for a person"), count=count)
