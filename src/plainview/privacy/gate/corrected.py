"""Tells who watches that something held of people was changed, so that recipients can be told.

Whose rows they are, a door about one person says. Behind a door for everyone, and in a migration,
they are looked up before the change, if somebody cares for what changes at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.sql import Query

from plainview.privacy.declarations import SELF
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import current
from plainview.privacy.registry import Table, registry

Categories = frozenset[str]
MIGRATING = "migrate"
"""The duty under which rows are changed; what the others change is no correction."""


class Watcher(NamedTuple):
    """`hear` gets a person and the categories that changed, in the transaction of the change.

    `cares` says whether it wants to hear of them at all.
    """

    hear: Callable[[int, Categories], None]
    cares: Callable[[Categories], bool]


watchers: list[Watcher] = []


def watch(hear: Callable[[int, Categories], None], cares: Callable[[Categories], bool]) -> None:
    """Let `hear` be told of each correction from now on."""
    if Watcher(hear, cares) not in watchers:
        watchers.append(Watcher(hear, cares))


def listening(query: Any, columns: Iterable[str]) -> Callable[[], None] | None:
    """Who has to hear of an UPDATE of these columns, as a call for when it is done; None: nobody.

    Asked before it, since afterwards its condition may find other rows.
    """
    scope, table = current(), registry().tables.get(query.get_meta().db_table)
    if not watchers or scope is None or table is None or not table.personal:
        return None
    known = table.columns
    categories = frozenset(known[each].mark.category for each in columns if each in known) - {""}
    caring = [each for each in watchers if categories and each.cares(categories)]
    if not caring or scope.duty not in ("", MIGRATING):
        return None
    subjects = _subjects(query, table) if scope.everyone else [scope.life.subject]

    def tell() -> None:
        for subject in subjects:
            for each in caring:
                if subject is not None:
                    each.hear(subject, categories)

    return tell


def _subjects(query: Any, table: Table) -> list[int]:
    """Whom the rows are about that an UPDATE is going to change."""
    found: dict[int, None] = {}
    with duty("audit"):
        for path in table.subjects:
            name = "__".join("pk" if step == SELF else step for step in path.name.split("__"))
            rows: QuerySet[Any] = QuerySet(model=query.model, query=query.chain(klass=Query))
            for subject in rows.order_by().values_list(name, flat=True).distinct():
                if subject is not None:
                    found[subject] = None
    return list(found)
