"""Finding: a question is asked ever more loosely until enough answers are there, best first.

Nothing about whoever asks is known here, so that everybody is given the same order (P2.1.3a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from plainview.platform.search import typos
from plainview.platform.search.asking import NAME, WHOLE, All, Any, Ask, Term, of_slip, of_word
from plainview.platform.search.models import Entry, Passage, Spelling
from plainview.platform.search.shelves import NAMED, SAID
from plainview.platform.search.terms import bigrams, squeezed, unspaced, words

MOST_WORDS = 12
ENOUGH = 10
"""With so many answers nothing looser is asked."""
MOST = 1000
"""So many answers are ranked; nobody pages further."""
NEAREST = 8
"""So many words stand in for one that may be a slip."""
SHORTEST_PREFIX = 2


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a query as the index has them."""

    words: tuple[str, ...]
    whole: str

    @classmethod
    def of(cls, query: str) -> Question:
        return cls(tuple(words(query)[:MOST_WORDS]), squeezed(query))


def find(query: str, among: QuerySet[Entry]) -> list[tuple[str, int]]:
    """The things that `query` names among these entries, best first: `kind` and `ref` of each.

    First comes what is called exactly so, then names that begin so, names with all the words,
    whatever has all the words with what belongs to it, and last what has them but for slips of the
    finger; within each the shortest name, then the newest.
    """
    question = Question.of(query)
    if not question.words:
        return []
    found: dict[tuple[str, int], None] = {}
    for ask in (
        Term(WHOLE + question.whole, prefix=True),
        _every(question.words, NAME),
        _every(question.words),
    ):
        if len(found) < MOST:
            found |= _ranked(among, ask, lambda terms: _fit(terms, question))
    if len(found) < ENOUGH:
        near = _near(question.words, NAMED)
        for keep in (True, False):
            slip = _slipped(question.words, near, keep=keep)
            if slip is not None and len(found) < ENOUGH:
                found |= _ranked(among, slip, lambda terms: _slips(terms, question, near))
    return list(found)[:MOST]


def _ranked(
    among: QuerySet[Entry], ask: Ask, fit: Callable[[frozenset[str]], int]
) -> dict[tuple[str, int], None]:
    rows = among.filter(terms__answers=ask).values_list("kind", "ref", "size", "terms")
    fits = [(fit(frozenset(terms.split(" "))), size, -ref, kind) for kind, ref, size, terms in rows]
    return {(kind, -ref): None for _, _, ref, kind in sorted(fits)}


def _fit(terms: frozenset[str], question: Question) -> int:
    """How closely an entry that has all the words is what was asked for; 0 is best."""
    if WHOLE + question.whole in terms:
        return 0
    if any(term.startswith(WHOLE + question.whole) for term in terms):
        return 1
    exact = [word for word in question.words if NAME + word in terms]
    return 2 + len(question.words) - len(exact)


def _slips(terms: frozenset[str], question: Question, near: dict[str, list[str]]) -> int:
    """How many slips stand between an entry and the words; those outside of a name weigh more."""
    away = 0
    for word in question.words:
        ways = bigrams(word) if unspaced(word) else [word, *near[word]]
        for mark, weight in ((NAME, 1), ("", 3)):
            if unspaced(word):
                missing = sum(mark + each not in terms for each in ways)
                if missing < len(ways):
                    away += missing * weight
                    break
            elif met := [n for n, each in enumerate(ways) if mark + each in terms]:
                away += min(met) * weight + weight - 1
                break
        else:
            away += 10
    return away


def said(query: str, among: QuerySet[Passage], most: int = 200) -> list[int]:
    """The lines among these in which `query` is said, best first: their numbers.

    Lines that hold every word come first, the shortest before, then those that do but for slips of
    the finger.
    """
    question = Question.of(query)
    if not question.words or len(question.whole) < SHORTEST_PREFIX:
        return []
    found = dict.fromkeys(_heard(among, _every(question.words), most))
    if len(found) < min(ENOUGH, most):
        near = _near(question.words, SAID)
        for keep in (True, False):
            ask = _slipped(question.words, near, keep=keep)
            if ask is not None and len(found) < min(ENOUGH, most):
                found |= dict.fromkeys(_heard(among, ask, most))
    return list(found)[:most]


def _heard(among: QuerySet[Passage], ask: Ask, most: int) -> list[int]:
    rows = among.filter(terms__answers=ask).order_by("size", "-id")
    return list(rows.values_list("id", flat=True)[:most])


def _every(said: tuple[str, ...], mark: str = "") -> Ask:
    """All the words, each as it stands or as the beginning of another."""
    return All(tuple(of_word(each, mark, prefix=len(each) >= SHORTEST_PREFIX) for each in said))


def _slipped(said: tuple[str, ...], near: dict[str, list[str]], *, keep: bool) -> Ask | None:
    """All the words or what each may be a slip of; None if none can be.

    With `keep`, only the words that nothing is spelled like may be slips.
    """
    parts: list[Ask] = []
    slips = False
    for word in said:
        others: list[Ask] = [of_word(word, prefix=len(word) >= SHORTEST_PREFIX)]
        close = near.get(word, [])
        if not (keep and word in close):
            others += [Term(each) for each in close if each != word]
            if (slip := of_slip(word)) is not None:
                others.append(slip)
        slips = slips or len(others) > 1
        parts.append(Any(tuple(others)))
    return All(tuple(parts)) if slips else None


def _near(said: Iterable[str], shelf: int) -> dict[str, list[str]]:
    """For each word those of a shelf that it may be a slip of, nearest first, itself included."""
    most = 1 if shelf == SAID else 2
    keys = {
        word: typos.keys(word, min(most, typos.reach(word))) for word in said if not unspaced(word)
    }
    wanted = {key for each in keys.values() for key in each}
    by_key: dict[int, set[str]] = {}
    rows = (
        Spelling.objects.filter(shelf=shelf, key__in=wanted) if wanted else Spelling.objects.none()
    )
    for key, spelling in rows.values_list("key", "word"):
        by_key.setdefault(key, set()).add(spelling)
    near: dict[str, list[str]] = {}
    for word, own in keys.items():
        reach = typos.reach(word)
        met = {each for key in own for each in by_key.get(key, ())}
        away = sorted((typos.distance(word, each, reach), each) for each in met)
        near[word] = [each for steps, each in away if steps <= reach][:NEAREST]
    return near
