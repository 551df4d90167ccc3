"""The work on the queue: archives whose life is over go."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from plainview.privacy.backups import shelf
from plainview.privacy.retention import clock
from plainview.privacy.tasks import task

log = logging.getLogger("plainview.privacy.backups")


@task(
    "backups.end",
    serves="record-keeping",
    everyone="an archive is of everybody, and opened by nobody here",
    every=timedelta(days=1),
)
def end() -> None:
    """Remove the archives that lived as long as the policy lets them (P9c).

    Not while the clock is in doubt: the next day sees to it.
    """
    if clock.doubt(note=False):
        return
    with suppress(shelf.InUse):  # tomorrow is early enough: the day counts, and not the hour
        for name in shelf.end_what_is_over():
            log.info("%s has gone: its life is over", name)
