"""Tells who watches that something held of a person was changed, so that recipients can be told.

Only changes behind a door about one person are told: whose row it is, the door says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plainview.privacy.gate.scope import current
from plainview.privacy.registry import registry

Watcher = Callable[[int, frozenset[str]], None]
watchers: list[Watcher] = []
"""Called with the person and the categories, in the transaction of the change."""


def watch(watcher: Watcher) -> None:
    """Let `watcher` be told of each correction from now on."""
    if watcher not in watchers:
        watchers.append(watcher)


def tell(name: str, columns: Iterable[str]) -> None:
    """Columns of the table `name` were updated under the scope of now."""
    scope, table = current(), registry().tables.get(name)
    if scope is None or scope.everyone or table is None or not table.personal:
        return
    subject = scope.life.subject
    known = table.columns
    categories = frozenset(known[each].mark.category for each in columns if each in known) - {""}
    if subject is not None and categories:
        for watcher in watchers:
            watcher(subject, categories)
