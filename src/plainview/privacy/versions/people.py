"""For how many people a version changes what is permitted: counted in the database.

Nobody is looked at singly. The database groups the standings that say the same, whenever their yes
lapses, and each kind is folded twice, however many people are of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import BooleanField, Case, Count, Q, When

from plainview.engine import Effect, Policy, effects
from plainview.engine import Standing as Facts
from plainview.privacy import alike, permissions
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing

_DOOR = Door(
    "plainview.privacy.versions.people",
    "privacy-choices",
    everyone="how many people a new version touches is a figure over all of them",
)


class Counted(NamedTuple):
    """What a version changes for how many, of how many people and kinds of standings."""

    effects: list[Effect]
    people: int
    kinds: int


def counted(old: Policy, new: Policy) -> Counted:
    """Count whom `new` permits more or less of than `old`."""
    found: list[Effect] = []
    people = kinds = 0
    with Opened(_DOOR):
        for device in (False, True):
            alike = list(_alike(device=device))
            people += sum(count for _facts, count in alike)
            kinds += len(alike)
            narrow = permissions.narrowed if device else None
            found += effects(old, new, alike, narrow=narrow)
    return Counted(_joined(found), people, kinds)


def _alike(*, device: bool) -> Iterator[tuple[Facts, int]]:
    lapsed = Q(valid_until__lte=int(time.time()))
    over = Case(When(lapsed, then=True), default=False, output_field=BooleanField())
    standings = alike.heads(Standing.objects.filter(device=device)).annotate(over=over)
    rows = standings.order_by().values_list("head", "over").annotate(count=Count("subject"))
    for head, over, count in rows:
        facts = permissions.stored_facts(head + alike.CLOSED)
        yield permissions.lapsed(facts) if over else facts, count


def _joined(found: list[Effect]) -> list[Effect]:
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for each in found:
        gained, lost = counts.get((each.purpose, each.regime), (0, 0))
        counts[each.purpose, each.regime] = (gained + each.gained, lost + each.lost)
    return [
        Effect(purpose=purpose, regime=regime, gained=gained, lost=lost)
        for (purpose, regime), (gained, lost) in counts.items()
    ]
