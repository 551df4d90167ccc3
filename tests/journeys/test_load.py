"""Half an hour of everybody at once: every answer is right, and the service grows no larger.

`SOAK_SECONDS` shortens it. What each person does is in `evening.py`.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import Service, copy_of, put_on
from .evening import OFFICER, PATIENCE, Contributor, Guest, Member, Night, Officer, Person
from .test_kills import sql
from .walking import in_files, make_members

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.soak]

SECONDS = float(os.environ.get("SOAK_SECONDS", "1800"))
PEOPLE: dict[type[Person], int] = {Guest: 10, Member: 5, Contributor: 3, Officer: 1}
LOOKS_EVERY = 2.0
MEMORY = 1.10, 12
"""From the second quarter to the last, a process may become so many times as large, and MB more:
what Python's and SQLite's allocators keep of a busy moment differs by so much from one to the
next, and a leak of a kilobyte a request would be more than either in half an hour."""
FILES = 3 * 24
"""So many more open files: a thread of the web server that works for the first time opens the
database, its log and the log's index, and keeps them for ten minutes; each stream has one too."""
PER_ACT = 1.25, 1.0
"""An act of the last quarter may take so many times the room of one in the second, and kB more:
the database grows by pages of 4 kB. Then it grows by what people said, and not by itself."""
USUAL = re.compile(
    r"Bringing the database up to date|Search index: |First run: |.* is at http://"
    r"|\S+ \S+ INFO plainview\."
)


@dataclass(frozen=True)
class Look:
    """The service at a moment: megabytes and open files by process, its database and folder."""

    memory: dict[str, float]
    files: dict[str, int]
    database: float
    acts: int


def below(pid: int) -> Iterator[int]:
    """A process, and all that it started."""
    yield pid
    for task in Path("/proc").glob(f"{pid}/task/*/children"):
        with suppress(OSError):  # a thread may have ended since
            for child in task.read_text().split():
                yield from below(int(child))


def resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def database_mb(service: Service) -> float:
    """The rows and their indexes, without the journal that SQLite lets grow and uses again."""
    if service.environment.get("PLAINVIEW_DATABASE_URL", ""):
        ((size,),) = service.rows("SELECT pg_database_size(current_database())")
    else:
        ((size,),) = service.rows(
            "SELECT (page_count - freelist_count) * page_size"
            " FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
    return int(size) / 2**20


def look(service: Service, night: Night) -> Look:
    memory: dict[str, float] = {}
    files: dict[str, int] = {}
    assert service.process is not None
    for child in [pid for pid in below(service.process.pid) if pid != service.process.pid]:
        try:
            name = Path(f"/proc/{child}/comm").read_text().partition(" ")[0]
            name = "web" if name == "web" else "worker"
            size, opened = resident_mb(child), len(os.listdir(f"/proc/{child}/fd"))
        except FileNotFoundError:  # it ended just now
            continue
        memory[name] = memory.get(name, 0) + size
        files[name] = files.get(name, 0) + opened
    return Look(memory, files, database_mb(service), sum(night.did.values()))


@pytest.fixture
def house(tmp_path: Path, laid: Service) -> Iterator[Service]:
    """A service with an officer, served: a web process and a worker beside it."""
    running = copy_of(laid, tmp_path)
    make_members(running, (OFFICER, "DE", "privacy-officer"))
    running.start()
    yield running
    running.stop()


def night_falls(service: Service) -> None:
    """What is done every minute, hour and day is due now, all at once."""
    sql(service, "UPDATE jobs_job SET created_at = '2000-01-01 00:00:00' WHERE state = 'done'")


def open_jobs(service: Service) -> list[tuple]:
    """Jobs that are due and not done, or failed."""
    rows = service.rows("SELECT task, state, attempts, run_at, error FROM jobs_job")
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    return [row for row in rows if row[1] != "done" and (row[1] != "waiting" or str(row[3]) < now)]


def quarters(looks: list[Look]) -> tuple[list[Look], list[Look]]:
    """The second and the last: in the first the service warms up, and the night falls once."""
    part = len(looks) // 4
    return looks[part : 2 * part], looks[-part:]


def usual(looks: list[Look], name: str) -> tuple[float, float]:
    """Megabytes and open files of a process as they mostly were."""
    memory = statistics.median(each.memory.get(name, 0) for each in looks)
    return memory, statistics.median(each.files.get(name, 0) for each in looks)


def per_act(looks: list[Look]) -> float:
    """Kilobytes that the database grew by for each thing that somebody did."""
    return 1024 * (looks[-1].database - looks[0].database) / (looks[-1].acts - looks[0].acts)


def test_everybody_at_once_for_half_an_hour(
    house: Service, clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = put_on(house, clip, "Harbour Walk", "--language", "es")
    night = Night(house, film, time.monotonic() + SECONDS)
    people = [kind(night, n) for kind, count in PEOPLE.items() for n in range(count)]
    for each in people:
        each.start()
    looks, fell = [], False
    while night.lasts():
        time.sleep(LOOKS_EVERY)
        looks.append(look(house, night))
        if not fell and night.until - time.monotonic() < SECONDS * 0.8:
            night_falls(house)
            fell = True
    for each in people:
        each.join(2 * PATIENCE)
    assert not night.faults, "\n\n".join(night.faults)

    early, late = quarters(looks)
    told = [f"{SECONDS:.0f} s: {dict(night.answers)} {dict(night.did)}"]
    for name in ("web", "worker"):
        (small, few), (large, many) = (usual(part, name) for part in (early, late))
        told.append(f"{name}: {small:.0f} to {large:.0f} MB, {few:.0f} to {many:.0f} open files")
    told.append(f"database: {per_act(early):.1f}, then {per_act(late):.1f} kB an act")
    with capsys.disabled():
        sys.stderr.write("\n".join(["", *told, ""]))

    assert not [each for each in people if each.is_alive()]
    for kind in PEOPLE:
        assert night.did[kind.__name__] >= PEOPLE[kind], told
    assert night.left, told
    for name in ("web", "worker"):
        (small, few), (large, many) = (usual(part, name) for part in (early, late))
        assert large < small * MEMORY[0] + MEMORY[1], told
        assert many <= few + FILES, told
    assert per_act(late) < per_act(early) * PER_ACT[0] + PER_ACT[1], told
    all_is_in_order(house, night)


def all_is_in_order(house: Service, night: Night) -> None:
    """Afterwards: jobs done, log whole, files as the rows say, nothing said, nobody left behind."""
    until = time.monotonic() + PATIENCE
    while waiting := open_jobs(house):
        assert time.monotonic() < until, waiting
        time.sleep(1)
    assert house.command("log", "verify").stdout.endswith("the log is whole\n")
    assert house.command("storage", "check").stdout == "files and rows agree\n"
    lines = (house.data / "serve.log").read_text().splitlines()
    assert [line for line in lines if not USUAL.match(line)] == []
    copies = {path.name for path in (house.data / "copies").rglob("*") if path.is_file()}
    named = {Path(name).name for (name,) in house.rows("SELECT file FROM privacy_copy")}
    assert copies == named
    words = {address.encode() for address in night.left}
    assert in_files(house.data, words) == set()
