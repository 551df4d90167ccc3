"""Finding: a question is asked ever more loosely until enough answers are there, best first.

Nothing about whoever asks is known here, so that everybody is given the same order (P2.1.3a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from plainview.platform.search import vocabulary
from plainview.platform.search.asking import (
    NAME,
    WHOLE,
    All,
    Any,
    Ask,
    Term,
    of_slip,
    of_word,
)
from plainview.platform.search.models import Entry, Passage, Window
from plainview.platform.search.terms import bigrams, squeezed, unspaced, words
from plainview.platform.search.vocabulary import NAMED, SAID

MOST_WORDS = 12
ENOUGH = 10
"""With so many answers nothing looser is asked."""
MOST = 1000
"""So many answers are ranked, the newest of them; nobody pages further."""
SHORTEST_PREFIX = 2

Visible = Callable[[set[int]], Iterable[int]]
"""Which of these keys may be seen by whoever asks."""


@dataclass(frozen=True, slots=True)
class Things:
    """(kind, ref) of what was found, best first.

    `meant` is the question as it is probably spelled, where only that was found; else empty.
    """

    found: list[tuple[str, int]]
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """(scope, line) of what was found said, best first; `meant` as of things."""

    found: list[tuple[int, int]]
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
    whatever has all the words with what belongs to it, and last what has them but for slips of the
    finger; within each the shortest name, then the newest.
    """
    question = Question.of(query)
    if not question.words:
        return Things([])
    found: dict[tuple[str, int], None] = {}
    for ask in (
        Term(WHOLE + question.whole),
        Term(WHOLE + question.whole, prefix=True),
        _every(question.words, NAME, prefix=False),
        _every(question.words, NAME),
        _every(question.words),
    ):
        if len(found) < MOST:
            found |= _ranked(ask, visible, lambda terms: _fit(terms, question))
    meant = ""
    if len(found) < ENOUGH:
        near, plain = vocabulary.near(question.words, NAMED), bool(found)
        for loose in _looser(question.words, near, plain=plain):
            if loose is not None and (len(found) < ENOUGH if plain else not found):
                found |= _ranked(loose, visible, lambda terms: _slips(terms, question, near))
        meant = "" if plain or not found else _meant(question.words, near)
    return Things(list(found)[:MOST], meant)


def _looser(
    asked: tuple[str, ...], near: dict[str, list[str]], *, plain: bool
) -> Iterator[Ask | None]:
    """Ways to ask again. Where a word as it stands found something, it is no slip (`plain`).

    Last of all the words that there are no others like are left out.
    """
    yield _slipped(asked, near, keep=True)
    if not plain:
        yield _slipped(asked, near, keep=False)
        yield _joined(asked)
        known = _known(asked, near)
        if 0 < len(known) < len(asked):
            yield _slipped(known, near, keep=True) or _every(known)
            yield _every(known)


