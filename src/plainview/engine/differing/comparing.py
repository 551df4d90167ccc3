"""Who is decided otherwise: everybody whom the rules of either version tell apart, folded by both.

Nothing here looks at how rules are written. Two versions that say the same in other words do not
differ, and where they do the smallest person who shows it is at hand.
"""

from collections.abc import Iterator

from plainview.engine.crowds import Crowd, numbers, standing_of
from plainview.engine.differing.found import Found
from plainview.engine.policy import UNKNOWN_PLACE, Policy
from plainview.engine.proving import Prover, Ruled, Shapes, crowd_of


def decided_otherwise(before: Prover, after: Prover) -> Iterator[Found]:
    """Yield, for each purpose of both policies, where it is permitted to more people or fewer.

    `weaker` is the choice: the purpose needs less of a person than it did. Raises TooManyPeople.
    """
    old, new = before.policy, after.policy
    everywhere = places(old, new)
    alike: dict[tuple[Ruled, Ruled], list[int]] = {}  # places, by number, of the same rules in both
    for number, place in enumerate(everywhere):
        alike.setdefault((before.rules_of(place), after.rules_of(place)), []).append(number)
    for purpose in new.purposes:
        if purpose not in old.purposes:
            continue
        groups: dict[tuple[Shapes, Shapes], list[int]] = {}
        for rules, numbered in alike.items():
            shapes = before.shapes(purpose, rules[0]), after.shapes(purpose, rules[1])
            if shapes[0] != shapes[1]:
                groups.setdefault(shapes, []).extend(numbered)
        weaker: dict[str, tuple[Crowd, int]] = {}
        stronger: dict[str, tuple[Crowd, int]] = {}
        for shapes, found in groups.items():
            there = [everywhere[number] for number in sorted(found)]
            crowd, was, is_ = _folded(before, after, purpose, shapes)
            if gained := is_ & ~was:
                weaker |= dict.fromkeys(there, (crowd, gained))
            if lost := was & ~is_:
                stronger |= dict.fromkeys(there, (crowd, lost))
        if weaker:
            yield _found("weaker", purpose, weaker, everywhere)
        if stronger:
            yield _found("stronger", purpose, stronger, everywhere)


def places(old: Policy, new: Policy) -> list[str]:
    """Return the laws of either version, and the codes of places whose law is another one now."""
    ids = dict.fromkeys((*new.jurisdictions, *old.jurisdictions))
    codes = dict.fromkeys((*new.places, *old.places))
    moved = [code for code in codes if old.jurisdiction(code).id != new.jurisdiction(code).id]
    return [id_ for id_ in ids if id_ != UNKNOWN_PLACE] + [UNKNOWN_PLACE] + moved


def _folded(
    before: Prover, after: Prover, purpose: str, shapes: tuple[Shapes, Shapes]
) -> tuple[Crowd, int, int]:
    crowd = crowd_of(purpose, (before.read_by(shapes[0]), after.read_by(shapes[1])))
    was = before.among(purpose, shapes[0], crowd)
    return crowd, was, after.among(purpose, shapes[1], crowd)


def _found(
    kind: str, purpose: str, there: dict[str, tuple[Crowd, int]], everywhere: list[str]
) -> Found:
    place, (crowd, people) = next(iter(there.items()))
    someone = standing_of(purpose, crowd.person(next(numbers(people))), place, None)
    return Found(
        kind=kind,  # type: ignore[arg-type]
        of=purpose,
        jurisdictions=() if len(there) == len(everywhere) else tuple(there),
        touches=(purpose,) if kind == "weaker" else (),
        someone=someone,
    )
