"""Words that are nearly another: keys under which a slip of the finger meets what was meant.

Two words at most one edit apart share a key, and long ones at most two apart mostly do: each is
kept under itself and under what is left of its beginning when a letter or two are taken out
(symmetric deletion, Garbe 2012). What shares a key is then measured.
"""

from __future__ import annotations

from itertools import combinations

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


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words, or `most` + 1 if there are more.

    An edit adds, drops or changes a letter, or swaps two neighbours (optimal string alignment).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        fresh = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, fresh[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            fresh.append(cost)
        if min(fresh) > most:
            return most + 1
        before, row = row, fresh
    return min(row[-1], most + 1)
