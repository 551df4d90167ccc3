"""The only way to the cache for personal data: `cache("viewing.history", subject)`.

A shelf belongs to one category and one person. It opens under a purpose that may use the category,
in a door that sees the person, for a person who permits it; `forget` drops all of a person's.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import caches

from plainview.platform.identifiers import new_key
from plainview.privacy.gate import purposes
from plainview.privacy.gate.refusals import NotPermitted, PersonRefuses
from plainview.privacy.gate.scope import Scope, require
from plainview.privacy.gate.standing import permitting

LIFETIME = 3600


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


def forget(subject: int) -> None:
    """Drop all that is cached about a person, of whatever category, and that there was a shelf."""
    _store().delete(f"privacy:shelf:{subject}")
