"""Background work on browsers that take messages."""

from __future__ import annotations

from datetime import timedelta

from plainview.privacy.push import services
from plainview.privacy.tasks import task


@task(
    "push.tidy",
    serves="privacy-choices",
    source="derived",
    everyone="whoever signed out or whose yes lapsed is found among all",
    every=timedelta(hours=1),
)
def tidy() -> None:
    """Let go of the addresses of browsers that may not be kept any more."""
    services.tidy()
