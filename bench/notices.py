"""Pages while people are told of a change of the policy.

The home page while a worker tells people at the rate of PLAINVIEW_NOTICES_A_MINUTE, against the
same page without: the 95th percentile of each, in turns (goal <= 1.2).

Prints, and ends with the ratio as one JSON object. The worker is a process of its own, as it is
beside `plainview serve`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from pages import whole
from plainview.domains.accounts.models import User
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy.changes import sending
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Change
from plainview.privacy.policies import in_force

READERS = int(os.environ.get("READERS", "1500"))
CALLS, TURNS, GOAL = 60, 6, 1.2
duties.DUTIES |= {"fixture"}


def readers() -> int:
    """READERS with addresses, and a change to tell them of; return its number."""
    with duty("fixture"):
        for number in range(READERS):
            user = User.objects.create_user(f"reader{number}@lantern.example")
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        User.objects.update(joined_at=timezone.now() - timedelta(days=9))
    words = {"en": ["Something is different."]}
    difference = {"kind": "controller", "of": "controller", "material": False, "triggers": "notice"}
    policy = in_force()
    change = Change.objects.create(
        version=policy.version,
        before="",
        policy=policy.fingerprint,
        differences=json.dumps([difference]),
        words=json.dumps(words),
        published_at=timezone.now(),
        state=Change.State.PAUSED,
        people=READERS,
    )
    return int(change.pk)


def timed(call: Callable[[], None]) -> list[float]:
    found = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return found


def main() -> None:
    change, call = readers(), whole("/")
    for _ in range(10):
        call()
    worker = subprocess.Popen([sys.executable, "-m", "plainview", "work"])
    quiet: list[float] = []
    busy: list[float] = []
    try:
        time.sleep(8)
        for _ in range(TURNS):
            quiet += timed(call)
            assert sending.go_on(change), "nobody is left to be told: raise READERS"
            time.sleep(1)
            busy += timed(call)
            sending.pause(change)
            Job.objects.filter(task=queue.task_named("changes.send").name).delete()
            time.sleep(1)
    finally:
        worker.terminate()
        worker.wait(20)
    p95 = [statistics.quantiles(each, n=20)[18] * 1000 for each in (quiet, busy)]
    print(f"home page, p95: {p95[0]:.1f} ms without, {p95[1]:.1f} ms while people are told")
    print(json.dumps({"page while people are told": round(p95[1] / p95[0], 2)}))


if __name__ == "__main__":
    main()
