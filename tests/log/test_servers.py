"""What befalls a database server itself: a restart as by loss of power, a full disk, an old copy.

Each service here is one of its own: a database that is nobody else's, processes that answer, and
the command line to look at it afterwards. A full disk is a file system of a few megabytes, which
takes a machine that lets us mount one.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from tools import postgres

pytestmark = [pytest.mark.soak]
ROOT = Path(__file__).resolve().parents[2]
SAFE = "-c max_connections=20 -c max_wal_size=4MB -c min_wal_size=2MB -c shared_buffers=8MB"
"""As a service has it: what is confirmed is on the disk."""


class Service:
    """A service with its data folder and its database; `server` on PostgreSQL."""

    def __init__(self, place: Path, engine: str) -> None:
        self.data = place / "data"
        self.data.mkdir()
        self.server: postgres.Server | None = None
        self.file = place / "db.sqlite3"
        if engine == "postgresql":
            (place / "pg").mkdir()
            self.server = postgres.Server(place / "pg", SAFE, segments=1)
            self.server.start()
        self._started: list[subprocess.Popen[str]] = []
        assert self.plainview("manage", "migrate", "-v0").returncode == 0

    @property
    def environment(self) -> dict[str, str]:
        address = self.server.address if self.server else f"sqlite:{self.file}"
        own = {"PLAINVIEW_DATA_DIR": str(self.data), "PLAINVIEW_DATABASE_URL": address}
        return {**os.environ, **own, "PYTHONPATH": str(ROOT)}

    def plainview(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "plainview", *words]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def begin(self, answering: int = 2) -> None:
        """Start processes that answer and one that gives places; wait until they do."""
        for what in [*["answers"] * answering, "places"]:
            command = [sys.executable, "-m", "tests.log.writing", what]
            self._started.append(
                subprocess.Popen(
                    command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
                )
            )
        for each in self._started:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"

    def end(self) -> set[int]:
        """Kill them; the devices to which an answer was confirmed."""
        confirmed: set[int] = set()
        for each in self._started:
            each.send_signal(signal.SIGKILL)
        for number, each in enumerate(self._started):
            told, _ = each.communicate()
            if number < len(self._started) - 1:
                confirmed |= {int(line) for line in told.split("\n")[:-1]}
        self._started = []
        return confirmed

    def answered(self) -> set[int]:
        """Whose answers stand in the ledger, asked of the database itself."""
        asks = "SELECT subject FROM privacy_answer"
        if self.server is None:
            with closing(sqlite3.connect(self.file)) as found:
                return {row[0] for row in found.execute(asks)}
        with psycopg.connect(self.server.address) as found:
            return {row[0] for row in found.execute(asks)}

    def is_whole(self) -> bool:
        self.plainview("log", "head")
        looked = self.plainview("log", "verify")
        assert looked.returncode == 0, looked.stdout + looked.stderr
        return "the log is whole" in looked.stdout


@contextmanager
def service(place: Path, engine: str) -> Iterator[Service]:
    try:
        made = Service(place, engine)
    except postgres.Unavailable as error:
        pytest.skip(str(error))
    try:
        yield made
    finally:
        made.end()
        if made.server is not None and made.server.runs:
            made.server.stop()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder into which the account that runs PostgreSQL may look."""
    made = Path(tempfile.mkdtemp(prefix="plainview-service-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def small(place: Path) -> Iterator[Callable[[int], Path]]:
    """`small(96)`: a file system of so many megabytes."""
    mounted: list[Path] = []

    def make(megabytes: int) -> Path:
        where = place / "small"
        where.mkdir()
        size = f"size={megabytes}m,mode=755"
        command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(where)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("a full disk needs a file system of its own: run it as root")
        mounted.append(where)
        return where

    yield make
    for where in mounted:
        subprocess.run(["umount", "-l", str(where)], check=False)


def until(holds: Callable[[], bool], seconds: int = 60) -> bool:
    """Whether something comes to hold in that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_p2_11e_a_server_that_is_restarted_as_by_loss_of_power_loses_no_confirmed_answer(place):
    chance, restarts, writers = random.Random(12), 12, 2
    with service(place, "postgresql") as made:
        assert made.server is not None
        made.begin(writers)
        for _ in range(restarts):
            time.sleep(chance.uniform(0.1, 0.8))
            made.server.restart()
        time.sleep(0.5)
        confirmed = made.end()
        there = made.answered()
        assert len(confirmed) > restarts, "answers were given between the restarts"
        assert confirmed <= there, "what was confirmed is there"
        assert len(there - confirmed) <= writers * (restarts + 1), "at most one each was under way"
        assert made.is_whole()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_p2_11e_on_a_disk_that_is_full_an_answer_fails_whole_and_what_was_there_stays(
    small, engine
):
    writers = 2
    with service(small(120 if engine == "postgresql" else 24), engine) as made:
        ballast = made.data.parent / "ballast"
        made.begin(writers)
        time.sleep(1)
        free = shutil.disk_usage(made.data).free
        with ballast.open("wb") as file:
            file.write(bytes(max(0, free - 700_000)))
        assert until(lambda: shutil.disk_usage(made.data).free < 40_000), "the disk is to be full"
        time.sleep(2)
        ballast.unlink()
        if made.server is not None and not made.server.runs:
            made.server.start()  # without room for its log it stops, as it must
        before = len(made.answered())
        assert until(lambda: len(made.answered()) > before), "with room again answers go on"
        confirmed = made.end()
        there = made.answered()
        assert confirmed <= there, "what was confirmed is there"
        assert len(there - confirmed) <= 2 * writers
        assert made.is_whole()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_p2_11e_a_database_restored_from_yesterday_says_so_by_itself(place, engine):
    with service(place, engine) as made:
        where = made.server.data if made.server else made.file
        made.begin(1)
        time.sleep(1)
        made.end()
        early = made.plainview("log", "head").stdout
        if made.server is not None:
            made.server.stop()
            shutil.copytree(where, place / "yesterday", symlinks=True)
            _owned_as(where, place / "yesterday")
            made.server.start()
        else:
            with closing(sqlite3.connect(where)) as source:
                source.execute(f"VACUUM INTO '{place / 'yesterday'}'")
        made.begin(1)
        time.sleep(1)
        made.end()
        lost = made.plainview("log", "head").stdout
        assert int(lost.split("\n")[1]) > int(early.split("\n")[1])
        if made.server is not None:
            made.server.stop()
            shutil.rmtree(where)
            (place / "yesterday").rename(where)
            made.server.start()
        else:
            for name in (where, Path(f"{where}-wal"), Path(f"{where}-shm")):
                name.unlink(missing_ok=True)
            (place / "yesterday").rename(where)
        looked = made.plainview("log", "verify")
        assert looked.returncode == 1
        assert "it was put back to an earlier state" in looked.stdout
        fresh = made.plainview("log", "head").stdout
        assert fresh.startswith("localhost:8000/legal/log/2\n")
        assert f"lost {lost.split(chr(10))[1]} {lost.split(chr(10))[2]}" in fresh
        assert made.is_whole()


def _owned_as(one: Path, other: Path) -> None:
    """Give a copy the owner and the modes of what it is of."""
    stat = one.stat()
    for path in [other, *other.rglob("*")]:
        os.chown(path, stat.st_uid, stat.st_gid, follow_symlinks=False)
    other.chmod(0o700)
