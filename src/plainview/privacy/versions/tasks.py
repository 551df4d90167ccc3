"""The work on the queue: a version that was released is published when its moment has come."""

from __future__ import annotations

from datetime import timedelta

from plainview.privacy.tasks import task
from plainview.privacy.versions import publishing


@task(
    "publish",
    serves="privacy-choices",
    everyone="a new policy means a new answer for everybody",
    every=timedelta(minutes=1),
    attempts=5,
)
def publish() -> None:
    """Publish what is due; an attempt that died left the version before it in force."""
    publishing.publish_due()
