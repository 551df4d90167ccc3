"""Tells who watches that something held of people was changed, so that recipients can be told.

Whose rows they are, and which values are other ones, is looked up before the change, if somebody
cares for what changes at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.sql import Query, UpdateQuery

from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Scope, current
from plainview.privacy.registry import Table, registry

Categories = frozenset[str]
MIGRATING = "migrate"
"""The duty under which rows are changed; what the others change is no correction."""


class Watcher(NamedTuple):
    """`hear` gets a person and the categories that changed, in the transaction of the change.

    `cares` says whether it wants to hear of them at all; its second argument, whether they went.
    """

    hear: Callable[[int, Categories], None]
    cares: Callable[[Categories, bool], bool]


watchers: list[Watcher] = []


def watch(
    hear: Callable[[int, Categories], None], cares: Callable[[Categories, bool], bool]
) -> None:
    """Let `hear` be told of each correction from now on."""
    if Watcher(hear, cares) not in watchers:
        watchers.append(Watcher(hear, cares))


def listening(query: Any, *, gone: bool = False) -> Callable[[], None] | None:
    """Who has to hear of an UPDATE, or a DELETE, as a call for when it is done; None: nobody.

    Asked before it, since afterwards its condition may find other rows, and nothing tells any more
    whether a value is another than it was: what is written anew as it stood is no correction.
    """
    return _telling(_whom(query, gone=gone), gone=gone)


def overwriting(query: Any) -> Callable[[], None] | None:
    """As `listening`, of the rows that an upsert finds there and changes."""
    found: dict[int, set[str]] = {}
    for thing in query.objs if watchers else ():
        same = {each.attname: getattr(thing, each.attname) for each in query.unique_fields}
        if None in same.values():  # conflicts with nothing
            continue
        change: Any = QuerySet(model=query.model).filter(**same).query.chain(UpdateQuery)
        change.add_update_fields(
            [(each, None, getattr(thing, each.attname)) for each in query.update_fields]
        )
        for subject, categories in _whom(change, gone=False).items():
            found.setdefault(subject, set()).update(categories)
    return _telling(found, gone=False)


def _whom(query: Any, *, gone: bool) -> dict[int, set[str]]:
    """Whom a statement corrects something about, with the categories that somebody cares for."""
    scope, table = current(), registry().tables.get(query.get_meta().db_table)
    if not watchers or scope is None or table is None or not table.personal:
        return {}
    if scope.duty not in ("", MIGRATING):
        return {}
    found: dict[int, set[str]] = {}
    written = {key: {} for key in table.categories} if gone else _written(query, table)
    for category, values in written.items():
        if any(each.cares(frozenset({category}), gone) for each in watchers):
            for subject in _subjects(query, table, values, scope):
                found.setdefault(subject, set()).add(category)
    return found


def _telling(found: dict[int, set[str]], *, gone: bool) -> Callable[[], None] | None:
    if not found:
        return None

    def tell() -> None:
        for subject, categories in found.items():
            for each in watchers:
                if each.cares(frozenset(categories), gone):
                    each.hear(subject, frozenset(categories))

    return tell


def _written(query: Any, table: Table) -> dict[str, dict[str, Any]]:
    """What an UPDATE writes: the fields with their values, by category."""
    found: dict[str, dict[str, Any]] = {}
    for field, _model, value in query.values:
        column = table.columns.get(field.column or "")
        if column is not None and column.mark.category:
            found.setdefault(column.mark.category, {})[field.attname] = value
    return found


def _subjects(query: Any, table: Table, values: dict[str, Any], scope: Scope) -> list[int]:
    """Whom the rows are about in which other values are going to stand than those of now."""
    rows: QuerySet[Any] = QuerySet(model=query.model, query=query.chain(klass=Query)).order_by()
    if values and not any(hasattr(each, "resolve_expression") for each in values.values()):
        same = Q(**{name: getattr(each, "pk", each) for name, each in values.items()})
        rows = rows.exclude(same)
    found: dict[int, None] = {}
    with duty("audit" if scope.everyone else "export"):
        for path in table.subjects:
            theirs = rows if scope.everyone else rows.filter(**{path.lookup: scope.life.subject})
            found |= dict.fromkeys(theirs.values_list(path.lookup, flat=True).distinct())
    return [each for each in found if each is not None]
