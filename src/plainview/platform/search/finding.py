"""Finding things by name: a question is asked strictly, and more loosely if that finds little.

Nothing about whoever asks is known here, so that everybody is given the same order (P2.1.3a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any as Anything
from typing import TypeVar

from plainview.platform.search import vocabulary
from plainview.platform.search.asking import NAME, WHOLE, All, Any, Ask, Term, of_slip, of_word
from plainview.platform.search.models import Entry, Window
from plainview.platform.search.terms import bigrams, squeezed, unspaced, words
from plainview.platform.search.vocabulary import NAMED, Near

MOST_WORDS = 12
ENOUGH = 10
"""With so many answers nothing looser is asked."""
MOST = 200
"""So many answers to each way of asking are ranked, the newest of them; nobody pages further."""
SHORTEST_PREFIX = 2
MOST_WAYS = 12
"""So many choices of words are asked for where not all can be had."""
HALF = 0.45
"""What is asked instead of all words has so much of their weight."""
BEGUN, SLIPPED = 1, 2
ANYWHERE, MISSING = 4, 1000
"""How far away a word is that begins another, and of which one slip was made; how much more each
weighs outside of the name; how far one is that is not there."""

Visible = Callable[[set[int]], Iterable[int]]
"""Which of these keys may be seen by whoever asks."""
R = TypeVar("R", bound=tuple[Anything, ...])
Row = tuple[int, str, int, int, str]
"""An entry: its number, kind, ref, size and terms."""


@dataclass(frozen=True, slots=True)
class Things:
    """(kind, ref) of what was found, best first.

    `meant` is the question as it is probably spelled, where only that was found; else empty.
    """

    found: list[tuple[str, int]]
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """The words of a query as the index has them; `open` if the last is still being typed."""

    words: tuple[str, ...]
    whole: str
    open: bool

    @classmethod
    def of(cls, query: str) -> Question:
        return cls(tuple(words(query)[:MOST_WORDS]), squeezed(query), query[-1:].isalnum())


def find(query: str, visible: Mapping[str, Visible]) -> Things:
    """The things that `query` names, by kind those that are `visible`, best first.

    First comes what is called exactly so, then names that begin so, names with all the words,
    whatever has all the words with what belongs to it; whole words before beginnings. If that is
    little, what has them but for slips of the finger; if it is nothing, what has most of them.
    Within each the shortest name comes first, then the newest.
    """
    question = Question.of(query)
    if not question.words:
        return Things([])
    strict = (
        Term(WHOLE + question.whole, prefix=True),
        every(question.words, NAME, prefix=False),
        every(question.words, NAME),
        every(question.words),
    )
    rows = _entries(strict, visible)
    found = dict.fromkeys(_ranked(rows, lambda terms: _fit(terms, question)))
    if len(found) >= ENOUGH:
        return Things([*found][:MOST])
    near, plain = vocabulary.near(question.words, NAMED), bool(found)
    rows = _entries(_looser(question.words, near, plain=plain), visible)
    slips = {row[4]: _slips(f" {row[4]} ", question, near) for row in rows}
    if rows and not plain:
        least = min(slips.values()) // MISSING
        rows = [row for row in rows if slips[row[4]] // MISSING == least]
    found |= dict.fromkeys(_ranked(rows, lambda terms: slips[terms[1:-1]]))
    return Things([*found], "" if plain or not found else meant(question.words, near))


def called(names: Iterable[str], kind: str) -> list[int]:
    """The refs of those of a kind whose name begins so, squeezed; of each the newest `ENOUGH`."""
    asks = tuple(Term(WHOLE + name, prefix=True) for name in names)
    if not asks:
        return []
    rows = Entry.objects.filter(kind=kind, terms__answers=Window(asks, ENOUGH)).order_by("-id")
    return list(rows.values_list("ref", flat=True))


def _ranked(rows: Iterable[Row], fit: Callable[[str], int]) -> list[tuple[str, int]]:
    fits = [(fit(f" {terms} "), size, -ref, kind) for _id, kind, ref, size, terms in rows]
    return [(kind, -ref) for _fit, _size, ref, kind in sorted(fits)]


def _entries(asks: tuple[Ask, ...], visible: Mapping[str, Visible]) -> list[Row]:
    return reached(asks, _window, lambda rows: _seen(rows, visible))


def reached(
    asks: tuple[Ask, ...],
    window: Callable[[tuple[Ask, ...], int | None], list[R]],
    seen: Callable[[list[R]], list[R]],
) -> list[R]:
    """What answers one of `asks` and may be seen, of each the newest `MOST` or some more.

    `window` has the newest `MOST` rows for each of some asks, of those before a number; a row's
    number comes first in it. `seen` leaves those of them that may be seen.
    """
    if not asks:
        return []
    rows = window(asks, None)
    found = seen(rows)
    if len(rows) < MOST or len(found) >= ENOUGH:
        return found
    for ask in asks:  # what may be seen is behind a great many that may not
        before = None
        while len(more := window((ask,), before)) == MOST and len(found) < MOST:
            found += seen(more)
            before = more[-1][0]
        found += seen(more)
    return [*dict.fromkeys(found)]


def _window(asks: tuple[Ask, ...], before: int | None) -> list[Row]:
    rows = Entry.objects.filter(terms__answers=Window(asks, MOST, before)).order_by("-id")
    return list(rows.values_list("id", "kind", "ref", "size", "terms"))


def _seen(rows: list[Row], visible: Mapping[str, Visible]) -> list[Row]:
    refs: dict[str, set[int]] = {}
    for _id, kind, ref, _size, _terms in rows:
        refs.setdefault(kind, set()).add(ref)
    seen = {kind: set(visible[kind](each)) for kind, each in refs.items() if kind in visible}
    return [row for row in rows if row[2] in seen.get(row[1], ())]


def _fit(terms: str, question: Question) -> int:
    """How closely an entry that has all the words is what was asked for; 0 is best."""
    if f" {WHOLE}{question.whole} " in terms:
        return 0
    if f" {WHOLE}{question.whole}" in terms:
        return 1
    return 2 + sum(_away(terms, word) for word in question.words)


def _away(terms: str, word: str) -> int:
    """0 for a word that stands in the name, more for one that only begins so or is elsewhere."""
    if unspaced(word):
        ways = bigrams(word) or [word]
        return 0 if all(f" {NAME}{each} " in terms for each in ways) else ANYWHERE
    if f" {NAME}{word} " in terms:
        return 0
    if f" {NAME}{word}" in terms:
        return 1
    return ANYWHERE if f" {word} " in terms else ANYWHERE + 1


def _slips(terms: str, question: Question, near: dict[str, Near]) -> int:
    """How many slips stand between an entry and the words; those outside of a name weigh more."""
    asked = question.words
    joined = {
        word for one, other in pairwise(asked) for word in (one, other) if f" {one}{other}" in terms
    }
    return sum(1 if word in joined else _slip(terms, word, near) for word in asked)


def _slip(terms: str, word: str, near: dict[str, Near]) -> int:
    for mark, weight in ((NAME, 1), ("", ANYWHERE)):
        if unspaced(word):
            ways = bigrams(word) or [word]
            missing = sum(f" {mark}{each} " not in terms for each in ways)
            if missing < len(ways):
                return missing * weight
            continue
        if f" {mark}{word}" in terms:
            return weight - 1 if f" {mark}{word} " in terms else weight - 1 + BEGUN
        for steps, each in enumerate(near[word].spellings, SLIPPED):
            if f" {mark}{each} " in terms:
                return steps * weight + weight - 1
    return MISSING


def _looser(asked: tuple[str, ...], near: dict[str, Near], *, plain: bool) -> tuple[Ask, ...]:
    """Ways to ask again. Where all words as they stand found something, none that is known slips.

    Else each may, two neighbours may be one word, and not all need be there.
    """
    ways = [slipped(asked, near, keep=True)]
    if not plain:
        ways += [slipped(asked, near, keep=False), _joined(asked), *most_of(asked, near)]
    return tuple(dict.fromkeys(way for way in ways if way is not None))


def every(asked: tuple[str, ...], mark: str = "", *, prefix: bool = True) -> Ask:
    """All the words, each as it stands or, with `prefix`, as the beginning of another."""
    return All(
        tuple(of_word(each, mark, prefix=prefix and len(each) >= SHORTEST_PREFIX) for each in asked)
    )


def slipped(
    asked: tuple[str, ...], near: dict[str, Near], *, keep: bool, prefix: bool = True
) -> Ask | None:
    """All the words or what each may be a slip of; None if none can be.

    With `keep`, only the words that nothing is spelled like may be slips.
    """
    parts = [_or_near(word, near, keep=keep, prefix=prefix) for word in asked]
    slips = any(isinstance(part, Any) and len(part.parts) > 1 for part in parts)
    return All(tuple(parts)) if slips else None


def _or_near(word: str, near: dict[str, Near], *, keep: bool, prefix: bool) -> Ask:
    if (slip := of_slip(word)) is not None:
        return slip
    ways: list[Ask] = [of_word(word, prefix=prefix and len(word) >= SHORTEST_PREFIX)]
    close = near[word].spellings if word in near else []
    if not (keep and word in close):
        ways += [Term(each) for each in close if each != word]
    return Any(tuple(ways))


def most_of(
    asked: tuple[str, ...], near: dict[str, Near], *, prefix: bool = True
) -> tuple[Ask, ...]:
    """What has not all of the words but those that weigh most: a rare word weighs more.

    One way to ask for each number of words that are left out: none but unknown ones, one, two.
    """
    weights = {word: vocabulary.weight(word, near) for word in asked}
    known = tuple(word for word in dict.fromkeys(asked) if weights[word])
    least = HALF * sum(weights[word] for word in known)
    parts = {word: _or_near(word, near, keep=True, prefix=prefix) for word in known}
    ways: list[Ask] = []
    for out in range(0 if len(known) < len(asked) else 1, min(3, len(known))):
        choices = {
            chosen: sum(weights[word] for word in chosen)
            for chosen in combinations(known, len(known) - out)
        }
        best = sorted((each for each in choices if choices[each] >= least), key=choices.__getitem__)
        if some := [All(tuple(parts[word] for word in each)) for each in best[-MOST_WAYS:]]:
            ways.append(Any(tuple(some)))
    return tuple(ways)


def _joined(asked: tuple[str, ...]) -> Ask | None:
    """All the words with two neighbours as one; None if there is one word alone."""
    ways = [
        every((*asked[:at], asked[at] + asked[at + 1], *asked[at + 2 :]))
        for at in range(len(asked) - 1)
        if not unspaced(asked[at]) and not unspaced(asked[at + 1])
    ]
    return Any(tuple(ways)) if ways else None


def meant(asked: tuple[str, ...], near: dict[str, Near]) -> str:
    """The words with what each is probably a slip of, without those that nothing is like."""
    known = [word for word in asked if unspaced(word) or near[word].spellings] or asked
    other = [[*near[word].spellings, word][0] if word in near else word for word in known]
    return " ".join(other) if tuple(other) != asked else ""