def _known(asked: tuple[str, ...], near: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(word for word in asked if unspaced(word) or near.get(word))


def _ranked(
    ask: Ask, visible: Mapping[str, Visible], fit: Callable[[frozenset[str]], int]
) -> dict[tuple[str, int], None]:
    fits = [
        (fit(frozenset(terms.split(" "))), size, -ref, kind)
        for kind, ref, size, terms in _entries(ask, visible)
    ]
    return {(kind, -ref): None for _, _, ref, kind in sorted(fits)}


def _entries(ask: Ask, visible: Mapping[str, Visible]) -> list[tuple[str, int, int, str]]:
    """The newest visible entries that answer, `MOST` or some more."""
    found: list[tuple[str, int, int, str]] = []
    before = None
    while True:
        rows = list(
            Entry.objects.filter(terms__answers=Window(ask, MOST, before))
            .order_by("-id")
            .values_list("id", "kind", "ref", "size", "terms")
        )
        refs: dict[str, set[int]] = {}
        for _id, kind, ref, _size, _terms in rows:
            refs.setdefault(kind, set()).add(ref)
        seen = {kind: set(visible[kind](each)) for kind, each in refs.items() if kind in visible}
        found += [row[1:] for row in rows if row[2] in seen.get(row[1], ())]
        if len(rows) < MOST or len(found) >= MOST:
            return found
        before = rows[-1][0]


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


def said(query: str, visible: Visible, most: int = 200) -> Lines:
    """The lines of what is `visible` in which `query` is said, best first.

    Lines that hold every word come first, then those where the last word only begins so, then
    those that hold them but for slips of the finger; within each the shortest of the newest.
    """
    question = Question.of(query)
    asked = _sayable(question.words)
    if not asked or len(question.whole) < SHORTEST_PREFIX:
        return Lines([])
    found = dict.fromkeys(_heard(_every(asked, prefix=False), visible))
    if question.open and len(found) < ENOUGH and not unspaced(asked[-1]):
        others = [Term(word) for word in vocabulary.beginning(asked[-1], SAID)]
        ends = Any((of_word(asked[-1]), *others))
        found |= dict.fromkeys(_heard(All((*map(of_word, asked[:-1]), ends)), visible))
    meant = ""
    if len(found) < ENOUGH:
        near, plain = vocabulary.near(asked, SAID), bool(found)
        for keep in (True,) if plain else (True, False):
            ask = _slipped(asked, near, keep=keep, prefix=False)
            if ask is not None and (len(found) < ENOUGH if plain else not found):
                found |= dict.fromkeys(_heard(ask, visible))
        meant = "" if plain or not found else _meant(asked, near)
    return Lines(list(found)[:most], meant)


def _sayable(asked: tuple[str, ...]) -> tuple[str, ...]:
    """Words as lines have them: lone characters of a script without spaces are put together."""
    joined: list[str] = []
    for word in asked:
        if unspaced(word) and joined and unspaced(joined[-1]) and len(joined[-1]) + len(word) < 4:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def _heard(ask: Ask, visible: Visible) -> list[tuple[int, int]]:
    """(scope, line) of the newest visible lines that answer, the shortest first."""
    found: list[tuple[int, int, int]] = []
    before = None
    while True:
        rows = list(
            Passage.objects.filter(terms__answers=Window(ask, MOST, before))
            .order_by("-id")
            .values_list("id", "scope", "size")
        )
        seen = set(visible({scope for _id, scope, _size in rows})) if rows else set()
        found += [(size, -line, scope) for line, scope, size in rows if scope in seen]
        if len(rows) < MOST or len(found) >= MOST:
            return [(scope, -line) for _size, line, scope in sorted(found)]
        before = rows[-1][0]


def _every(asked: tuple[str, ...], mark: str = "", *, prefix: bool = True) -> Ask:
    """All the words, each as it stands or, with `prefix`, as the beginning of another."""
    return All(
        tuple(of_word(each, mark, prefix=prefix and len(each) >= SHORTEST_PREFIX) for each in asked)
    )


def _slipped(
    asked: tuple[str, ...], near: dict[str, list[str]], *, keep: bool, prefix: bool = True
) -> Ask | None:
    """All the words or what each may be a slip of; None if none can be.

    With `keep`, only the words that nothing is spelled like may be slips.
    """
    parts: list[Ask] = []
    slips = False
    for word in asked:
        others: list[Ask] = [of_word(word, prefix=prefix and len(word) >= SHORTEST_PREFIX)]
        close = near.get(word, [])
        if not (keep and word in close):
            others += [Term(each) for each in close if each != word]
            if (slip := of_slip(word)) is not None:
                others.append(slip)
        slips = slips or len(others) > 1
        parts.append(Any(tuple(others)))
    return All(tuple(parts)) if slips else None


def _joined(asked: tuple[str, ...]) -> Ask | None:
    """All the words with two neighbours as one; None if there is one word alone."""
    ways = [
        _every((*asked[:at], asked[at] + asked[at + 1], *asked[at + 2 :]))
        for at in range(len(asked) - 1)
        if not unspaced(asked[at]) and not unspaced(asked[at + 1])
    ]
    return Any(tuple(ways)) if ways else None


def _meant(asked: tuple[str, ...], near: dict[str, list[str]]) -> str:
    """The words with what each is probably a slip of, without those that nothing is like."""
    other = [(near.get(word) or [word])[0] for word in _known(asked, near) or asked]
    return " ".join(other) if tuple(other) != asked else ""
