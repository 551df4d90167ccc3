"""Everybody there could be: each combination of some facts is one bit of a large integer.

A condition is then the set of people who meet it, and one fold over such sets answers for all of
them at once: the fold that decides for one person and all purposes, turned on its side.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from plainview.engine.declarations.invariants import Given
from plainview.engine.standing import Restriction, Standing

LARGEST = 1 << 24
"""People of one crowd; a set of them is then an integer of two megabytes."""

Value = str | tuple[str, ...] | None
"""A fact: a word; the words that are there, for signals, features and cases; None is unknown."""

SETS = frozenset({"signal", "feature", "case"})
# The first value of each is what counts for somebody of whom nothing is recorded.
_WORDS: dict[str, tuple[Value, ...]] = {
    "choice": ("unset", "granted", "affirmed", "denied", None),
    "objection": ("none", "pending", "upheld", None),
    "restricted": ("no", "yes", None),
    "pending": ("no", "yes", None),
    "age": ("uncertified", "certified-adult", "minor", None),
}


class TooManyPeople(ValueError):
    """Rules read more facts at once than can be enumerated."""


class Dimension(NamedTuple):
    """One fact and all that it can be; the first value is the newcomer's."""

    fact: str
    values: tuple[Value, ...]


def dimension(fact: str, named: Collection[frozenset[str]]) -> Dimension:
    """Return what a fact can be as far as conditions tell apart, each naming some words.

    Raises TooManyPeople when the words alone make a crowd too large.
    """
    if fact in _WORDS:
        return Dimension(fact, _WORDS[fact])
    conditions = [words - {"none", "unknown"} for words in named]
    alike: dict[tuple[bool, ...], str] = {}
    for word in sorted(frozenset().union(*conditions)):
        alike.setdefault(tuple(word in words for words in conditions), word)
    words = sorted(alike.values())
    if fact not in SETS:
        # A plan is one word; where a condition names `none`, another plan is something else.
        others = ("another",) if any("none" in condition for condition in named) else ()
        return Dimension(fact, ("none", *words, *others, None))
    if 1 << len(words) > LARGEST:
        raise TooManyPeople(f"{len(words)} words of `{fact}` are told apart, too many to enumerate")
    subsets: list[tuple[str, ...]] = [()]
    for word in words:
        subsets += [(*subset, word) for subset in subsets]
    return Dimension(fact, (*sorted(subsets, key=lambda each: (len(each), each)), None))


class Crowd:
    """All people who differ in some dimensions. People are numbered from 0, the newcomer.

    Raises TooManyPeople for more than `LARGEST` of them.
    """

    def __init__(self, dimensions: tuple[Dimension, ...]) -> None:
        self.dimensions = dimensions
        self.strides: dict[str, int] = {}
        size = 1
        for fact, values in dimensions:
            self.strides[fact] = size
            size *= len(values)
        if size > LARGEST:
            named = ", ".join(f"`{each.fact}`" for each in dimensions)
            raise TooManyPeople(f"{size} people are told apart by {named}, too many to enumerate")
        self.size = size
        self.everyone = (1 << size) - 1
        self._values = dict(dimensions)
        self._having = cache(self._pattern)

    def values(self, fact: str) -> tuple[Value, ...]:
        """Return all that a fact can be here."""
        return self._values.get(fact, ())

    def having(self, fact: str, index: int) -> int:
        """Return the people whose fact has its value number `index`."""
        return self._having(fact, index)

    def given(self, given: Given) -> int:
        """Return the people of whom all that is `given` holds."""
        people = self.everyone
        for fact, values in self.dimensions:
            words = worded(given, fact)
            if words:
                met = 0
                for index, value in enumerate(values):
                    if _meets(value, words):
                        met |= self.having(fact, index)
                people &= met
        return people

    def column(self, people: int, fact: str, index: int) -> int:
        """Return those of `people` with a value, moved to where the first value's people are."""
        return (people & self.having(fact, index)) >> (index * self.strides[fact])

    def person(self, number: int) -> dict[str, Value]:
        """Return the facts of one person."""
        return {
            fact: values[number // self.strides[fact] % len(values)]
            for fact, values in self.dimensions
        }

    def _pattern(self, fact: str, index: int) -> int:
        stride = self.strides[fact]
        period = stride * len(self._values[fact])
        block = ((1 << stride) - 1) << (index * stride)
        repeated = ((1 << self.size) - 1) // ((1 << period) - 1)
        return block * repeated


def worded(given: Given, fact: str) -> frozenset[str]:
    """Return the words given for a fact; a written `granted` means either yes, as in rules."""
    words = frozenset(getattr(given, fact))
    return words | {"affirmed"} if "granted" in words else words


def numbers(people: int) -> Iterator[int]:
    """Yield the numbers of the people in a set."""
    while people:
        lowest = people & -people
        yield lowest.bit_length() - 1
        people ^= lowest


def standing_of(
    purpose: str, facts: dict[str, Value], presence: str | None, residence: str | None
) -> Standing:
    """Return somebody of whom these facts hold for `purpose`, and otherwise a newcomer's."""
    known: dict[str, object] = {}
    for fact, value in facts.items():
        if fact == "choice":
            known["choices"] = None if value is None else {purpose: value}
        elif fact == "objection":
            known["objections"] = (
                None if value is None else ({} if value == "none" else {purpose: value})
            )
        elif fact == "restricted":
            restriction = Restriction(ground="unlawful", purposes=frozenset({purpose}))
            known["restrictions"] = (
                None if value is None else ((restriction,) if value == "yes" else ())
            )
        elif fact == "pending":
            known["pending"] = (
                None if value is None else frozenset({purpose} if value == "yes" else ())
            )
        elif fact in SETS:
            known[f"{fact}s"] = None if value is None else frozenset(value)
        else:
            known[fact] = value
    return Standing.newcomer(presence=presence, residence=residence, **known)


def _meets(value: Value, words: frozenset[str]) -> bool:
    if value is None:
        return "unknown" in words
    if isinstance(value, tuple):
        return "none" in words if not value else not words.isdisjoint(value)
    return value in words
