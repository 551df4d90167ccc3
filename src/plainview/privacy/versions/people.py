"""For how many people a version changes what is permitted: counted in the database.

Nobody is looked at singly. The database groups the standings that say the same, whenever their yes
lapses, and each kind is folded twice, however many people are of it.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import NamedTuple

from django.db.models import BooleanField, Case, Count, Q, When

from plainview.engine import Effect, Policy, effects
from plainview.engine import Standing as Facts
from plainview.privacy import alike, permissions
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing

_RUN = 4000
"""How many standings the database groups at a time."""
_DOOR = Door(
    "plainview.privacy.versions.people",
    "privacy-choices",
    everyone="how many people a new version touches is a figure over all of them",
    lists=frozenset({"consent.choices"}),
)


class Counted(NamedTuple):
    """What a version changes for how many, of how many people and kinds of standings."""

    effects: list[Effect]
    people: int
    kinds: int


def counted(old: Policy, new: Policy) -> Counted:
    """Count whom `new` permits more or less of than `old`."""
    found: list[Effect] = []
    with Opened(_DOOR):
        counts = _counts()
    for device in (False, True):
        same = [(_facts(head, over), n) for (head, over, of), n in counts.items() if of is device]
        narrow = permissions.narrowed if device else None
        found += effects(old, new, same, narrow=narrow)
    return Counted(_joined(found), counts.total(), len(counts))


def _counts() -> Counter[tuple[str, bool, bool]]:
    """How many say what, whether their yes has lapsed, and whether they are devices.

    Counted in runs that the database groups in memory: a sort of all of them goes by the disk.
    """
    lapsed = Q(valid_until__lte=int(time.time()))
    over = Case(When(lapsed, then=True), default=False, output_field=BooleanField())
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for run in alike.runs(Standing.objects.order_by(), _RUN):
        kinds = alike.heads(run).annotate(over=over).values_list("head", "over", "device")
        for head, is_over, device, count in kinds.annotate(count=Count("subject")):
            counts[head, is_over, device] += count
    return counts


def _facts(head: str, over: bool) -> Facts:
    facts = permissions.stored_facts(head + alike.CLOSED)
    return permissions.lapsed(facts) if over else facts


def _joined(found: list[Effect]) -> list[Effect]:
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for each in found:
        gained, lost = counts.get((each.purpose, each.regime), (0, 0))
        counts[each.purpose, each.regime] = (gained + each.gained, lost + each.lost)
    return [
        Effect(purpose=purpose, regime=regime, gained=gained, lost=lost)
        for (purpose, regime), (gained, lost) in counts.items()
    ]
