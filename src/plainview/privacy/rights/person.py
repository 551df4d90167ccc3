"""Whom an erasure is about, and what would give them away if it were left anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.db.models import CharField, Field, QuerySet, TextField
from django.utils import timezone
from django.utils.encoding import punycode

from plainview.engine import Jurisdiction
from plainview.privacy import permissions
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.rights import holds, tables
from plainview.privacy.rights.tables import Part

LONGEST = 300
SHORTEST = 4
MOST = 2000
"""So many rows of one table at most are read for what is looked for."""
LONG_NUMBER = 2**31


class Person(msgspec.Struct, frozen=True):
    """A member or a device, by number, with the values that point to them and nobody else.

    `unique` values are looked for everywhere, in any case of letters. `shared` ones (a name) may
    be somebody else's too: they are looked for where nothing should be about anybody. `places` are
    the jurisdictions whose laws bind them, `day` is the one on which they ask.
    """

    subject: int
    member: bool
    day: dt.date
    places: tuple[str, ...] = ()
    unique: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    held: dict[str, str] = {}
    """The tables of which their rows are under a legal hold, each with the ISO day of its end."""

    @property
    def laws(self) -> list[Jurisdiction]:
        """The laws of where they are and live; in place of one that the policy has no more, the
        strictest.
        """
        return [in_force().jurisdiction(place) for place in self.places]

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that mail reaches them at."""
        return frozenset(value for value in self.unique if "@" in value)


def find(subject: int) -> Person:
    """The person with this number and what identifies them, as held now. Needs a duty."""
    member = get_user_model()._default_manager.filter(pk=subject).exists()
    unique = {str(subject)} if subject > LONG_NUMBER else set()
    shared: set[str] = set()
    for part, fields in _identifying():
        rows = part.rows(subject).values_list(*(field.attname for field in fields)).order_by()
        for row in _read(rows.distinct()[:MOST]):
            for field, value in zip(fields, map(_value, row), strict=True):
                if value and _points(field, value):
                    unique |= {value, as_sent(value)}
                elif value:
                    shared.add(value)
    return Person(
        subject=subject,
        member=member,
        day=timezone.localdate(),
        places=tuple(law.id for law in laws(subject)),
        unique=frozenset(unique),
        shared=frozenset(shared - unique),
        held=holds.covered(subject),
    )


def as_sent(value: str) -> str:
    """An address as letters to it have it: a domain with other letters in its ASCII form (IDNA)."""
    name, at, domain = value.rpartition("@")
    try:
        return f"{name}{at}{punycode(domain)}" if at else value
    except UnicodeError:  # a label that is none, such as one of more than 63 letters
        return value


def _identifying() -> Iterator[tuple[Part, list[Field[Any, Any]]]]:
    categories, empty = in_force().categories, tables.empty()
    pointing = {id_ for id_, each in categories.items() if each.identifies}
    for table in tables.tables():
        for part in tables.parts(table) if table.name not in empty else ():
            every = (*part.fields, *part.secrets)
            if fields := [each for each in every if part.category(each) in pointing]:
                yield part, fields


def _read(values: QuerySet[Any]) -> list[Any]:
    """The values; none of a table that a half-migrated schema has not (its step says so)."""
    try:
        with tables.may_fail():
            return list(values)
    except DatabaseError:
        return []


def given_anew(whom: Person) -> frozenset[str]:
    """Which of their addresses somebody else has here now, such as they under a new account.

    What stands under these is that person's. Needs a duty.
    """
    found = set()
    places = [(part, field) for part, fields in _identifying() for field in fields]
    for address in whom.addresses:
        for part, field in places:
            if isinstance(field, CharField | TextField):
                lookup = part.path.lookup
                rows = tables.manager(part.table).filter(**{f"{field.attname}__iexact": address})
                others = rows.exclude(**{lookup: whom.subject}).exclude(**{lookup: None})
                if _read(others.values_list("pk", flat=True)[:1]):
                    found.add(address)
                    break
    return frozenset(found)


def _value(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)
    if isinstance(value, int):
        return text if value > LONG_NUMBER else ""
    return text if SHORTEST <= len(text) <= LONGEST else ""


def _points(field: Field[Any, Any], value: str) -> bool:
    return bool(field.unique) or "@" in value or value.isdigit()


def laws(subject: int) -> list[Jurisdiction]:
    """The laws of where a person is and lives, as their standing has it. Needs a duty."""
    stored = Standing.objects.filter(subject=subject).values_list("facts", flat=True).first()
    facts = permissions.stored_facts(stored) if stored else permissions.newcomer()
    return in_force().laws(facts.presence, facts.residence)
