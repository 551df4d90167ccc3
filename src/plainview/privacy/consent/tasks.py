"""The work on the queue: once a day, what has lapsed is written down as lapsed."""

from __future__ import annotations

import time
from datetime import timedelta

from plainview.platform.jobs.apart import apart
from plainview.privacy import permissions
from plainview.privacy.models import Standing
from plainview.privacy.tasks import task

AT_ONCE = 500


@task(
    "lapse",
    serves="privacy-choices",
    everyone="a yes that has lapsed is none any more, whoever gave it",
    every=timedelta(days=1),
)
def lapse() -> None:
    """Make every yes that has lapsed unset, and have it called back from whoever got anything.

    Until this has run the row denies by itself: the gate holds `valid_until` against the clock.
    """
    due = Standing.objects.filter(valid_until__lte=int(time.time())).order_by("subject")
    last = 0
    with apart() as tried:
        while subjects := list(
            due.filter(subject__gt=last).values_list("subject", flat=True)[:AT_ONCE]
        ):
            for last in subjects:
                tried(permissions.change, last, permissions.live)
