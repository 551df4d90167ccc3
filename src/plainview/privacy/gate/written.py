"""Which tables this process wrote: whatever it keeps in memory of them is out of date by then."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

_WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
_watched: set[str] = set()
_times: Counter[str] = Counter()


def watch(tables: Iterable[str]) -> None:
    """Count the writes to `tables` from now on."""
    _watched.update(tables)


def times(tables: Iterable[str]) -> tuple[int, ...]:
    """How often each of the watched `tables` was written by this process, or was committed."""
    return tuple(_times[table] for table in tables)


def forget() -> None:
    """Take whatever is kept for out of date, as after a transaction that was taken back."""
    _times.update(_watched)


def note(connection: Any, sql: Any) -> None:
    """Count what a statement wrote that a connection has just run.

    What is written within a transaction counts again when others can see it.
    """
    found = _WRITES.match(sql) if isinstance(sql, str) else None
    if found and (table := found[1]) in _watched:
        _times[table] += 1
        if connection.in_atomic_block and not connection.needs_rollback:
            connection.on_commit(lambda: _times.update([table]))
