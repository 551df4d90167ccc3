"""Words that are nearly another: keys under which a slip of the finger meets what was meant.

Two words at most one edit apart share a key, and long ones at most two apart mostly do: each is
kept under itself and under what is left of its beginning when a letter or two are taken out
(symmetric deletion, Garbe 2012). What shares a key is then measured.
"""

from __future__ import annotations

from itertools import combinations

from rapidfuzz.distance import OSA

BEGINNING = 7
SHORTEST = 4
"""A shorter word stands for itself alone: too many others are an edit away."""
LONG = 7


def reach(word: str) -> int:
    """How many edits a word may be away from what was meant, by its length."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def keys(word: str, edits: int | None = None) -> set[str]:
    """Where a word is kept and looked for: what is left of its beginning."""
    most = reach(word) if edits is None else edits
    if not most:
        return {word}
    start = word[:BEGINNING]
    left = {start, *(start[:out] + start[out + 1 :] for out in range(len(start)))}
    for count in range(2, most + 1):
        left.update(map("".join, combinations(start, len(start) - count)))
    return left


def swapped(word: str) -> list[str]:
    """A word with two neighbours swapped, each way; none of a word that stands for itself."""
    if not reach(word):
        return []
    pairs = range(len(word) - 1)
    ways = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in pairs)
    return [way for way in dict.fromkeys(ways) if way != word]


def near(one: str, other: str) -> bool:
    """Whether `one` is at most as many edits away from `other` as a slip of it may be.

    An edit adds, drops or changes a letter, or swaps two neighbours (optimal string alignment).
    """
    return OSA.distance(one, other, score_cutoff=reach(other)) <= reach(other)
