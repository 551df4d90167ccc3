"""Access and erasure of many rows, as ratios of one run against SQL written by hand.

    python tools/bench.py rights        (BENCH_ROWS=500000 BENCH_ROUNDS=3)

By hand, a copy is a SELECT whose rows go into a zip as JSON and CSV; an erasure is a DELETE in each
table and the emptying of the log. Ours derives both, makes the readable page, reports, and looks
through the whole database afterwards. While a worker makes a copy, and while it erases, pages go on
and somebody's progress is written: `page_p95_ms` and `write_p95_ms`, beside the same alone.
The search alone is told by rows a second, and as a ratio to reading the same rows and no more.
"""

from __future__ import annotations

import csv
import io
import json
import os
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable

from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from plainview.domains.accounts.models import User
from plainview.domains.catalogue import services as catalogue
from plainview.domains.playback.models import Viewing
from plainview.platform.identifiers import new_id
from plainview.platform.jobs import worker
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Erasure
from plainview.privacy.rights import scanning, seeking, services
from plainview.privacy.rights.copies import making
from plainview.privacy.rights.copies import services as copies

ROWS = int(os.environ.get("BENCH_ROWS", "500000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
CHUNK = 5000
duties.DUTIES |= {"fixture"}
COLUMNS = ("id", "subject", "sitting", "video_id", "began_at", "watched_at", "seconds", "told")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM playback_viewing WHERE subject = %s"  # noqa: S608
TABLES = ("playback_viewing", "playback_progress", "privacy_answer", "privacy_heard")


def film() -> int:
    """A film to have watched."""
    with duty("fixture"):
        return catalogue.add_film(name="The Night Train").pk


def person(video: int) -> int:
    """A member who watched a film as often as there are rows."""
    with duty("fixture"):
        number = int(User.objects.create_user(f"bench-{new_id()}@example.org", None).pk)
        now = timezone.now()
        for start in range(0, ROWS, CHUNK):
            Viewing.objects.bulk_create(
                Viewing(
                    subject=number,
                    sitting=f"sitting-{n}",
                    video_id=video,
                    began_at=now,
                    watched_at=now,
                    seconds=n % 7000,
                )
                for n in range(start, min(start + CHUNK, ROWS))
            )
    return number


def copy_by_hand(number: int) -> None:
    """The rows and nothing else, in the two forms of the archive."""
    with (
        duty("fixture"),
        tempfile.TemporaryFile() as doc,
        tempfile.TemporaryFile() as made,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped,
        connection.cursor() as cursor,
    ):
        cursor.execute(SELECT, [number])
        with zipped.open("viewing.csv", "w", force_zip64=True) as raw:
            text = io.TextIOWrapper(raw, "utf-8", newline="", write_through=True)
            out = csv.writer(text)
            while rows := cursor.fetchmany(CHUNK):
                out.writerows(rows)
                objects = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
                doc.write(json.dumps(objects, default=str).encode()[1:-1])
            text.detach()
        doc.seek(0)
        with zipped.open("viewing.json", "w", force_zip64=True) as target:
            while chunk := doc.read(1 << 20):
                target.write(chunk)


def copy(number: int) -> None:
    """From the button to the last byte saved."""
    with duty("fixture"):
        row = copies.ask(number)
    making.make(row.pk)
    with tempfile.TemporaryFile() as target:
        for piece in copies.fetch(number, row.key).content:
            target.write(piece)


def erase_by_hand(number: int) -> None:
    """The deletions, and on SQLite the emptying of the log."""
    with duty("fixture"), connection.cursor() as cursor:
        with transaction.atomic():
            for table in TABLES:
                cursor.execute(f"DELETE FROM {table} WHERE subject = %s", [number])  # noqa: S608
            cursor.execute("DELETE FROM privacy_standing WHERE subject = %s", [number])
            cursor.execute("DELETE FROM accounts_user WHERE id = %s", [number])
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM playback_viewing")


def erase(number: int) -> None:
    """From the button to the report."""
    key = services.leave(number)
    worker.run_all()
    with duty("fixture"):
        assert Erasure.objects.get(key=key).state == Erasure.State.DONE


def seconds(act: Callable[[int], object], number: int) -> float:
    """What an act costs: of SQLite, which works in this process, CPU time; else by the wall."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    start = clock()
    act(number)
    return clock() - start


def copies_it(number: int) -> Callable[[], None]:
    """What a worker of its own does to make a copy."""
    with duty("fixture"):
        row = copies.ask(number)
    return lambda: making.make(row.pk)


def erases_it(number: int) -> Callable[[], None]:
    """What a worker of its own does to erase somebody."""
    services.leave(number)

    def work() -> None:
        worker.run_all()

    return work


def write(video: int) -> None:
    """Somebody else watches: one row, which waits for whoever writes at that moment."""
    with duty("fixture"):
        now = timezone.now()
        Viewing.objects.create(
            subject=1, sitting=f"{new_id()}", video_id=video, began_at=now, watched_at=now
        )


def meanwhile(video: int, act: Callable[[], None] | None, rounds: int = 20) -> list[list[float]]:
    """Seconds that a page and a written row take, again and again, while another process acts."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.get("/")
    connections.close_all()
    child = os.fork() if act is not None else 0
    if act is not None and child == 0:
        act()
        os._exit(0)
    found: list[list[float]] = [[], []]
    while os.waitpid(child, os.WNOHANG) == (0, 0) if child else len(found[0]) < rounds:
        for times, each in zip(found, (lambda: client.get("/"), lambda: write(video)), strict=True):
            start = time.perf_counter()
            each()
            times.append(time.perf_counter() - start)
        time.sleep(0.05)
    return found


def scanning_speed() -> dict[str, float]:
    """Rows a second of a search of every table for one person, and the ratio to reading them."""
    with duty("erasure"):
        person(film())  # everybody who was measured has been erased
        one = seeking.whom("nobody@lantern.example")
        start = time.process_time()
        list(scanning.in_tables(one))
        searched = time.process_time() - start
        start, count = time.process_time(), 0
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM playback_viewing")  # noqa: S608
            while rows := cursor.fetchmany(CHUNK):
                count += len(rows)
        read = time.process_time() - start
    return {"scan_rows_a_second": round(count / searched), "scan_ratio": round(searched / read, 2)}


def p95(found: list[float]) -> float:
    """The time within which 95 of 100 were done."""
    return sorted(found)[max(0, round(len(found) * 0.95) - 1)]


def main() -> None:
    copied, erasures, video = [], [], film()
    for turn in range(ROUNDS):
        one = person(video)
        copying = [copy, copy_by_hand]
        order = copying if turn % 2 else reversed(copying)
        copied += [(act, seconds(act, one)) for act in order]
        erasures.append((erase, seconds(erase, one)))
        erasures.append((erase_by_hand, seconds(erase_by_hand, person(video))))
    result = {"rows": ROWS, "engine": connection.vendor}
    for name, ours, hand, measured in (
        ("access", copy, copy_by_hand, copied),
        ("erasure", erase, erase_by_hand, erasures),
    ):
        mean = {
            act: statistics.median(spent for each, spent in measured if each is act)
            for act in (ours, hand)
        }
        result[f"{name}_seconds"] = round(mean[ours], 2)
        result[f"{name}_by_hand"] = round(mean[hand], 2)
        result[f"{name}_ratio"] = round(mean[ours] / mean[hand], 2)
    result |= scanning_speed()
    before = meanwhile(video, None, 40)
    for name, act in (("copying", copies_it), ("erasing", erases_it)):
        after = meanwhile(video, act(person(video)))
        for what, alone, busy in zip(("page", "write"), before, after, strict=True):
            result[f"{what}_p95_ms_{name}"] = round(p95(busy) * 1000, 1)
            result[f"{what}_p95_ms_alone"] = round(p95(alone) * 1000, 1)
            result[f"{what}_worst_ms_{name}"] = round(max(busy) * 1000, 1)
    print(json.dumps(result))
