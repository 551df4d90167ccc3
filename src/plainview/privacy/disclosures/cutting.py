"""What of a person a recipient may be sent: read off the marks, or composed and held against them.

Reading happens at the moment of sending, behind the purpose of the disclosure, so what a person has
withdrawn meanwhile is not there any more. One category more than the policy lists is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.rights import tables

Rows = list[dict[str, Any]]


class TooMuch(Exception):
    """A payload holds a category that its recipient may not have for its purpose."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A value on its way out, and the category that it is of."""

    category: str
    value: Any


Composer = Callable[[int], Mapping[str, Marked]]
_composers: dict[tuple[str, str], Composer] = {}


def compose(recipient: str, purpose: str, composer: Composer) -> None:
    """Let `composer(subject)` say what `recipient` is sent for `purpose`, by names of its own.

    It runs behind the purpose, narrowed to the person. Without one all columns are sent whose
    category the recipient may have.
    """
    _composers[recipient, purpose] = composer


def of(row: Model, field: str) -> Marked:
    """The value of a field, of the category that the field is marked with. Raises TooMuch."""
    column: Any = row._meta.get_field(field)
    table = registry().tables.get(row._meta.db_table)
    known = table.columns.get(column.column) if table else None
    if known is None:
        raise TooMuch(f"{row._meta.label}.{field} is not marked")
    return Marked(known.mark.category, getattr(row, column.attname))


def derived(category: str, value: Any) -> Marked:
    """A value that stands in no column, and the category that it is of."""
    return Marked(category, value)


def allowed(recipient: str, purpose: str) -> frozenset[str]:
    """The categories that a recipient may have for a purpose, the group too (P3.1.3e, P4.1.4a)."""
    return frozenset(in_force().recipients[recipient].receives.get(purpose, ()))


def refuse_more(recipient: str, purpose: str, categories: Iterable[str]) -> None:
    """Raise TooMuch, naming it, for a category that the policy does not list."""
    more = sorted(set(categories) - allowed(recipient, purpose))
    if more:
        raise TooMuch(
            f"{recipient} may not have {', '.join(more)} for {purpose}."
            "\n  1. Leave it out of the payload."
            f"\n  2. If they truly need it, that is a change of the policy: receives.{purpose} in"
            " policy/recipients.toml, and people are told."
        )


def read(
    subject: int, recipient: str, purpose: str, withheld: AbstractSet[str] = frozenset()
) -> dict[str, Rows]:
    """What goes out about a person: categories to rows of named values. May be empty.

    What they withhold is left out. Raises TooMuch.
    """
    open_to_them = allowed(recipient, purpose) - withheld
    door = Door(f"disclosure to {recipient}", purpose, source="derived")
    with Opened(door, lambda: subject) as scope:
        scope.life.records = False
        composer = _composers.get((recipient, purpose))
        if composer is None:
            return _rows(subject, purpose, open_to_them)
        composed = composer(subject)
    refuse_more(recipient, purpose, (each.category for each in composed.values()))
    found: dict[str, Rows] = {}
    for name, each in composed.items():
        if each.category in open_to_them and each.value is not None:
            found.setdefault(each.category, [{}])[0][name] = plain(each.value)
    return found


def _rows(subject: int, purpose: str, categories: AbstractSet[str]) -> dict[str, Rows]:
    """The columns of these categories, in the tables whose rows the purpose may touch at all."""
    found: dict[str, Rows] = {}
    uses, known = in_force().uses(purpose), registry().tables
    for table in tables.tables():
        hops = {hop.table for path in table.subjects for hop in path.hops}
        if not {table.row, *(known[each].row for each in hops)} <= uses:
            continue
        for part in tables.parts(table):
            by_category: dict[str, list[Any]] = {}
            for field in part.fields:
                if part.category(field) in categories:
                    by_category.setdefault(part.category(field), []).append(field)
            for category, fields in by_category.items():
                names = [field.attname for field in fields]
                for row in part.rows(subject).order_by("pk").values_list(*names):
                    said = {
                        n: plain(v) for n, v in zip(names, row, strict=True) if v not in (None, "")
                    }
                    if said:
                        found.setdefault(category, []).append(said)
    return found


def plain(value: Any) -> Any:
    """A value as JSON has it; numbers that JSON would blur as text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 53 else str(value)
    if isinstance(value, str | float | list | dict):
        return value
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
