"""A publication that touches many, and pages while people are told of it.

- letting it wait: `permissions.pend` over PEOPLE standings, half of which it touches, against one
  bare UPDATE of the same rows by Django's own ORM
- the home page while a worker tells people at the rate of PLAINVIEW_NOTICES_A_MINUTE, against the
  same page without: the 95th percentile of each, in turns (goal <= 1.2)

Prints, and ends with the ratios as one JSON object. The worker is a process of its own, as it is
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
from django.db import transaction
from django.utils import timezone

from pages import whole
from plainview.domains.accounts.models import User
from plainview.engine import Standing as Facts
from plainview.platform.jobs import queue
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions
from plainview.privacy.changes import sending
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Change, Standing
from plainview.privacy.policies import in_force

PEOPLE = int(os.environ.get("PEOPLE", "100000"))
READERS = int(os.environ.get("READERS", "1500"))
CALLS, TURNS, GOAL = 60, 6, 1.2
BATCH = 20_000
NAME = "audience-uploads/northgate"
duties.DUTIES |= {"fixture"}


def standings() -> None:
    """PEOPLE who said yes or no, whose yeses lapse on different days."""
    soon = int(time.time()) + 10**7
    kinds = [
        Facts.newcomer(presence="eu", choices={"audience-uploads": said}).to_json().decode()
        for said in ("granted", "denied")
    ]
    for start in range(0, PEOPLE, BATCH):
        Standing.objects.bulk_create(
            Standing(
                subject=n,
                permitted=0,
                valid_until=soon + n % 700 * 86400,
                facts=f'{kinds[n % 2][:-1]},"valid_until":{soon + n % 700 * 86400}.0}}',
                policy="an earlier one",
                device=True,
            )
            for n in range(start, min(start + BATCH, PEOPLE))
        )


def waits(facts: Facts) -> frozenset[str]:
    yes = (facts.choices or {}).get("audience-uploads") == "granted"
    return frozenset({NAME}) if yes else frozenset()


def pending() -> float:
    with duty("fixture"):
        standings()
    start = time.perf_counter()
    found = permissions.pend(waits)
    ours = time.perf_counter() - start
    assert sum(found) == PEOPLE // 2, found
    with duty("fixture"), transaction.atomic():
        start = time.perf_counter()
        Standing.objects.filter(device=True).update(facts="{}", policy="")
        bare = time.perf_counter() - start
        Standing.objects.filter(device=True).delete()
    print(f"pend: {PEOPLE} standings in {ours:.1f} s, a bare UPDATE of them {bare:.1f} s")
    return ours / bare


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
    ratios = {"pend against a bare update": pending()}
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
    ratios["page while people are told"] = p95[1] / p95[0]
    print(json.dumps({name: round(ratio, 2) for name, ratio in ratios.items()}))


if __name__ == "__main__":
    main()
