"""The work on the queue: a sweep a day; counts and jobs tidied away soon after they have served."""

from __future__ import annotations

import logging
from datetime import timedelta

from plainview.platform.jobs import queue
from plainview.privacy import counting
from plainview.privacy.retention import sweeping
from plainview.privacy.tasks import task

log = logging.getLogger("plainview.privacy.retention")


@task(
    "sweep",
    serves="record-keeping",
    everyone="what is due to go is due for everybody",
    every=timedelta(days=1),
)
def sweep() -> None:
    """Take away what is due; the log says how many rows of which table, and nothing else."""
    for each in sweeping.sweep():
        log.info("%s rows of %s have gone (%s)", each.rows, each.table, each.because)


@task(
    "tidy",
    serves="authentication",
    everyone="it counts strangers, who have no number",
    every=timedelta(minutes=10),
)
def tidy() -> None:
    """Delete the counts of attempts whose window has ended, and the jobs that have served."""
    counting.tidy()
    queue.tidy()
