"""Finding what was said: lines that hold every word first, then those that hold most of them.

Nothing about whoever asks is known here, so that everybody is given the same order (P2.1.3a).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plainview.platform.search import vocabulary
from plainview.platform.search.asking import All, Any, Ask, Term, of_word
from plainview.platform.search.finding import (
    ENOUGH,
    MOST,
    SHORTEST_PREFIX,
    Question,
    Visible,
    every,
    meant,
    most_of,
    reached,
    slipped,
)
from plainview.platform.search.models import Passage, Window
from plainview.platform.search.terms import bigrams, unspaced
from plainview.platform.search.vocabulary import SAID, Near

MOST_LOOSE = 30
"""So many lines are shown that hold only most of the words."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was found: what it is of, its number, and its language."""

    scope: int
    id: int
    language: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines in which a query is said, best first; `meant` as of things."""

    found: list[Line]
    meant: str = ""


Row = tuple[int, int, str, int, str]
"""A passage: its number, scope, language, size and terms."""


def said(query: str, visible: Visible, most: int = 200) -> Lines:
    """The lines of what is `visible` in which `query` is said, best first.

    Lines that hold every word come first, then those where the last word only begins so, then
    those that hold them but for slips of the finger, then those that hold most of them. Within
    each those where the words follow one another, then the shortest of the newest.
    """
    question = Question.of(query)
    asked = _sayable(question.words)
    if not asked or len(question.whole) < SHORTEST_PREFIX:
        return Lines([])
    rows = _heard((every(asked, prefix=False),), visible)
    phrase = _phrase(asked)
    found = dict.fromkeys(_ranked(rows, lambda terms: phrase not in terms))
    if len(found) < ENOUGH and question.open and not unspaced(asked[-1]):
        others = [Term(word) for word in vocabulary.beginning(asked[-1], SAID)]
        if others:
            rows = _heard((All((*map(of_word, asked[:-1]), Any(tuple(others)))),), visible)
            found |= dict.fromkeys(_ranked(rows, lambda terms: phrase[:-1] not in terms))
    if len(found) >= ENOUGH:
        return Lines([*found][:most])
    near, plain = vocabulary.near(asked, SAID), bool(found)
    rows = _heard(_looser(asked, near, plain=plain), visible)
    loose = _ranked(rows, lambda terms: -_weight(terms, asked, near))
    found |= dict.fromkeys(loose[:MOST_LOOSE])
    return Lines([*found][:most], "" if plain or not found else meant(asked, near))


def _looser(asked: tuple[str, ...], near: dict[str, Near], *, plain: bool) -> tuple[Ask, ...]:
    ways = [slipped(asked, near, keep=True, prefix=False)]
    if not plain:
        ways.append(slipped(asked, near, keep=False, prefix=False))
    ways += most_of(asked, near, prefix=False)
    return tuple(dict.fromkeys(way for way in ways if way is not None))


def _sayable(asked: tuple[str, ...]) -> tuple[str, ...]:
    """Words as lines have them: lone characters of a script without spaces are put together."""
    joined: list[str] = []
    for word in asked:
        if unspaced(word) and joined and unspaced(joined[-1]) and len(joined[-1]) + len(word) < 4:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


def _heard(asks: tuple[Ask, ...], visible: Visible) -> list[Row]:
    return reached(asks, _window, lambda rows: _seen(rows, visible))


def _window(asks: tuple[Ask, ...], before: int | None) -> list[Row]:
    rows = Passage.objects.filter(terms__answers=Window(asks, MOST, before)).order_by("-id")
    return list(rows.values_list("id", "scope", "language", "size", "terms"))


def _seen(rows: list[Row], visible: Visible) -> list[Row]:
    scopes = set(visible({row[1] for row in rows})) if rows else set()
    return [row for row in rows if row[1] in scopes]


def _ranked(rows: Iterable[Row], fit: Callable[[str], float]) -> list[Line]:
    fits = [
        (fit(f" {terms} "), size, -line, scope, language)
        for line, scope, language, size, terms in rows
    ]
    return [Line(scope, -line, language) for _fit, _size, line, scope, language in sorted(fits)]


def _phrase(asked: tuple[str, ...]) -> str:
    """The terms of these words as they stand in a line where they follow one another."""
    parts = (bigrams(word) or [word] if unspaced(word) else [word] for word in asked)
    return f" {' '.join(dict.fromkeys(term for part in parts for term in part))} "


def _weight(terms: str, asked: tuple[str, ...], near: dict[str, Near]) -> float:
    """How much of the words, by what they weigh, a line holds; a slip of one is a part of it."""
    return sum(_held(terms, word, near) * vocabulary.weight(word, near) for word in asked)


def _held(terms: str, word: str, near: dict[str, Near]) -> float:
    if unspaced(word):
        ways = bigrams(word) or [word]
        return sum(f" {each} " in terms for each in ways) / len(ways)
    for steps, each in enumerate(dict.fromkeys((word, *near[word].spellings))):
        if f" {each} " in terms:
            return 1 / (1 + steps / 4)
    return 0
