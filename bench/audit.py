"""An authority's question at a million entries: how long one person's day takes, and a bundle.

    python tools/bench.py audit           (BENCH_ENTRIES=1000000)

Weighed against the same rows read by the driver itself, without gate, words or decisions.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Model

import log as bench_log
from plainview.platform.identifiers import new_id
from plainview.privacy import log
from plainview.privacy.consent import recording
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Answer
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log.models import Entry, Leaf
from plainview.privacy.receipts import bundles, inspecting, sampling
from plainview.privacy.receipts.sampling import Draw

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
EACH, ASKED, BUNDLES = 5, 400, 20
QUESTION = Question("en", "eu", "May we?\nAccept all\nReject all", ("history", "recommend"))
SAID = {"history": "granted", "recommend": "denied"}
DAY = Door(
    "bench.audit", "privacy-choices", frozenset({"record-keeping"}), source="staff", everyone=""
)
SAMPLED = Door(
    "bench.sample", "privacy-choices", frozenset({"account"}), source="staff", everyone="a bench"
)
BARE = (
    "SELECT a.*, s.* FROM privacy_answer a JOIN privacy_shown s ON s.key = a.shown_id"
    " WHERE a.subject = %s ORDER BY a.given_at DESC",
    "SELECT * FROM privacy_log_entry WHERE subject = %s",
    "SELECT * FROM privacy_heard WHERE subject = %s",
    "SELECT * FROM privacy_disclosure WHERE subject = %s",
    "SELECT * FROM privacy_recall WHERE subject = %s",
)


KEY = {
    "sqlite": "printf('%08x-0000-4000-8000-%012x', i, i)",
    "postgresql": ("lpad(to_hex(i), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(i), 12, '0')"),
}
"""The number of the receipt of the answer `i`."""
COUNTED = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    " SELECT i FROM n) n",
    "postgresql": "generate_series(0, {last}) n(i)",
}
SOMEBODY, ANSWERED = 1 << 61, 1 << 60
"""Where the numbers of people and of answers begin."""


def fill() -> list[int]:
    """So many answers, each in the log, five a person; the people.

    One answer is given as every answer is. The others are copies of its rows with numbers of their
    own, made by the database.
    """
    bench_log.emptied()
    bench_log.fill(0, ENTRIES)
    with transaction.atomic():
        key = recording.record(
            new_id(), SAID, QUESTION, via="banner", scope="device", signals=frozenset()
        )
    first = Leaf.objects.exclude(index=None).order_by("index").values_list("pk", flat=True)[0]
    own = KEY[connection.vendor]
    copied(
        Answer,
        f"t.key = '{key}'",
        id=f"{ANSWERED} + i",
        subject=f"{SOMEBODY} + i / {EACH}",
        key=own,
    )
    with duty("fixture"):
        entry = Entry.objects.get(leaf__index=None)
    copied(
        Entry,
        f"t.leaf_id = {entry.pk}",
        leaf_id=f"{first} + i",
        subject=f"{SOMEBODY} + i / {EACH}",
        body=f"replace(t.body, '{key}', {own})",
    )
    if connection.vendor == "postgresql":  # no service looks at SQLite's tables
        with duty("migrate"), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("CHECKPOINT")  # what was filled is not to be written while it is asked
    return [SOMEBODY + number for number in range(ENTRIES // EACH)]


def copied(table: type[Model], which: str, **others: str) -> None:
    """Copy a row as often as there are entries, with other values in some of its columns."""
    names = [str(field.column) for field in table._meta.local_concrete_fields]
    values = ", ".join(others.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    counted = COUNTED[connection.vendor].format(last=ENTRIES - 1)
    with duty("fixture"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table._meta.db_table} ({columns})"  # noqa: S608
            f" SELECT {values} FROM {counted}, {table._meta.db_table} t WHERE {which}"
        )


def times(calls: list[Callable[[], object]]) -> tuple[float, float, float]:
    """The median, the 95th and the 99th percentile of the seconds that the calls take."""
    taken = []
    for call in calls:
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    cuts = statistics.quantiles(taken, n=100)
    return statistics.median(taken), cuts[94], cuts[98]


def asked(person: int) -> None:
    """What the page of the desk asks."""
    with Opened(DAY, lambda: person):
        inspecting.picture(person, inspecting.today())


def bare(person: int) -> None:
    """The same rows by the driver."""
    with duty("fixture"), connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, [person])
            cursor.fetchall()


def bundled(person: int) -> None:
    """All of it as a bundle, with a proof each."""
    head = sampling.latest()
    with Opened(DAY, lambda: person):
        picture = inspecting.picture(person, inspecting.today())
        bundles.of_person(person, picture, head, "case 17").close()


def sampled() -> None:
    """A hundred of everybody's."""
    head = log.head()
    with Opened(SAMPLED):
        drawn = sampling.sample(Draw("words", 0, head.size, 100), head)
        bundles.of_sample(drawn, "case 17").close()


def main() -> None:
    """Fill, and ask of random people."""
    people = fill()
    chosen = random.Random(17).sample(people, ASKED)  # noqa: S311
    for each in chosen[:20]:
        asked(each)
    mine = times([lambda each=each: asked(each) for each in chosen])  # type: ignore[misc]
    theirs = times([lambda each=each: bare(each) for each in chosen])  # type: ignore[misc]
    print(
        f"{connection.vendor}, {ENTRIES} entries, one person's day: median {mine[0] * 1e3:.1f} ms,"
        f" p95 {mine[1] * 1e3:.1f} ms, p99 {mine[2] * 1e3:.1f} ms; the bare queries"
        f" {theirs[0] * 1e3:.2f} ms: {mine[0] / theirs[0]:.1f} times as long"
    )
    whole = times([lambda each=each: bundled(each) for each in chosen[:BUNDLES]])  # type: ignore[misc]
    print(f"a bundle about one person: median {whole[0] * 1e3:.0f} ms, p95 {whole[1] * 1e3:.0f} ms")
    start = time.perf_counter()
    sampled()
    print(f"a sample of a hundred, with proofs: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
