"""The work on the queue: letters fetched every minute, and tidied away every hour."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from plainview.privacy.post import arriving, services
from plainview.privacy.tasks import task

WHY = services.DOOR.everyone


@task("post.fetch", serves="rights", source="mail", everyone=WHY, every=timedelta(minutes=1))
def fetch() -> None:
    """Take in the mail that came to the privacy address; hand letters to whom they were proved."""
    services.follow()
    arriving.fetch()


@task("post.tidy", serves="rights", source="mail", everyone=WHY, every=timedelta(hours=1))
def tidy() -> None:
    """Let letters end with their requests, and files go that no letter names."""
    services.tidy(timezone.now())
