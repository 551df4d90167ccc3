"""Accounts that end in one night: what closing and erasing each costs, beside others' rows.

    python tools/bench.py endings        (BENCH_ROWS=60000 BENCH_ACCOUNTS=100)

Nobody confirmed these accounts. `closed` is what the sweep costs for each, `erased` what a worker
does until the report of each says that it is gone: CPU of the process, and by the wall. What the
process grew by is the most that it had.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import time
from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

import rights
from plainview.domains.accounts.models import User
from plainview.platform.identifiers import new_id
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Erasure
from plainview.privacy.retention import sweeping

rights.ROWS = int(os.environ.get("BENCH_ROWS", "60000"))
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "100"))
LONG_AGO = dt.timedelta(days=30)


def register() -> None:
    """Somebody types an address, a month ago, and nobody confirms it."""
    user = User.objects.create_user(f"bench-{new_id()}@lantern.example", None)
    User.objects.filter(pk=user.pk).update(joined_at=timezone.now() - LONG_AGO)
    EmailAddress.objects.create(user=user, email=user.email, primary=True)


def worked() -> None:
    """All that waits is done, whatever moment it waits for."""
    while True:
        with duty("fixture"):
            Job.objects.filter(state=Job.State.WAITING).update(run_at=timezone.now())
        if not worker.run_one():
            return


def costs(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds for each account: CPU of this process, and by the wall."""
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return round(spent[0] * 1000 / ACCOUNTS, 1), round(spent[1] * 1000 / ACCOUNTS, 1)


def main() -> None:
    rights.person(rights.film())
    with duty("fixture"):
        for _ in range(ACCOUNTS):
            register()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    closed = costs(sweeping.sweep)
    with duty("fixture"):
        assert Erasure.objects.count() == ACCOUNTS, Erasure.objects.count()
    erased = costs(worked)
    grew = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with duty("fixture"):
        assert Erasure.objects.filter(state=Erasure.State.DONE).count() == ACCOUNTS
    print(
        json.dumps(
            {
                "engine": connection.vendor,
                "rows": rights.ROWS,
                "accounts": ACCOUNTS,
                "closed_cpu_ms": closed[0],
                "closed_ms": closed[1],
                "erased_cpu_ms": erased[0],
                "erased_ms": erased[1],
                "memory_grew_mb": round(grew / 1024, 1),
            }
        )
    )
