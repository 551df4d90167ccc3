"""Under load for a while: every answer is right, and the service grows no larger."""

from __future__ import annotations

import os
import random
import re
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.soak]

SECONDS = float(os.environ.get("SOAK_SECONDS", "120"))
VISITORS = 24


def resident_mb(pid: int) -> float:
    """Memory of a process and of all below it, in megabytes."""
    total = 0.0
    for line in (Path(f"/proc/{pid}/status")).read_text().splitlines():
        if line.startswith("VmRSS"):
            total = int(line.split()[1]) / 1024
    for task in Path("/proc").glob(f"{pid}/task/*/children"):
        total += sum(resident_mb(int(child)) for child in task.read_text().split())
    return total


def test_many_visitors_at_once_get_right_answers_and_memory_stays(service, clip) -> None:
    said = service.command("ingest", str(clip), "--name", "Under Load").stdout
    watch = re.search(r"/watch/[a-z0-9]+/", said)
    assert watch
    page = urllib.request.urlopen(service.url + watch[0]).read().decode()  # noqa: S310
    stream = re.search(r"/stream/[^/]+-[^/]+/[a-z0-9]+/", page)
    assert stream
    files = Path(service.data / "media" / "packages" / stream[0].split("/")[3])
    films = [path.name for path in files.glob("v*.mp4")]
    answers: Counter[int] = Counter()
    over = time.monotonic() + SECONDS

    def visitor(seed: int) -> None:
        chance = random.Random(seed)
        while time.monotonic() < over:
            path = chance.choice(["/", watch[0], "/search/?q=load", stream[0] + "film"])
            headers = {"Accept-Language": chance.choice(["en", "ar", "ko"])}
            if path.endswith("film"):
                path = stream[0] + chance.choice(films)
                start = chance.randrange(100_000)
                headers["Range"] = f"bytes={start}-{start + 200_000}"
            request = urllib.request.Request(service.url + path, headers=headers)  # noqa: S310
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                answer.read()
                answers[answer.status] += 1

    visitors = [threading.Thread(target=visitor, args=(n,)) for n in range(VISITORS)]
    for each in visitors:
        each.start()
    time.sleep(SECONDS / 3)
    early = resident_mb(service.process.pid)
    for each in visitors:
        each.join()
    late = resident_mb(service.process.pid)
    assert set(answers) == {200, 206}, answers
    assert sum(answers.values()) > VISITORS * 5
    assert late < early * 1.25 + 30, f"{early:.0f} MB became {late:.0f} MB"
