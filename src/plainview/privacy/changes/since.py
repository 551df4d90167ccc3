"""What was published since somebody last answered, told from the mark that their cookie carries.

The list is read once for each policy that this process puts into force, and never for a cookie of
the policy in force.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec

from plainview.engine import Difference
from plainview.engine import Standing as Facts
from plainview.privacy.changes.models import Change
from plainview.privacy.changes.touching import concerns, touched, under
from plainview.privacy.consent.cookie import MARK
from plainview.privacy.gate import purposes
from plainview.privacy.policies import in_force

_KEPT = msgspec.json.Decoder(list[Difference])
_SAID = msgspec.json.Decoder(dict[str, list[str]])


class Saying(NamedTuple):
    """A difference, and the sentence for it in each language."""

    difference: Difference
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """A publication as people are told of it."""

    number: int
    version: str
    before: str
    fingerprint: str
    sayings: tuple[Saying, ...]
    at: datetime

    def told_under(self, laws: set[str]) -> list[Saying]:
        """What of it somebody under these laws is to be told."""
        return [
            each
            for each in self.sayings
            if each.difference.triggers != "nothing" and concerns(each.difference, laws)
        ]


def mark() -> str:
    """What a cookie carries of the policy in force."""
    return in_force().fingerprint[:MARK]


def published() -> tuple[Published, ...]:
    """Every publication up to the policy in force, the oldest first."""
    return _published(purposes.generation())


@functools.lru_cache(maxsize=4)
def _published(generation: int) -> tuple[Published, ...]:
    return tuple(read(row) for row in Change.objects.order_by("pk"))


def read(row: Change) -> Published:
    """A publication as its row keeps it."""
    differences, words = _KEPT.decode(row.differences), _SAID.decode(row.words)
    sayings = tuple(
        Saying(each, {language: said[place] for language, said in words.items()})
        for place, each in enumerate(differences)
    )
    return Published(row.pk, row.version, row.before, row.policy, sayings, row.published_at)


def since(marked: str) -> tuple[Published, ...]:
    """The publications after the policy that a cookie is of; all of them if nobody knows which."""
    if marked == mark():
        return ()
    known = published()
    for place, each in reversed(list(enumerate(known))):
        if marked and each.fingerprint.startswith(marked):
            return known[place + 1 :]
        if marked and each.before.startswith(marked):
            return known[place:]
    return known


def pending(marked: str, facts: Facts) -> frozenset[str]:
    """What has begun to wait for somebody of these facts since a cookie was written (P11e)."""
    news = [saying.difference for each in since(marked) for saying in each.sayings]
    return touched(in_force(), facts, news) if news else frozenset()


def laws(facts: Facts) -> set[str]:
    """The laws that hold for somebody, by id, and their places."""
    return under(in_force(), facts)
