"""What is kept in memory: of a person by `cache("viewing.history", subject)`, of nobody by `Board`.

A board holds what everybody is shown alike. It is made where no purpose is open, so that the gate
refuses whatever is about somebody.

A shelf belongs to one category and one person. It opens under a purpose that may use the category,
in a door that sees the person, for a person who permits it; `forget` drops all of a person's.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.core.cache import caches
from django.db.models import Model

from plainview.platform.identifiers import new_key
from plainview.privacy.gate import purposes, written
from plainview.privacy.gate.refusals import NotPermitted, PersonRefuses
from plainview.privacy.gate.scope import Held, Scope, require
from plainview.privacy.gate.standing import permitting

LIFETIME = 3600
T = TypeVar("T")


class Board(Generic[T]):
    """What is drawn of some tables for everybody, for a few seconds, in this process.

    A write of this process to one of the tables takes it down at once; of another process's it
    hears when the seconds are over.
    """

    SECONDS = 5.0
    MOST = 64

    def __init__(self, *tables: type[Model]) -> None:
        self._tables = tuple(table._meta.db_table for table in tables)
        self._kept: OrderedDict[Hashable, tuple[float, tuple[int, ...], T]] = OrderedDict()
        written.watch(self._tables)

    def get(self, key: Hashable, make: Callable[[], T], *, fresh: bool = False) -> T:
        """What hangs under `key`, or what `make` makes; `fresh` takes nobody's word for it.

        Raises Refused if `make` asks for what is about somebody.
        """
        before, now = written.times(self._tables), time.time()
        found = self._kept.get(key)
        if found and not fresh and found[1] == before and 0 <= now - found[0] < self.SECONDS:
            return found[2]
        with Held(None):
            value = make()
        self._kept[key] = (now, before, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self.MOST:
            self._kept.popitem(last=False)
        return value


class Shelf:
    """What is cached of one category about one person; lives an hour at most."""

    def __init__(self, category: str, subject: int) -> None:
        self.category = category
        self.subject = subject

    def get(self, name: str, default: Any = None) -> Any:
        """What was kept under `name`. Raises Refused if the open scope may not use it."""
        return _store().get(self._key(name), default)

    def set(self, name: str, value: Any, lifetime: int = LIFETIME) -> None:
        """Keep `value` for `lifetime` seconds. Raises Refused if the open scope may not use it."""
        _store().set(self._key(name), value, min(lifetime, LIFETIME))

    def delete(self, name: str) -> None:
        """Drop what was kept under `name`."""
        _store().delete(self._key(name))

    def _key(self, name: str) -> str:
        self._check()
        shelf = _store().get_or_set(f"privacy:shelf:{self.subject}", new_key, LIFETIME)
        return f"privacy:{self.subject}:{shelf}:{self.category}:{name}"

    def _check(self) -> None:
        scope = require()
        if scope.duty:
            return
        where = (
            f"door {scope.life.door.name}, purpose {scope.purpose}: the cache of {self.category}"
        )
        if self.category not in purposes.policy().uses(scope.purpose):
            raise NotPermitted(f"{where} is not for this purpose; enter one that uses it")
        if not scope.everyone and scope.life.subject != self.subject:
            raise NotPermitted(f"{where} is of somebody other than the person at the door")
        if scope.grant.refusable and not self._permitted(scope):
            raise PersonRefuses(f"{where} is of somebody who does not permit it")

    def _permitted(self, scope: Scope) -> bool:
        """By the request, which may be stricter, and by the row, the category not withheld."""
        if not scope.everyone and not scope.life.allows(scope.grant.bit):
            return False
        only = frozenset({self.category})
        return bool(permitting([self.subject], scope.purpose, categories=only))


def _store() -> Any:
    return caches["shelves"]


def cache(category: str, subject: int) -> Shelf:
    """The shelf of one category about one person."""
    return Shelf(category, subject)


def holds(subject: int) -> bool:
    """Whether there is a shelf of a person in this process."""
    return _store().get(f"privacy:shelf:{subject}") is not None


def forget(subject: int) -> None:
    """Drop all that is cached about a person, of whatever category, and that there was a shelf."""
    _store().delete(f"privacy:shelf:{subject}")
