"""*What this page used*: the gate's record of a request, carried by the page and shown in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing

from plainview.privacy.gate.filters import STANDING
from plainview.privacy.gate.scope import Life
from plainview.privacy.registry import registry

SALT = "plainview.privacy.used"
LIFETIME = 24 * 3600


@dataclass(frozen=True, slots=True)
class Used:
    """One category that one purpose used, and how many rows it met."""

    purpose: str
    category: str
    rows: int


def used(life: Life) -> list[Used]:
    """What has been used so far behind a door, most rows first."""
    sums: dict[tuple[str, str], int] = {}
    tables = registry().tables
    for purpose, columns, rows in life.uses:
        found: set[str] = set()
        for name, column in columns:
            table = tables.get(name)
            if table is None or not table.personal or name == STANDING:
                continue
            if column:
                mark = table.columns[column].mark if column in table.columns else None
                found.add(mark.category if mark else "")
            else:
                found.add(table.row)
        for category in found - {""}:
            sums[purpose, category] = sums.get((purpose, category), 0) + rows
    records = [Used(purpose, category, rows) for (purpose, category), rows in sums.items()]
    return sorted(records, key=lambda each: (-each.rows, each.purpose, each.category))


def used_by(request: Any) -> list[Used]:
    """What the request has used so far; nothing outside a door."""
    scope = getattr(request, "scope_of_door", None)
    return used(scope.life) if scope is not None else []


def sign(records: Iterable[Used]) -> str:
    """The record as the page carries it: signed, stored nowhere."""
    rows = [[each.purpose, each.category, each.rows] for each in records]
    return signing.dumps(rows, salt=SALT, compress=True)


def read(token: str) -> list[Used]:
    """A record that a page sends back. Raises django.core.signing.BadSignature if it isn't ours."""
    return [Used(*row) for row in signing.loads(token, salt=SALT, max_age=LIFETIME)]
