"""Whom an erasure is about, and what would give them away if it were left anywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from django.contrib.auth import get_user_model
from django.db.models import Field
from django.utils import timezone

from plainview.engine import Jurisdiction
from plainview.privacy import permissions
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.rights import holds, tables

LONGEST = 300
SHORTEST = 4
MOST = 2000
"""So many values of one column at most are looked for."""
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
        """The laws of where they are and live."""
        return [in_force().jurisdictions[place] for place in self.places]

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that mail reaches them at."""
        return frozenset(value for value in self.unique if "@" in value)


def find(subject: int) -> Person:
    """The person with this number and what identifies them, as held now. Needs a duty."""
    member = get_user_model()._default_manager.filter(pk=subject).exists()
    unique = {str(subject)} if subject > LONG_NUMBER else set()
    shared: set[str] = set()
    for table in tables.tables():
        for part in tables.parts(table):
            for field in (*part.fields, *part.secrets):
                if not _identifies(part.category(field)):
                    continue
                values = part.rows(subject).values_list(field.attname, flat=True)
                for value in map(_value, values.order_by().distinct()[:MOST]):
                    if value:
                        (unique if _points(field, value) else shared).add(value)
    return Person(
        subject=subject,
        member=member,
        day=timezone.localdate(),
        places=tuple(law.id for law in laws(subject)),
        unique=frozenset(unique),
        shared=frozenset(shared - unique),
        held=holds.covered(subject),
    )


def _identifies(category: str) -> bool:
    found = in_force().categories.get(category)
    return found is not None and found.identifies


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
