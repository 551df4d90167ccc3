"""The log at a million entries and more: what an answer costs, and a proof, as ratios of one run.

    python tools/bench.py log           (BENCH_LEAVES=10000000)

Answers are weighed against a bare transaction of the same rows by Django's own engine; proofs in a
large tree against those in small ones, where a tree a thousand times as large has twice the height.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

import consent
from plainview import verify
from plainview.platform.identifiers import new_id
from plainview.privacy import log
from plainview.privacy.gate import duties
from plainview.privacy.gate.duties import duty
from plainview.privacy.log import merkle, sequencing
from plainview.privacy.log.models import Act, Deed, Entry, Epoch, Head, Key, Leaf, Node

ENTRIES = 1_000_000
LEAVES = int(os.environ.get("BENCH_LEAVES", "10000000"))
PROOFS, CHUNK = 200, 20_000
duties.DUTIES |= {"fixture"}
duties.EMPTYING |= {"migrate"}
FILL = {
    "sqlite": (
        'INSERT INTO privacy_log_leaf(hash, "index") WITH RECURSIVE n(i) AS (SELECT {low} UNION ALL'
        " SELECT i + 1 FROM n WHERE i < {high} - 1) SELECT randomblob(32), i FROM n"
    ),
    "postgresql": (
        'INSERT INTO privacy_log_leaf(hash, "index") SELECT sha256(int8send(i)), i'
        " FROM generate_series({low}, {high} - 1) i"
    ),
}


def fill(low: int, high: int) -> None:
    """Leaves in place from `low` to `high`, the tree over all there are, and a signed head."""
    with duty("fixture"), transaction.atomic():
        connection.cursor().execute(FILL[connection.vendor].format(low=low, high=high))
    with duty("migrate"), transaction.atomic():
        Node.objects.all()._raw_delete("default")
        rows = [
            Node(key=sequencing.node_key(level, number), hash=made)
            for level, number, made in nodes()
        ]
        Node.objects.bulk_create(rows, batch_size=CHUNK)
        epoch = sequencing._held_epoch()
        _, signer = sequencing._signing(epoch, high)
        head = sequencing._signed(epoch, sequencing.tree(high), timezone.now(), signer)
    sequencing._keep(head.note)


def nodes() -> Iterator[tuple[int, int, bytes]]:
    """What is stored over the leaves that are there, as (level, number, hash)."""
    waiting: dict[int, list[bytes]] = {}
    counts: dict[int, int] = {}
    leaves = Leaf.objects.exclude(index=None).order_by("index").values_list("hash", flat=True)
    for hash_ in leaves.iterator(CHUNK):
        level, made = 0, bytes(hash_)
        while len(block := [*waiting.pop(level, []), made]) == 1 << merkle.WIDTH:
            level, made = level + merkle.WIDTH, merkle.folded(block)
            number = counts[level] = counts.get(level, -1) + 1
            yield level, number, made
        waiting[level] = block


def openings() -> None:
    """What opens each leaf, so that the tables are as full as those of a service."""
    how = {"kind": "consent", "body": consent.BODY, "salt": b"s" * 32}
    with duty("fixture"), transaction.atomic():
        leaves = Leaf.objects.order_by("pk").values_list("pk", flat=True)
        first = leaves[0]
        for low in range(first, first + ENTRIES, CHUNK):
            Entry.objects.bulk_create(
                Entry(leaf_id=pk, subject=new_id(), **how) for pk in range(low, low + CHUNK)
            )


def proving(size: int) -> tuple[float, float, int]:
    """Seconds to make a proof and to check it, the median of many, and how long its path is."""
    chance = random.Random(size)  # noqa: S311
    makes, checks, longest = [], [], 0
    root, tree = sequencing.tree(size).root(), sequencing.tree
    for _ in range(PROOFS):
        index = chance.randrange(size)
        leaf = bytes(Leaf.objects.values_list("hash", flat=True).get(index=index))
        start = time.perf_counter()
        path = tree(size).inclusion(index)
        makes.append(time.perf_counter() - start)
        start = time.perf_counter()
        found = verify.root_of(leaf, index, size, path)
        checks.append(time.perf_counter() - start)
        assert found == root
        longest = max(longest, len(path))
    return statistics.median(makes), statistics.median(checks), longest


def placing() -> float:
    """Entries that get a place, and a head over them, in a second."""
    with transaction.atomic():
        for number in range(sequencing.BATCH):
            log.append("consent", {"n": number}, subject=new_id())
    start = time.perf_counter()
    log.sequence()
    return sequencing.BATCH / (time.perf_counter() - start)


def told(size: int, smaller: tuple[float, float, int] | None) -> tuple[float, float, int]:
    made, checked, length = found = proving(size)
    line = (
        f"{size:>9} leaves: proof {made * 1e3:.2f} ms, check {checked * 1e6:.0f} µs, path {length}"
    )
    if smaller:
        line += f"; against the smaller tree {made / smaller[0]:.2f}, {checked / smaller[1]:.2f} ×"
    print(line, flush=True)
    return found


def rate(bare: Callable[[], None], answer: Callable[[], None]) -> None:
    """Answers a second beside the bare transaction, with what the log holds by now."""
    written = consent.compare({"answer": answer, "bare": bare})
    print(
        f"an answer: {1 / written['answer']:.0f} a second, the bare transaction of its rows"
        f" {1 / written['bare']:.0f}: {written['bare'] / written['answer']:.2f} of its rate",
        flush=True,
    )


def emptied() -> None:
    """A log without anything, as a test begins with."""
    with duty("migrate"):
        for table in (Entry, Act, Deed, Leaf, Node, Head, Key, Epoch):
            table._base_manager.all()._raw_delete("default")
    (Path(settings.DATA) / sequencing.KEPT).unlink(missing_ok=True)


def main() -> None:
    answer = consent.answering()
    print(f"on {connection.vendor}, with {ENTRIES} entries in the log:", flush=True)
    emptied()
    fill(0, ENTRIES)
    openings()
    rate(consent.bare(), answer)
    print(f"places: {placing():.0f} entries a second, a head for each {sequencing.BATCH}")
    emptied()
    fill(0, ENTRIES)
    found = None
    for size in sorted({1_000, ENTRIES, LEAVES}):
        if size > ENTRIES:
            fill(ENTRIES, size)
        found = told(size, found)
