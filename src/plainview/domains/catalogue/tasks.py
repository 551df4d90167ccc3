"""Background work of the catalogue."""

from __future__ import annotations

from datetime import timedelta

from plainview.domains.catalogue import services
from plainview.privacy.tasks import task

make_sizes = task(
    "catalogue.pictures",
    serves="browse",
    source="derived",
    everyone="cuts a picture of the programme",
    attempts=2,
)(services.make_sizes)


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
