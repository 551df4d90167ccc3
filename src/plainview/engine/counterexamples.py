"""Finds the smallest person who shows that an invariant does not hold."""

from collections.abc import Iterator
from itertools import combinations, islice, pairwise
from typing import NamedTuple

import msgspec

from plainview.engine.crowds import Crowd, Value, numbers, standing_of
from plainview.engine.declarations import Purpose
from plainview.engine.declarations.invariants import Invariant
from plainview.engine.standing import Standing

# From the gentlest to the firmest; of ages, a minor against each of the others.
_LADDERS: dict[str, tuple[tuple[Value, Value], ...]] = {
    "choice": tuple(pairwise(("affirmed", "granted", "unset", "denied"))),
    "objection": tuple(pairwise(("none", "pending", "upheld"))),
    "restricted": (("no", "yes"),),
    "pending": (("no", "yes"),),
    "age": (("uncertified", "minor"), ("certified-adult", "minor")),
}
_LOOKED_THROUGH = 200  # people out of the ordinary in the same facts, to find the smallest among
Places = tuple[str, str | None]
"""Presence and residence, as ids of jurisdictions; a residence of None is undeclared."""


class Someone(msgspec.Struct, frozen=True):
    """A person of a crowd: where they are, and those facts of theirs that rules read.

    `presence` and `residence` are ids of jurisdictions; a residence of None is undeclared.
    """

    presence: str
    residence: str | None
    facts: dict[str, Value]

    def standing(self, purpose: str) -> Standing:
        """Return the person as decisions on `purpose` know them."""
        return standing_of(purpose, self.facts, self.presence, self.residence)


class Counterexample(msgspec.Struct, frozen=True):
    """The smallest person who shows that an invariant does not hold, and for which purpose.

    In a comparison `someone` comes first and `other` is who was made of them.
    """

    purpose: str
    someone: Someone
    other: Someone | None = None


class Found(NamedTuple):
    """A counterexample and its size: facts out of the ordinary, unknown ones, then the order."""

    size: tuple[int, ...]
    example: Counterexample


def changed(
    invariant: Invariant, purpose: Purpose, places: Places, crowd: Crowd, permitted: int
) -> Iterator[Found]:
    """Yield the smallest who gains (or loses) when one of the invariant's facts changes."""
    given = crowd.given(invariant.given)
    for fact in invariant.facts:
        for first, second in _steps(invariant.compare, fact, crowd.values(fact)):
            values = crowd.values(fact)
            one, two = values.index(first), values.index(second)
            before = crowd.column(permitted, fact, one)
            after = crowd.column(permitted, fact, two)
            gained = after & ~before if invariant.then == "permits-no-more" else before & ~after
            wrong = gained & crowd.column(given, fact, one)
            change = (fact, one, second)
            yield from smallest(purpose, crowd, wrong, places, change=change)


def _steps(compare: str, fact: str, values: tuple[Value, ...]) -> Iterator[tuple[Value, Value]]:
    """Yield each pair of values of which the second is the next firmer, or is unknown."""
    if compare == "unknown":
        yield from ((value, None) for value in values if value is not None)
    elif fact in _LADDERS:
        yield from (step for step in _LADDERS[fact] if values)
    else:
        known = [set(value) for value in values if isinstance(value, tuple)]
        for fewer in known:
            for more in known:
                if fewer < more and len(more) == len(fewer) + 1:
                    yield tuple(sorted(fewer)), tuple(sorted(more))


def smallest(
    purpose: Purpose,
    crowd: Crowd,
    people: int,
    places: Places,
    *,
    there: Places | None = None,
    change: tuple[str, int, Value] | None = None,
) -> Iterator[Found]:
    """Yield the person of `people` with the least to tell, if there is anybody.

    `there` are the places of the other of a comparison. `change` is the fact in which the other
    differs: its name, which of its values the first has (people stand in that column's place,
    see `Crowd.column`), and the other's value.
    """
    fact, index, value = change or ("", 0, None)
    moved = index * crowd.strides[fact] if change else 0
    numbered = _least_told(crowd, people, but=fact)
    told = [
        (_size(crowd, facts, number), facts)
        for number in numbered
        for facts in [crowd.person(number + moved)]
    ]
    if not told:
        return
    size, facts = min(told, key=lambda each: each[0])
    someone = Someone(*places, facts)
    other = None
    if there is not None:
        other = Someone(*there, facts)
    elif change is not None:
        other = Someone(*places, facts | {fact: value})
    pair = sum(each is not None for each in (there or places)[1:])
    yield Found((size[0] + pair, *size[1:]), Counterexample(purpose.id, someone, other))


def _least_told(crowd: Crowd, people: int, but: str) -> list[int]:
    """Return the numbers of some who are out of the ordinary in as few facts as anybody."""
    facts = [each.fact for each in crowd.dimensions if each.fact != but]
    for count in range(len(facts) + 1 if people else 0):
        found: list[int] = []
        for special in combinations(facts, count):
            few = people
            for fact in facts:
                if few and fact not in special:
                    few &= crowd.having(fact, 0)
            found += islice(numbers(few), _LOOKED_THROUGH)
        if found:
            return found
    return []


def _size(crowd: Crowd, facts: dict[str, Value], number: int) -> tuple[int, int, int]:
    told = [facts[name] for name, values in crowd.dimensions if facts[name] != values[0]]
    words = sum(len(each) if isinstance(each, tuple) else 1 for each in told)
    return words, sum(each is None for each in told), number
