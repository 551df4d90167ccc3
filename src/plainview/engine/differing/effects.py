"""Whom a new version permits more or less of, counted on distinct standings."""

from collections.abc import Callable, Iterable

import msgspec

from plainview.engine.deciding import fold
from plainview.engine.policy import Policy
from plainview.engine.standing import Standing

Narrow = Callable[[Policy, int], int]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """For how many people of a regime a purpose opens (`gained`) or closes (`lost`)."""

    purpose: str
    regime: str
    gained: int = 0
    lost: int = 0


def effects(
    old: Policy,
    new: Policy,
    standings: Iterable[tuple[Standing, int]],
    *,
    narrow: Narrow | None = None,
) -> list[Effect]:
    """Return what changes for these people, each distinct standing with how many have it.

    Each is folded twice, however many they are; the regime is that of where they live, undeclared
    of where they are. `narrow` takes from a folded integer what is refused besides, as to a device
    that may not be recognised. Purposes without effect are left out.
    """
    counts: dict[tuple[str, str], list[int]] = {}
    purposes = list(dict.fromkeys((*new.purposes, *old.purposes)))
    for standing, count in standings:
        was, now = _purposes(old, standing, narrow), _purposes(new, standing, narrow)
        if was == now:
            continue
        home = standing.residence or standing.presence
        regime = new.jurisdiction(home).regime or new.jurisdiction(home).id
        for purpose in was ^ now:
            found = counts.setdefault((purpose, regime), [0, 0])
            found[purpose in was] += count
    order = {purpose: number for number, purpose in enumerate(purposes)}
    return [
        Effect(purpose=purpose, regime=regime, gained=gained, lost=lost)
        for (purpose, regime), (gained, lost) in sorted(
            counts.items(), key=lambda item: (order[item[0][0]], item[0][1])
        )
    ]


def _purposes(policy: Policy, standing: Standing, narrow: Narrow | None) -> frozenset[str]:
    permitted = fold(policy, standing)
    if narrow is not None:
        permitted = narrow(policy, permitted)
    return _named(policy, permitted)


def _named(policy: Policy, permitted: int) -> frozenset[str]:
    return frozenset(id_ for id_, mask in policy.masks.items() if permitted & mask)
