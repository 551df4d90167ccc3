"""The words of the index: which begin so, which a slip may have meant, in how many rows each is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import log2
from operator import or_

from django.db.models import F, Q
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from plainview.platform.search import typos
from plainview.platform.search.asking import Any, Term
from plainview.platform.search.models import Window, Word
from plainview.platform.search.terms import unspaced

NAMED, SAID = 0, 1
"""The shelves of words: of entries, of passages."""
MOST_EDITS = {NAMED: 2, SAID: 1}
MOST_ALIKE = 10_000
"""So many words that share a key with one of a question are measured."""
SHORTEST = 3
NEAREST = 8
"""So many words stand in for one that may be a slip."""
LIKELIEST = 8
"""So many words stand in for one that is still being typed."""
MOST_BEGUN = 100
LAST = "\U0010ffff"
LEAST_WEIGHT, LONG_RUN = 0.05, 4
BATCH = 5000


def adjust(shelf: int, gone: Counter[str], come: Counter[str]) -> None:
    """Count words out of rows that went and into rows that came; with its last row a word goes."""
    difference = come.copy()
    difference.subtract(gone)
    steps = {
        word: step
        for word, step in difference.items()
        if step and len(word) >= SHORTEST and not unspaced(word)
    }
    every = sorted(steps)
    for start in range(0, len(every), BATCH):
        _step(shelf, every[start : start + BATCH], steps)


def _step(shelf: int, words: list[str], steps: dict[str, int]) -> None:
    """Rows are locked in the order of their words, so that no two changes wait for each other."""
    rows = Word.objects.filter(shelf=shelf, word__in=words)
    known = set(rows.values_list("word", flat=True))
    fresh = (word for word in words if word not in known and steps[word] > 0)
    Word.objects.bulk_create(
        (Word(shelf=shelf, word=w, terms=" ".join(_keys(shelf, w))) for w in fresh),
        ignore_conflicts=True,
    )
    by_step: dict[int, list[int]] = defaultdict(list)
    left: list[int] = []
    locked = rows.select_for_update().order_by("word")
    for key, word, count in locked.values_list("pk", "word", "count"):
        step = steps[word]
        (by_step[step] if count + step > 0 else left).append(key)
    for step, held in by_step.items():
        Word.objects.filter(pk__in=held).update(count=F("count") + step)
    Word.objects.filter(pk__in=left).delete()


def _keys(shelf: int, word: str) -> list[str]:
    """The terms under which a word of a shelf is found by a slip of it."""
    edits = min(MOST_EDITS[shelf], typos.reach(word))
    return [f"{shelf}{key}" for key in sorted(typos.keys(word, edits))]


def settle() -> None:
    """Drop words that no row has."""
    Word.objects.filter(count__lte=0).delete()


def beginning(start: str, shelf: int) -> list[str]:
    """The words of a shelf that begin so, the most frequent first; without the word itself."""
    rows = Word.objects.filter(shelf=shelf, word__gt=start, word__lt=start + LAST)
    return list(rows.order_by("-count", "word").values_list("word", flat=True)[:LIKELIEST])


@dataclass(frozen=True, slots=True)
class Near:
    """What a word may be a slip of: `spellings`, nearest first, itself included if it is there.

    `count` says in how many rows the word stands, or if in none, those that it may be a slip of.
    """

    spellings: list[str]
    count: int


def near(said: Iterable[str], shelf: int) -> dict[str, Near]:
    """For each word what of a shelf it may be a slip of; nothing for scripts without spaces."""
    asked = [word for word in said if not unspaced(word)]
    keys = dict.fromkeys(key for word in asked for key in _keys(shelf, word))
    if not keys:
        return {}
    ask = Any(tuple(Term(key) for key in keys))
    rows = Word.objects.filter(terms__answers=Window((ask,), MOST_ALIKE))
    counts = dict(rows.values_list("word", "count"))
    found = {word: _close(word, counts) for word in asked}
    return found | _begun([word for word in asked if not found[word].spellings], shelf)


def _close(word: str, counts: dict[str, int]) -> Near:
    reach = typos.reach(word)
    met = extract(word, counts.keys(), scorer=OSA.distance, score_cutoff=reach, limit=None)
    away = sorted((steps, -counts[each], each) for each, steps, _ in met)[:NEAREST]
    spellings = [each for _, _, each in away]
    return Near(spellings, counts.get(word) or sum(counts[each] for each in spellings))


def _begun(unlike: list[str], shelf: int) -> dict[str, Near]:
    """Of words that nothing is like: what begins as one of them with two neighbours swapped."""
    swaps = {word: typos.swapped(word) for word in unlike}
    starts = [Q(word__gte=one, word__lt=one + LAST) for each in swaps.values() for one in each]
    if not starts:
        return {}
    rows = Word.objects.filter(reduce(or_, starts), shelf=shelf).order_by("-count", "word")
    known = list(rows.values_list("word", "count")[:MOST_BEGUN])
    begun = {
        word: [(each, count) for each, count in known if each.startswith(tuple(swaps[word]))]
        for word in unlike
    }
    return {
        word: Near([each for each, _ in some[:NEAREST]], sum(count for _, count in some[:NEAREST]))
        for word, some in begun.items()
    }


def weight(word: str, near: Mapping[str, Near]) -> float:
    """How much a word says of what is looked for: the less often it is used, the more; 0 if never.

    Of the shortest, and of scripts without spaces, nobody counts how often.
    """
    if unspaced(word):
        return min(len(word), LONG_RUN) / (2 * LONG_RUN)
    if len(word) < SHORTEST:
        return LEAST_WEIGHT
    count = near[word].count
    return max(LEAST_WEIGHT, 1 / log2(2 + count)) if count else 0
