"""The words of the index: which begin so, which a slip may have meant, in how many rows each is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import F

from plainview.platform.search import typos
from plainview.platform.search.models import Spelling, Word
from plainview.platform.search.terms import unspaced

NAMED, SAID = 0, 1
"""The shelves of words: of entries, of passages."""
SHORTEST = 3
NEAREST = 8
"""So many words stand in for one that may be a slip."""
LIKELIEST = 8
"""So many words stand in for one that is still being typed."""
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
    fresh = [word for word in words if word not in known and steps[word] > 0]
    Word.objects.bulk_create((Word(shelf=shelf, word=w) for w in fresh), ignore_conflicts=True)
    locked = rows.select_for_update().order_by("word")
    keys = {word: (key, count) for key, word, count in locked.values_list("pk", "word", "count")}
    by_step: dict[int, list[int]] = defaultdict(list)
    for word, (key, _count) in keys.items():
        by_step[steps[word]].append(key)
    for step, held in by_step.items():
        Word.objects.filter(pk__in=held).update(count=F("count") + step)
    most = 1 if shelf == SAID else 2
    Spelling.objects.bulk_create(
        (
            Spelling(key=key, word_id=keys[word][0])
            for word in fresh
            for key in typos.keys(word, min(most, typos.reach(word)))
            if keys[word][1] == 0
        ),
        batch_size=BATCH,
    )
    left = [key for word, (key, count) in keys.items() if count + steps[word] <= 0]
    Word.objects.filter(pk__in=left).delete()


def settle() -> None:
    """Drop words that no row has."""
    Word.objects.filter(count__lte=0).delete()


def beginning(start: str, shelf: int) -> list[str]:
    """The words of a shelf that begin so, the most frequent first; without the word itself."""
    rows = Word.objects.filter(shelf=shelf, word__gt=start, word__lt=start + "\U0010ffff")
    return list(rows.order_by("-count", "word").values_list("word", flat=True)[:LIKELIEST])


def near(said: Iterable[str], shelf: int) -> dict[str, list[str]]:
    """For each word those of a shelf that it may be a slip of, nearest first, itself included."""
    most = 1 if shelf == SAID else 2
    keys = {
        word: typos.keys(word, min(most, typos.reach(word))) for word in said if not unspaced(word)
    }
    wanted = {key for each in keys.values() for key in each}
    by_key: dict[int, set[tuple[str, int]]] = defaultdict(set)
    if wanted:
        rows = Spelling.objects.filter(key__in=wanted, word__shelf=shelf)
        for key, spelling, count in rows.values_list("key", "word__word", "word__count"):
            by_key[key].add((spelling, count))
    found: dict[str, list[str]] = {}
    for word, own in keys.items():
        reach = typos.reach(word)
        met = {each for key in own for each in by_key.get(key, ())}
        away = sorted((typos.distance(word, each, reach), -count, each) for each, count in met)
        found[word] = [each for steps, _count, each in away if steps <= reach][:NEAREST]
    return found
