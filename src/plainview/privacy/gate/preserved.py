"""Lets whoever must keep a row set it aside before a DELETE takes it, whatever code asks for it.

Nobody is asked under a duty: an erasure and a sweep subtract themselves what must stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.sql import Query

from plainview.privacy.gate.scope import current
from plainview.privacy.registry import Table, registry

Keep = Callable[[Table, "QuerySet[Any]", int | None], Callable[[], None] | None]
"""Gets a table, the rows of it that may be about to go, and whose they are (None: anybody's).

Gives what to call once they went, in the same transaction; None if it keeps none of them. It opens
what it needs to read them."""
keepers: list[Keep] = []


def by(keep: Keep) -> None:
    """Let `keep` see the rows of each deletion from now on; what it raises prevents it."""
    if keep not in keepers:
        keepers.append(keep)


@contextmanager
def around(query: Any) -> Iterator[None]:
    """Let a DELETE run within, and whoever must keep something of what it takes have it."""
    scope, table = current(), registry().tables.get(query.get_meta().db_table)
    if scope is None or scope.duty or table is None or not table.subjects:
        yield
        return
    whose = None if scope.everyone else scope.life.subject
    keeping = []
    if whose is not None or scope.everyone:
        rows: QuerySet[Any] = QuerySet(model=query.model, query=query.chain(klass=Query)).order_by()
        keeping = [keep for each in keepers if (keep := each(table, rows, whose)) is not None]
    with transaction.atomic() if keeping else nullcontext():
        yield
        for keep in keeping:
            keep()
