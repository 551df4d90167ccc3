"""`kill -9` at any moment of an ingest: a playable film or a retried job, and no orphan file."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import av
import imageio_ffmpeg
import psycopg
import pytest

from .readied import Running

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def sql(service, statement: str) -> list[tuple]:
    """Run a statement on the service's own database."""
    address = service.environment.get("PLAINVIEW_DATABASE_URL", "")
    if address:
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []
    with sqlite3.connect(service.data / "plainview.sqlite3", timeout=20) as connection:
        return connection.execute(statement).fetchall()


def children(pid: int) -> list[int]:
    """Every process below `pid`."""
    found = []
    for task in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in task.read_text().split():
            found += [int(child), *children(int(child))]
    return found


def kill(worker: Running, which: str) -> None:
    """Kill the worker, or only a process that it started, as hard as can be."""
    below = children(worker.pid)
    victims = below if which == "encoder" and below else [worker.pid]
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def expire_leases(service) -> None:
    """Let the half minute of the lease, and the pause before a retry, go by at once."""
    past = "'2000-01-01 00:00:00'"
    sql(service, f"UPDATE jobs_job SET lease_until={past} WHERE state='running'")  # noqa: S608
    sql(service, f"UPDATE jobs_job SET run_at={past} WHERE state='waiting'")  # noqa: S608


def state_of(service, key: str) -> str:
    return sql(service, f"SELECT state FROM playback_ingest WHERE key='{key}'")[0][0]  # noqa: S608


@pytest.mark.soak  # the suite has one who dies on the way to the bucket (`test_bucket`)
@pytest.mark.parametrize("times", [50], ids=["fifty"])
def test_killed_at_random_moments_every_film_ends_playable_and_no_file_is_left(
    idle_service, clip, times
):
    service, chance, whole = idle_service, random.Random(times), pictures(clip)
    for round_ in range(times):
        said = service.command("ingest", str(clip), "--no-wait").stdout
        key = said.split()[-1]
        for _ in range(chance.choice([1, 1, 2])):
            worker = service.worker()
            time.sleep(chance.uniform(0.6, 5.0))
            kill(worker, chance.choice(["worker", "encoder"]))
            time.sleep(0.3)
            worker.tell(signal.SIGKILL)
            worker.wait()
            expire_leases(service)
        worker = service.worker()
        deadline = time.monotonic() + 90
        while state_of(service, key) not in ("ready", "failed"):
            assert time.monotonic() < deadline, f"round {round_}: stuck"
            expire_waiting(service)
            time.sleep(0.3)
        wait_for_cleaning(service)
        worker.tell(signal.SIGKILL)
        worker.wait()
        assert state_of(service, key) == "ready", (service.data / "worker.log").read_text()[-4000:]
        made = (service.data / "media" / "packages" / key).glob("v*.mp4")
        assert {pictures(path) for path in made} == {whole}
    keys = {path.name for path in (service.data / "media" / "packages").iterdir()}
    assert keys == {row[0] for row in sql(service, "SELECT key FROM playback_package")}
    for place in ("incoming", "staging"):
        assert list((service.data / "media" / place).rglob("*")) == []


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="one", marks=pytest.mark.soak),
              pytest.param(30, id="thirty", marks=pytest.mark.soak)]
)  # fmt: skip
def test_a_long_film_in_parts_outlives_two_workers_that_are_killed(idle_service, tmp_path, times):
    service, chance = idle_service, random.Random(times)
    path = tmp_path / "long walk.mkv"
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i",
         "testsrc2=size=160x90:rate=10:duration=420", "-f", "lavfi", "-i", "sine=duration=420",
         "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(path)], check=True,
    )  # fmt: skip
    for _ in range(times):
        key = service.command("ingest", str(path), "--no-wait").stdout.split()[-1]
        for _ in range(chance.choice([2, 3])):
            workers = [service.worker(), service.worker()]
            time.sleep(chance.uniform(1.0, 8.0))
            for worker in workers:
                kill(worker, chance.choice(["worker", "encoder"]))
            time.sleep(0.3)
            for worker in workers:
                worker.tell(signal.SIGKILL)
                worker.wait()
            expire_leases(service)
        workers = [service.worker(), service.worker()]
        deadline = time.monotonic() + 300
        while state_of(service, key) not in ("ready", "failed"):
            assert time.monotonic() < deadline, "stuck"
            expire_waiting(service)
            time.sleep(0.3)
        wait_for_cleaning(service)
        for worker in workers:
            worker.tell(signal.SIGKILL)
            worker.wait()
        assert state_of(service, key) == "ready"
        assert pictures(service.data / "media" / "packages" / key / "v90.mp4") == 4200
    assert service.command("storage", "check").stdout == "files and rows agree\n"


def expire_waiting(service) -> None:
    past = "'2000-01-01 00:00:00'"
    sql(service, f"UPDATE jobs_job SET run_at={past} WHERE state='waiting'")  # noqa: S608


def wait_for_cleaning(service) -> None:
    """The job ends a moment after the film is published: it removes the source first."""
    deadline = time.monotonic() + 20
    while sql(service, "SELECT 1 FROM jobs_job WHERE state IN ('running', 'waiting')"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def pictures(path: Path) -> int:
    """How many pictures a film has, decoded to its end."""
    with av.open(str(path)) as film:
        return sum(1 for _ in film.decode(video=0))
