"""The work on the queue: somebody is reminded in time, and people are written to."""

from __future__ import annotations

from datetime import timedelta

from plainview.platform.jobs.apart import apart
from plainview.privacy.breaches import letters, queries, reminding, services
from plainview.privacy.tasks import task


@task(
    services.REMIND,
    serves="rights",
    source="derived",
    everyone="who answers for breaches is written to, and the register names nobody",
    every=timedelta(minutes=15),
)
def breaches() -> None:
    """See whose letters came back; tell somebody of each duty whose moment is near (P8a)."""
    with apart() as tried:
        for found in queries.cases():
            tried(letters.look_after, found)
        for found in queries.cases():
            tried(reminding.remind, found)


send = task(
    letters.SEND,
    serves=letters.PURPOSE,
    source="derived",
    everyone="whoever is concerned by a breach is told",
    attempts=12,
    longest=timedelta(minutes=10),
    given_up=letters.stuck,
)(letters.send)
