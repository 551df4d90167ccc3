"""Background work of the catalogue."""

from __future__ import annotations

from datetime import timedelta

from plainview.domains.catalogue import services
from plainview.privacy.tasks import task


@task(
    "reminders",
    serves="service-messages",
    source="derived",
    everyone="each who asked is written to when their title opens",
    every=timedelta(minutes=10),
)
def reminders() -> None:
    """Write to those who asked to be told of a title that has opened."""
    services.send_reminders()
