"""The work on the queue: a sweep a day; what has served in minutes is tidied away soon after."""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from plainview.platform.jobs import queue
from plainview.privacy import counting, sessions
from plainview.privacy.gate.duties import duty
from plainview.privacy.retention import clock, sweeping, warning
from plainview.privacy.rights import scanning
from plainview.privacy.tasks import task

log = logging.getLogger("plainview.privacy.retention")
LONGEST_UPLOAD = timedelta(days=1)
"""A file of a form that nobody has written to for so long has lost the process that took it in."""


SWEEP = "sweep"


@task(
    SWEEP,
    serves="record-keeping",
    everyone="what is due to go is due for everybody",
    every=timedelta(days=1),
    slow=True,
)
def sweep() -> None:
    """Take away what is due; the log says how many rows of which table, and nothing else.

    Not while the clock is in doubt (`clock`).
    """
    if wait := clock.doubt():
        log.warning("%s; is it right, run `plainview privacy sweep`", clock.said(wait))
        queue.enqueue_at(timezone.now() + wait, SWEEP)
        return
    for each in sweeping.sweep():
        log.info("%s rows of %s have gone (%s)", each.rows, each.table, each.because)


task(
    warning.WRITE,
    serves="service-messages",
    everyone="whoever did not use their account for long is told when it ends",
)(warning.write)


@task(
    "tidy",
    serves="authentication",
    everyone="it counts strangers, who have no number",
    every=timedelta(minutes=10),
)
def tidy() -> None:
    """Delete counts and strangers' sessions that are over, jobs that have served, what is left of
    uploads, and in SQLite's log what people deleted by themselves.
    """
    counting.tidy()
    sessions.tidy()
    queue.tidy()
    last = time.time() - LONGEST_UPLOAD.total_seconds()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        with suppress(FileNotFoundError):  # its request has just ended
            if path.stat().st_mtime >= last:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with duty("erasure"), suppress(scanning.BusyLog):
            scanning.Database().empty_log(moments=1)
