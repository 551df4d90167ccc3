"""What of a person a recipient may be sent: read off the marks, or composed and held against them.

Reading happens at the moment of sending, behind the purpose of the disclosure, so what a person has
withdrawn meanwhile is not there any more. One category more than the policy lists is refused.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import DateTimeField, Model, Q

from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.rights import tables

Rows = list[dict[str, Any]]
SEVERAL = "what leaves of several people is read at once, of those who permit it, each their own"


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


class During(NamedTuple):
    """No more than these categories, and of what bears a day no other days than these."""

    categories: frozenset[str]
    first: dt.date | None = None
    last: dt.date | None = None


def read(
    subject: int,
    recipient: str,
    purpose: str,
    withheld: AbstractSet[str] = frozenset(),
    during: During | None = None,
) -> dict[str, Rows]:
    """What goes out about a person: categories to rows of named values. May be empty.

    What they withhold is left out, and so is what is not within `during`. Raises TooMuch.
    """
    found = read_each({subject: withheld}, recipient, purpose, during)[subject]
    if isinstance(found, TooMuch):
        raise found
    return found


def read_each(
    withheld: Mapping[int, AbstractSet[str]],
    recipient: str,
    purpose: str,
    during: During | None = None,
) -> dict[int, dict[str, Rows] | TooMuch]:
    """The same of several people, by what each of them withholds: a statement for all of them.

    What no composer can be held to, as `during`, is read off the marks.
    """
    composer = None if during else _composers.get((recipient, purpose))
    name = f"disclosure to {recipient}"
    if composer is None:
        everyone = SEVERAL if len(withheld) > 1 else ""
        door = Door(name, purpose, source="derived", everyone=everyone)
        with Opened(door, lambda: next(iter(withheld), None)) as scope:
            scope.life.records = False
            return _rows(withheld, recipient, purpose, during)
    found: dict[int, dict[str, Rows] | TooMuch] = {}
    for subject, without in withheld.items():
        door = Door(name, purpose, source="derived")
        with Opened(door, functools.partial(int, subject)) as scope:
            scope.life.records = False
            composed = composer(subject)
        try:
            found[subject] = _composed(composed, recipient, purpose, without)
        except TooMuch as error:
            found[subject] = error
    return found


def _composed(
    composed: Mapping[str, Marked], recipient: str, purpose: str, withheld: AbstractSet[str]
) -> dict[str, Rows]:
    refuse_more(recipient, purpose, (each.category for each in composed.values()))
    found: dict[str, Rows] = {}
    for name, each in composed.items():
        if each.category not in withheld and each.value is not None:
            found.setdefault(each.category, [{}])[0][name] = plain(each.value)
    return found


class _Columns(NamedTuple):
    """The columns of one category in what belongs to one of the people of a table."""

    category: str
    part: tables.Part
    names: tuple[str, ...]


@functools.lru_cache(maxsize=256)
def _columns(policy: str, recipient: str, purpose: str) -> tuple[_Columns, ...]:
    """Where what a recipient may have stands: in tables whose rows the purpose may touch at all.

    Found once for each policy (its fingerprint), recipient and purpose.
    """
    found: list[_Columns] = []
    uses, categories, known = in_force().uses(purpose), allowed(recipient, purpose), registry()
    for table in tables.tables():
        hops = {hop.table for path in table.subjects for hop in path.hops}
        if not {table.row, *(known.tables[each].row for each in hops)} <= uses:
            continue
        for part in tables.parts(table):
            by_category: dict[str, list[str]] = {}
            for field in part.fields:
                if part.category(field) in categories:
                    by_category.setdefault(part.category(field), []).append(field.attname)
            found += [_Columns(kind, part, tuple(names)) for kind, names in by_category.items()]
    return tuple(found)


def _rows(
    withheld: Mapping[int, AbstractSet[str]],
    recipient: str,
    purpose: str,
    during: During | None,
) -> dict[int, dict[str, Rows] | TooMuch]:
    found: dict[int, dict[str, Rows]] = {subject: {} for subject in withheld}
    for category, part, names in _columns(in_force().fingerprint, recipient, purpose):
        subjects = [each for each, without in withheld.items() if category not in without]
        if not subjects or (during and category not in during.categories):
            continue
        rows = part.rows_of(subjects).order_by("pk")
        if during:
            rows = rows.filter(_within(part, during))
        for subject, *row in rows.values_list(part.path.lookup, *names):
            said = {n: plain(v) for n, v in zip(names, row, strict=True) if v not in (None, "")}
            if said:
                found[subject].setdefault(category, []).append(said)
    return dict(found)


def _within(part: tables.Part, during: During) -> Q:
    """What rows of a table that bear a day have to be of; a row that bears none is as of now."""
    found = Q()
    for field in part.fields:
        if part.table.columns[str(field.column)].mark.event == "collection":
            of = f"{field.name}__date" if isinstance(field, DateTimeField) else field.name
            if during.first:
                found &= Q(**{f"{of}__gte": during.first})
            if during.last:
                found &= Q(**{f"{of}__lte": during.last})
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
