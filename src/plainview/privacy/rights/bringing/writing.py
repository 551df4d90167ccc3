"""Rows of a copy, a batch at a time, as the purposes that their tables name may write them here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import msgspec
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from plainview.privacy import declarations
from plainview.privacy.declarations import Travels
from plainview.privacy.gate.scope import entering
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table
from plainview.privacy.rights import tables
from plainview.privacy.rights.bringing import reading
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.bringing.reading import Brought, NotACopy, TooMuch
from plainview.privacy.rights.copies import form, references
from plainview.privacy.rights.tables import Part

PURPOSES = ("account", "history", "interface", "lists", "profile-gender")
"""What a door that brings may enter; a test holds it against the marks."""
BATCH = 500
LONGEST_NAME = 200


class Outcome(msgspec.Struct):
    """What became of one table of a copy: rows written, there already, and not taken, with why.

    `refused` is the purpose that the person, the law or the policy does not permit here.
    """

    name: str
    categories: tuple[str, ...] = ()
    written: int = 0
    there: int = 0
    unknown: int = 0
    refused: str = ""
    taken: bool = True


class Step:
    """A batch of lines to settle, and where the work goes on behind it."""

    def __init__(
        self,
        brought: Brought,
        outcomes: list[Outcome],
        place: tuple[bool, int, int],
        batch: _Batch | None = None,
        lines: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.service = brought.about.service.replace("\0", "")[:LONGEST_NAME]
        self.rows = sum(each.rows for each in brought.about.tables.values())
        self.outcomes = outcomes
        self.checked, self.table, self.line = place
        self.lines, self._batch = lines, batch

    def write(self) -> None:
        """Write the rows for their purpose. Raises NotACopy for what only the database knows."""
        if self._batch is not None:
            with entering(self._batch.purpose):
                self._batch.write(self.lines, self.outcomes[self.table], new=not self.checked)

    def try_out(self) -> None:
        """Write the rows and take them back. Raises NotACopy."""
        with transaction.atomic():
            self.write()
            transaction.set_rollback(True)


def travelling() -> Iterator[tuple[Table, Part, Travels]]:
    """The tables whose rows may be brought, with what their marks say."""
    for table in tables.tables():
        said = declarations.about(table.model) if table.model else None
        if said is not None and said.travels is not None:
            yield table, next(tables.parts(table)), said.travels


def taken(brought: Brought) -> list[str]:
    """The tables of a copy that are read."""
    known = {form.name_of(part) for _table, part, _said in travelling()}
    return [name for name in brought.about.tables if name in known]


def steps(row: Bringing, brought: Brought, permits: Callable[[str], bool]) -> Iterator[Step]:
    """What is left to do of a copy, batch by batch: first a look through all, then the writing.

    Each is to be settled before the next is asked for. Raises NotACopy and TooMuch.
    """
    known = {form.name_of(part): (table, part, said) for table, part, said in travelling()}
    told = list(brought.about.tables.items())
    resolve = _Resolver(brought.about.programme)
    outcomes = msgspec.json.decode(row.found, type=list[Outcome])
    place, begun = (row.table, row.line), row.checked
    for checked in (False, True):
        if checked < begun:
            continue
        if not (begun and outcomes):
            outcomes = [Outcome(name, _categories(each)) for name, each in told]
        for number, (name, each) in enumerate(told):
            if number < place[0]:
                continue
            outcome, line = outcomes[number], place[1] if number == place[0] else 0
            if name not in known:
                outcome.taken = False
                continue
            table, part, travels = known[name]
            if not _may(travels, part, permits):
                outcome.refused = travels.purpose
                continue
            batch = _Batch(table, part, travels, row.subject, resolve, each.refers)
            rows = brought.rows(name, line)
            while lines := list(islice(rows, BATCH)):
                line += len(lines)
                if line > reading.MOST_ROWS:
                    raise TooMuch
                yield Step(brought, outcomes, (checked, number, line), batch, lines)
        place = (0, 0)
        if not checked:
            yield Step(brought, [], (True, 0, 0))
    yield Step(brought, outcomes, (True, len(told), 0))


def _categories(told: form.Table) -> tuple[str, ...]:
    kinds = dict.fromkeys(each.category for each in told.columns.values())
    return tuple(each for each in kinds if each in in_force().categories and "." in each)


def _may(travels: Travels, part: Part, permits: Callable[[str], bool]) -> bool:
    """Whether the policy has the purpose, lets it use all of the row, and the person permits it."""
    declared = in_force().purposes.get(travels.purpose)
    kinds = {part.category(each) for each in part.fields}
    uses = set(declared.uses) if declared else set()
    return bool(uses) and {k for k in kinds if "." in k} <= uses and permits(travels.purpose)


class _Batch:
    """Makes rows of one table for one person from lines of a copy."""

    def __init__(
        self,
        table: Table,
        part: Part,
        travels: Travels,
        subject: int,
        resolve: _Resolver,
        refers: Mapping[str, str],
    ) -> None:
        self._model = cast("Any", table.model)
        field_of = self._model._meta.get_field
        self._link = field_of(table.subjects[0].name)
        self.purpose = travels.purpose
        self._travels, self._subject = travels, subject
        self._resolve, self._refers = resolve, refers
        self._once = [field_of(name).attname for name in travels.once]
        self._columns = {
            str(each.column): each
            for each in part.fields
            if "." in part.category(each) and each.name not in travels.quiet
        }
        self._links = [each.attname for each in self._columns.values() if each.is_relation]
        self._keys = {
            field.attname: keys
            for column, field in self._columns.items()
            if (keys := table.columns[column].mark.keys)
        }
        self._events = [
            field.attname
            for column, field in self._columns.items()
            if table.columns[column].mark.event
        ]

    def write(self, lines: Sequence[Mapping[str, Any]], outcome: Outcome, *, new: bool) -> None:
        """Write the rows that are not there already; `new` ones are held against their columns.

        Raises NotACopy.
        """
        rows = []
        for line in lines:
            try:
                values = {
                    field.attname: self._resolve(self._refers.get(column), field, line[column])
                    for column, field in self._columns.items()
                    if column in line
                }
            except _Unknown:
                outcome.unknown += 1
                continue
            if self._links and all(values.get(name) is None for name in self._links):
                outcome.unknown += 1  # about nothing at all
                continue
            for name, keys in self._keys.items():
                said = values.get(name, {})
                if not isinstance(said, dict) or not said.keys() <= set(keys):
                    raise NotACopy
            for name in self._events:
                values[name] = _happened(values.get(name))
            row = self._model(
                **{self._link.attname: self._subject}, **values, **self._travels.quiet
            )
            if new:
                _clean(row, self._link)
            rows.append(row)
        held, fresh = self._held(rows), []
        for row in rows:
            mark = self._mark(row)
            if mark in held:
                outcome.there += 1
                continue
            held.add(mark)
            fresh.append(row)
        outcome.written += len(fresh)
        try:
            with transaction.atomic():
                self._model._default_manager.bulk_create(fresh, BATCH)
        except (IntegrityError, OverflowError) as error:  # what only the database knows
            raise NotACopy from error

    def _mark(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self._once)

    def _held(self, rows: Sequence[Any]) -> set[tuple[Any, ...]]:
        """By what those of the rows are known that may be there already."""
        found = self._model._default_manager.filter(**{self._link.attname: self._subject})
        if not self._once:
            return {()} if found.exists() else set()
        marks = list(zip(*map(self._mark, rows), strict=True))
        if not marks:
            return set()
        values, name = max(
            zip(marks, self._once, strict=True), key=lambda each: len(Counter(each[0]))
        )
        near = Q(**{f"{name}__in": {each for each in values if each is not None}})
        if None in values:
            near |= Q(**{f"{name}__isnull": True})
        return set(found.filter(near).values_list(*self._once))


def _happened(moment: Any) -> Any:
    """A moment from which the time to keep a row counts; one that is still to come is now.

    Else a row with a day in a far year would outlast every schedule.
    """
    now = timezone.now()
    return min(moment, now) if isinstance(moment, dt.datetime) else now


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

    def __init__(self, programme: Mapping[str, Mapping[str, Any]]) -> None:
        self._programme = programme
        self._found: dict[tuple[str, str], Any] = {}

    def __call__(self, place: str | None, field_: Any, raw: Any) -> Any:
        """Raises _Unknown and NotACopy."""
        if field_.is_relation:
            remote = references.target(field_)
            if raw is None and field_.null:
                return None
            if remote is None or place != remote._meta.db_table:
                raise _Unknown
            return self._row(remote, str(raw))
        if raw is None and not field_.null:
            raise NotACopy
        try:
            value = field_.to_python(raw)
            if isinstance(value, dt.datetime):  # one that no clock shows could be kept, never read
                value = value if timezone.is_aware(value) else timezone.make_aware(value)
                value = value.astimezone(dt.UTC)
        except (ValidationError, TypeError, ValueError, OverflowError) as error:
            raise NotACopy from error
        longest = field_.max_length or reading.LONGEST_LINE
        if isinstance(value, str) and ("\0" in value or len(value) > longest):
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
