"""Two versions held against each other, for whoever asks: found once, said in their language."""

from __future__ import annotations

import datetime as dt
import functools
import time
from typing import NamedTuple

from django.utils import timezone

from plainview.engine import Difference, differences
from plainview.privacy.consent.questions import language
from plainview.privacy.notice import PRIVACY
from plainview.privacy.notice.speaking import Speaker, capital
from plainview.privacy.versions import following, lenses, people, queries, wording
from plainview.privacy.versions.models import Version
from plainview.privacy.versions.sides import Side, sides

SHORTLY = 60
"""Seconds that a count of everybody is told again without counting anew."""


class Touched(NamedTuple):
    """For how many people of a law a purpose opens or closes, in words."""

    purpose: str
    law: str
    gained: int
    lost: int


class Counted(NamedTuple):
    """Whom a version changes something for, of how many people and kinds of them."""

    touched: list[Touched]
    people: int
    kinds: int


def said(old: Version, new: Version) -> list[wording.Said]:
    """What is different under `new`, in the language of the page, what is material first."""
    pair = queries.policy_of(old), queries.policy_of(new)
    return [wording.said(each, *pair, language()) for each in found(old.pk, new.pk)]


def clauses(old: Version, new: Version) -> tuple[Side, ...]:
    """The clauses of the notice that read differently, side by side."""
    return _clauses(old.pk, new.pk, timezone.localdate(), language())


def counted(old: Version, new: Version) -> Counted:
    """For how many people it opens or closes what; a figure of this minute."""
    told = _counted(old.pk, new.pk, int(time.time()) // SHORTLY)
    pair = queries.policy_of(new), queries.policy_of(old)
    rows = []
    for each in told.effects:
        policy = next(it for it in pair if each.purpose in it.purposes)
        name = policy.text(f"purposes.{each.purpose}.name", language())
        law = capital(Speaker(policy, language()).law(each.regime))
        rows.append(Touched(name, law, each.gained, each.lost))
    return Counted(rows, told.people, told.kinds)


def turns(old: Version, new: Version, lens: lenses.Lens) -> list[lenses.Turn]:
    """What is decided otherwise for somebody who is described."""
    return lenses.turns(queries.policy_of(old), queries.policy_of(new), lens)


@functools.lru_cache(maxsize=16)
def found(old: int, new: int) -> tuple[Difference, ...]:
    """What sets two versions apart, by their rows; found once in each process."""
    pair = (Version.objects.get(pk=each) for each in (old, new))
    return tuple(differences(*map(queries.policy_of, pair)))


@functools.lru_cache(maxsize=16)
def _clauses(old: int, new: int, day: dt.date, spoken: str) -> tuple[Side, ...]:
    """As `clauses`, by the law of the day, drawn once in each process."""
    return tuple(sides(following.policy_of(old), following.policy_of(new), PRIVACY, spoken))


@functools.lru_cache(maxsize=8)
def _counted(old: int, new: int, minute: int) -> people.Counted:
    pair = (Version.objects.get(pk=each) for each in (old, new))
    return people.counted(*map(queries.policy_of, pair))


def forget() -> None:
    """Find everything anew (tests, between which numbers begin again)."""
    found.cache_clear()
    _clauses.cache_clear()
    _counted.cache_clear()
