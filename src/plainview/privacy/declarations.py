"""Marks: what each column holds and whom each row is about, written where the column is declared.

A mark is an attribute of the field object, so migrations never see it; the registry keys what it
reads by (table, column), so a historical or shadow model of the same table is bound by it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from django.db.models import Field, ManyToManyField, Model, Q
from django.utils import timezone

F = TypeVar("F", bound="Field[Any, Any] | ManyToManyField[Any, Any]")
M = TypeVar("M", bound=type[Model])
ATTRIBUTE = "privacy_mark"
SELF = "self"
UNTOLD = "untold_until"
"""The column of the day until which a law forbids to tell of a row, where a table has one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one column holds: a category, or the reason why it holds nothing personal."""

    category: str = ""
    reason: str = ""
    of: str = ""
    keys: tuple[str, ...] = ()
    event: str = ""
    use: bool = False


@dataclass(frozen=True, slots=True)
class Via:
    """Rows are shared with the `person` of each row of `model` whose `row` points at them."""

    model: str
    row: str
    person: str


@dataclass(frozen=True, slots=True)
class Travels:
    """Rows that a person may bring from another service, written for `purpose` and no other.

    `once` are the fields by which a row is known to be there already; empty: each person has one.
    `quiet` are fields that arrive with a value of ours, so that nothing is shown to others unasked.
    """

    purpose: str
    once: tuple[str, ...] = ()
    quiet: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """Whom the rows of a table are about, and who else may see them under a narrowed door.

    `subjects` are paths from the row to a subject's id ("self" is the row's own key); `row` is the
    category of the row itself (its existence, key and count); `unlinked` says in words why the
    rows of a personal table lead to nobody; `claims` that anybody writes such a row and shows
    nobody who they are; `untold` names the day until which a law forbids to tell of a row.
    """

    subjects: tuple[str, ...] = ()
    row: str = ""
    public: Q | None = None
    shared: tuple[Via, ...] = ()
    unlinked: str = ""
    nobody: str = ""
    travels: Travels | None = None
    claims: bool = False
    untold: str = ""


@dataclass(frozen=True, slots=True)
class TableMark:
    """The marks of a table that is not ours, by the names in the database."""

    about: About
    columns: Mapping[str, Mark] = field(default_factory=dict)


_about: dict[type[Model], About] = {}
_tables: dict[str, TableMark] = {}
_append_only: dict[type[Model], tuple[tuple[str, ...], tuple[str, ...]]] = {}


Event = Literal["", "collection", "last-use", "purpose-end", "case-closed"]
"""What a schedule counts from, where a column of the row itself says when it was."""


def personal(
    column: F,
    category: str,
    *,
    of: str = "",
    keys: Sequence[str] = (),
    event: Event = "",
    use: bool = False,
) -> F:
    """Mark `column` as holding personal data of `category`.

    `of` names the subject whose data it is, where a row is about two people. `keys` closes the
    list of keys that a JSON column may hold. `event` says that the column is the moment from which
    the schedules of the row count, so that the sweep knows when it ends. `use` says that it is a
    moment at which its person signed in, paid or wrote to us: until long after it their account is
    one that somebody uses (`retention.lasting`).
    """
    mark = Mark(category=category, of=of, keys=tuple(keys), event=event, use=use)
    setattr(column, ATTRIBUTE, mark)
    return column


def impersonal(column: F, reason: str) -> F:
    """Mark `column` as holding nothing about a person, and say why."""
    setattr(column, ATTRIBUTE, Mark(reason=reason))
    return column


def subject(
    *paths: str,
    row: str = "",
    public: Q | None = None,
    shared: Sequence[Via] = (),
    unlinked: str = "",
    travels: Travels | None = None,
    claims: bool = False,
    untold: str = "",
) -> Callable[[M], M]:
    """Say whom the rows of a model are about: one path to a subject's id, or two.

    `row` may be left out where all personal columns are of one family. `public` and `shared` say
    which rows of others a door narrowed to one person may read (it never writes them).
    `travels` lets them come with somebody from another service (docs/portability.md).
    `claims` says that anybody writes such a row, as a letter: that it names an address makes it
    nobody's but its writer's, so it stays with them when whoever has that address leaves.
    `untold` names a field with the day on which the first of `paths` may be told of a row whose
    telling a law forbids until then: no page, copy or list of theirs shows it before (`told`).
    """

    def declare(model: M) -> M:
        _about[model] = About(
            paths, row, public, tuple(shared), unlinked, "", travels, claims, untold
        )
        return model

    return declare


def told(untold: str = UNTOLD) -> Q:
    """The rows of which their person may be told today, by their field `untold`."""
    return Q(**{untold: None}) | Q(**{f"{untold}__lte": timezone.localdate()})


def about_nobody(reason: str) -> Callable[[M], M]:
    """Say once for a whole model that no column of it holds anything about a person, and why."""

    def declare(model: M) -> M:
        _about[model] = About(nobody=reason)
        return model

    return declare


def append_only(*, once: Sequence[str] = (), anew: Sequence[str] = ()) -> Callable[[M], M]:
    """Say that rows of a model are added and neither changed nor removed; the database sees to it.

    The duty `erasure` alone may do otherwise, and only where rows are about people (`ledgers.py`).
    Columns named in `once` may be filled in later, while they are empty; those in `anew`, which no
    proof commits to, may change.
    """

    def declare(model: M) -> M:
        _append_only[model] = (tuple(once), tuple(anew))
        return model

    return declare


def append_only_models() -> Mapping[type[Model], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every model declared so, with the columns that may be filled in once, and those anew."""
    return _append_only


def mark_table(
    table: str,
    *subjects: str,
    row: str = "",
    personal: Mapping[str, str] | None = None,
    impersonal: Mapping[str, str] | None = None,
    keys: Mapping[str, Sequence[str]] | None = None,
    unlinked: str = "",
    nobody: str = "",
) -> None:
    """Mark a third party's table by its names in the database.

    `subjects` are paths through the columns' fields, as in `subject`. `keys` closes the list of
    keys of a JSON column. `nobody` marks a whole table as impersonal, with the reason.
    """
    keys = keys or {}
    columns = {
        name: Mark(category=category, keys=tuple(keys.get(name, ())))
        for name, category in (personal or {}).items()
    }
    columns |= {name: Mark(reason=reason) for name, reason in (impersonal or {}).items()}
    _tables[table] = TableMark(About(subjects, row, None, (), unlinked, nobody), columns)


def about(model: type[Model]) -> About | None:
    """What a model says of its rows; a proxy says what its concrete model says."""
    return _about.get(model) or _about.get(model._meta.concrete_model or model)


def table_mark(table: str) -> TableMark | None:
    """What was said of a third party's table."""
    return _tables.get(table)


def marked_tables() -> Mapping[str, TableMark]:
    """Every table marked by name."""
    return _tables


def mark_of(column: Any) -> Mark | None:
    """The mark at a field, if it has one."""
    return getattr(column, ATTRIBUTE, None)
