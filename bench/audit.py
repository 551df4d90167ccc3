"""An authority's question at a million entries: how long one person's day takes, and a bundle.

    python tools/bench.py audit           (BENCH_ENTRIES=1000000)

Weighed against the same rows read by the driver itself, without gate, words or decisions.
"""

from __future__ import annotations

import os
import random
import statistics
import time
import uuid
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

import log as bench_log
from plainview.platform.identifiers import new_id
from plainview.privacy import log
from plainview.privacy.consent import recording
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Answer, Shown
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log.canonical import canonical
from plainview.privacy.log.models import Entry, Leaf
from plainview.privacy.receipts import bundles, inspecting, sampling
from plainview.privacy.receipts.sampling import Draw

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))
EACH, ASKED, CHUNK, BUNDLES = 5, 400, 10_000, 20
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


def fill() -> list[int]:
    """So many answers, each in the log, five a person; the people."""
    bench_log.emptied()
    bench_log.fill(0, ENTRIES)
    people = [new_id() for _ in range(ENTRIES // EACH)]
    with transaction.atomic():
        recording.record(
            new_id(), SAID, QUESTION, via="banner", scope="device", signals=frozenset()
        )
    now = timezone.now()
    with duty("fixture"), transaction.atomic():
        shown = Shown.objects.get(language="en", text=QUESTION.text)
        leaves = list(
            Leaf.objects.exclude(index=None).order_by("index").values_list("pk", flat=True)
        )
        states = list(recording.statuses(SAID, now, "banner"))
        more = {"pv:scope": "device", "pv:form": "banner", "pv:surface": "banner", "pv:signals": []}
        for low in range(0, ENTRIES, CHUNK):
            answers, entries = [], []
            for number in range(low, min(low + CHUNK, ENTRIES)):
                key, subject = str(uuid.uuid4()), people[number // EACH]
                body = recording._body(key, subject, shown.digest, states) | more
                answers.append(
                    Answer(
                        key=key,
                        subject=subject,
                        shown=shown,
                        answers='{"history": "granted", "recommend": "denied"}',
                        given_at=now,
                        via="banner",
                        scope="device",
                    )
                )
                entries.append(
                    Entry(
                        leaf_id=leaves[number],
                        subject=subject,
                        kind="consent",
                        body=canonical(body).decode(),
                        salt=b"s" * 32,
                    )
                )
            Answer.objects.bulk_create(answers)
            Entry.objects.bulk_create(entries)
    return people


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
        f"{ENTRIES} entries, one person's day: median {mine[0] * 1e3:.1f} ms,"
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
