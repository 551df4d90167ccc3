"""Much that is written in parts, each in a transaction, so that whoever else writes comes between.

SQLite has one writer. Who waits for it looks again each tenth of a second at most: between parts
that follow one another at once they never meet a moment in which it is free, and give up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

LONGEST_PAUSE = 0.1
"""Seconds that one steps aside after a part."""


@contextmanager
def part() -> Iterator[None]:
    """A transaction for a part of something, and a pause after it."""
    began = time.monotonic()
    with transaction.atomic():
        yield
    step_aside(time.monotonic() - began)


def step_aside(taken: float) -> None:
    """Leave others as long as a part took (seconds), where one alone can write."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(taken, LONGEST_PAUSE))
