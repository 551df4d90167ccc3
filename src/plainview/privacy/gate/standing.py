"""Asks the rows of the standing, on behalf of any purpose, which people permit it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from django.db import connections

from plainview.privacy.gate import filters
from plainview.privacy.gate.compiling import Statement
from plainview.privacy.gate.grants import grant
from plainview.privacy.gate.scope import require


def answer(connection: Any, sql: str, params: list[Any], read: Iterable[Any] = ()) -> list[Any]:
    """The rows of a statement of the gate's own, under the scope of now."""
    statement = Statement(sql)
    statement.columns = filters.READ.union(read)
    statement.scope = require()
    statement.grant = statement.scope.grant
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def permitting(
    subjects: Iterable[int],
    purpose: str,
    using: str = "default",
    categories: AbstractSet[str] = frozenset(),
) -> frozenset[int]:
    """Those of `subjects` who permit `purpose` now. A missing or expired standing denies.

    Who withholds one of `categories` from it is left out. A purpose that nobody can refuse is
    permitted by all. Raises NoPurpose outside a door.
    """
    asked = frozenset(subjects)
    granted = grant(purpose)
    if not granted.refusable or not asked:
        return asked
    connection = connections[using]
    quote = connection.ops.quote_name
    subject = f"gate_l.{quote('subject')}"
    more = filters.keeps(categories & granted.withholdable, granted.bit)
    listed = ", ".join(["%s"] * len(asked))
    sql = (
        f"SELECT {subject} FROM {quote(filters.STANDING)} gate_l WHERE {subject} IN ({listed})"
        f" AND {filters.permits(subject, granted.bit, connection, more)}"
    )
    return frozenset(int(row[0]) for row in answer(connection, sql, list(asked)))


def permitted(subject: int, purposes: Iterable[str], using: str = "default") -> frozenset[str]:
    """Those of `purposes` that a person permits now, as `permitting` says of each, in one question.

    Raises NoPurpose outside a door.
    """
    grants = {purpose: grant(purpose) for purpose in purposes}
    found = frozenset(purpose for purpose, each in grants.items() if not each.refusable)
    asked = sorted(grants.keys() - found)
    if not asked:
        return found
    connection = connections[using]
    tests = ", ".join(filters.permits("%s", grants[each].bit, connection) for each in asked)
    ((*answers,),) = answer(connection, f"SELECT {tests}", [subject] * len(asked))
    return found.union(each for each, yes in zip(asked, answers, strict=True) if yes)
