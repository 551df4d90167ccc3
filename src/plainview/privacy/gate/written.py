"""Which tables this process wrote: whatever it keeps in memory of them is out of date by then."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
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


def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Run a statement of a connection (Django's execute wrappers), and count what it writes.

    What is written within a transaction counts again when others can see it.
    """
    result = execute(sql, params, many, context)
    found = _WRITES.match(sql) if isinstance(sql, str) else None
    if found and (table := found[1]) in _watched:
        _times[table] += 1
        connection = context["connection"]
        if connection.in_atomic_block and not connection.needs_rollback:
            connection.on_commit(lambda: _times.update([table]))
    return result
