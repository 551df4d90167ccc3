"""Writing what was brought, in one transaction, for the purposes that its tables name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction

from plainview.privacy import declarations
from plainview.privacy.declarations import Travels
from plainview.privacy.gate.scope import entering
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table
from plainview.privacy.rights import tables
from plainview.privacy.rights.bringing import reading
from plainview.privacy.rights.bringing.reading import Brought, NotACopy, TooMuch
from plainview.privacy.rights.copies import form, references
from plainview.privacy.rights.tables import Part

PURPOSES = ("account", "history", "interface", "lists")
"""What a door that brings may enter; a test holds it against the marks."""
BATCH = 500


@dataclass(slots=True)
class Outcome:
    """What became of one table of a copy: rows written, there already, and not taken, with why.

    `refused` is the purpose that the person, the law or the policy does not permit here.
    """

    name: str
    categories: tuple[str, ...] = ()
    rows: int = 0
    written: int = 0
    there: int = 0
    unknown: int = 0
    refused: str = ""
    taken: bool = True
    seen: set[Any] = field(default_factory=set)


def travelling() -> Iterator[tuple[Table, Part, Travels]]:
    """The tables whose rows may be brought, with what their marks say."""
    for table in tables.tables():
        said = declarations.about(table.model) if table.model else None
        if said is not None and said.travels is not None:
            yield table, next(tables.parts(table)), said.travels


def bring(
    file: IO[bytes], size: int, subject: int, permits: Callable[[str], bool]
) -> list[Outcome]:
    """Write what a copy holds for a person, as far as `permits` lets each purpose.

    All of it, or nothing. Raises NotACopy and TooMuch.
    """
    with reading.opened(file, size) as brought, transaction.atomic():
        found = []
        known = {form.name_of(part): (table, part, said) for table, part, said in travelling()}
        if sum(each.rows for each in brought.about.tables.values()) > reading.MOST_ROWS:
            raise TooMuch
        for name, told in brought.about.tables.items():
            outcome = Outcome(name, _categories(told), rows=told.rows)
            found.append(outcome)
            if name not in known:
                outcome.taken = False
                continue
            table, part, travels = known[name]
            if not _may(travels, part, permits):
                outcome.refused = travels.purpose
                continue
            with entering(travels.purpose):
                _table(brought, told, table, part, travels, subject, outcome)
    return found


def _categories(told: form.Table) -> tuple[str, ...]:
    kinds = dict.fromkeys(each.category for each in told.columns.values())
    return tuple(each for each in kinds if each in in_force().categories and "." in each)


def _may(travels: Travels, part: Part, permits: Callable[[str], bool]) -> bool:
    """Whether the policy has the purpose, lets it use all of the row, and the person permits it."""
    declared = in_force().purposes.get(travels.purpose)
    kinds = {part.category(each) for each in part.fields}
    uses = set(declared.uses) if declared else set()
    return bool(uses) and {k for k in kinds if "." in k} <= uses and permits(travels.purpose)


def _table(
    brought: Brought,
    told: form.Table,
    table: Table,
    part: Part,
    travels: Travels,
    subject: int,
    outcome: Outcome,
) -> None:
    model: Any = table.model
    link = _field(model, table.subjects[0].name)
    columns = {
        str(each.column): each
        for each in part.fields
        if "." in part.category(each) and each.name not in travels.quiet
    }
    held = _held(model, link, travels, subject)
    resolve = _Resolver(brought.about.programme, told.refers)
    fresh: list[Any] = []
    count = 0
    for row in brought.rows(outcome.name):
        count += 1
        if count > reading.MOST_ROWS:
            raise TooMuch
        try:
            values = {f.attname: resolve(c, f, row[c]) for c, f in columns.items() if c in row}
        except _Unknown:
            outcome.unknown += 1
            continue
        made = model(**{link.attname: subject}, **values, **travels.quiet)
        _clean(made, link)
        mark = tuple(getattr(made, _field(model, name).attname) for name in travels.once)
        if mark in held:
            outcome.there += 1
            continue
        held.add(mark)
        fresh.append(made)
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(fresh, BATCH)
    except (IntegrityError, OverflowError) as error:  # what only the database knows
        raise NotACopy from error
    outcome.rows, outcome.written = count, len(fresh)


def _field(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return model._meta.pk


def _held(model: Any, link: Any, travels: Travels, subject: int) -> set[tuple[Any, ...]]:
    """By what the rows that are there already are known."""
    rows = model._default_manager.filter(**{link.attname: subject})
    names = [_field(model, name).attname for name in travels.once]
    if not names:
        return {()} if rows.exists() else set()
    return set(rows.values_list(*names))


def _clean(made: models.Model, link: Any) -> None:
    """Hold a row against what its columns allow. Raises NotACopy."""
    empty = {f.name for f in made._meta.concrete_fields if _empty(f, getattr(made, f.attname))}
    pointing = {f.name for f in made._meta.concrete_fields if f.is_relation}
    try:
        made.clean_fields(exclude={link.name, *empty, *pointing})
    except (ValidationError, TypeError, ValueError) as error:
        raise NotACopy from error


def _empty(field_: Any, value: Any) -> bool:
    """Whether there is nothing to look at: forms would ask for a value, columns need none."""
    return value in list(field_.empty_values)


class _Unknown(Exception):
    """What a row points to is not in the programme here."""


class _Resolver:
    """Turns what a copy says into what a column here holds."""

    def __init__(self, programme: Mapping[str, Mapping[str, Any]], refers: Mapping[str, str]):
        self._programme, self._refers = programme, refers
        self._found: dict[tuple[str, str], Any] = {}

    def __call__(self, column: str, field_: Any, raw: Any) -> Any:
        """Raises _Unknown and NotACopy."""
        if field_.is_relation:
            remote = references.target(field_)
            if raw is None and field_.null:
                return None
            if remote is None or self._refers.get(column) != remote._meta.db_table:
                raise _Unknown
            return self._row(remote, str(raw))
        if raw is None and not field_.null:
            raise NotACopy
        try:
            value = field_.to_python(raw)
        except (ValidationError, TypeError, ValueError, OverflowError) as error:
            raise NotACopy from error
        if isinstance(value, str) and "\0" in value:
            raise NotACopy
        return value

    def _row(self, remote: Any, number: str) -> Any:
        place = (remote._meta.db_table, number)
        if place not in self._found:
            said = self._programme.get(place[0], {}).get(number)
            self._found[place] = None
            try:
                key = said["key"] if isinstance(said, dict) else None
                if isinstance(key, list) and all(isinstance(k, str | int | None) for k in key):
                    self._found[place] = remote.by_natural_key(*key).pk
            except (ObjectDoesNotExist, KeyError, TypeError, ValueError, OverflowError):
                pass
        if self._found[place] is None:
            raise _Unknown
        return self._found[place]
