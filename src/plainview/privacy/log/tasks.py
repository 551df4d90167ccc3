"""The work on the queue: places for entries, and a head every hour."""

from __future__ import annotations

from datetime import timedelta

from plainview.privacy.log import sequencing
from plainview.privacy.tasks import task


@task(
    "log.sequence",
    serves="privacy-choices",
    everyone="a hash has a place in the log whoever it leads to",
    every=timedelta(minutes=1),
)
def sequence() -> None:
    """Give entries their place in the log and sign its head (P2.11e)."""
    sequencing.sequence()
