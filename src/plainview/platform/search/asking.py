"""What is asked of the full-text index, in words that both engines are told in their own."""

from __future__ import annotations

from dataclasses import dataclass

from plainview.platform.search.terms import bigrams, unspaced, without_article

NAME = "\u00a6"
"""Before a term that stands in a name."""
WHOLE = "\u00ac"
"""Before a name as a whole, squeezed."""
LONGEST_SLIP = 20
"""Characters of an unspaced run in which one may be wrong: each is a way to ask."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term, or with `prefix` all that begin with it."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part at least."""

    parts: tuple[Ask, ...]


Ask = Term | All | Any


def fts5(ask: Ask) -> str:
    """As SQLite's MATCH has it."""
    if isinstance(ask, Term):
        text = ask.text.replace('"', "")
        return f'"{text}"*' if ask.prefix else f'"{text}"'
    word = " AND " if isinstance(ask, All) else " OR "
    return f"({word.join(fts5(part) for part in ask.parts)})"


def tsquery(ask: Ask) -> str:
    """As PostgreSQL's tsquery has it."""
    if isinstance(ask, Term):
        text = ask.text.replace("\\", "").replace("'", "")
        return f"'{text}':*" if ask.prefix else f"'{text}'"
    word = " & " if isinstance(ask, All) else " | "
    return f"({word.join(tsquery(part) for part in ask.parts)})"


def of_word(word: str, mark: str = "", *, prefix: bool = False) -> Ask:
    """A word as it stands: an unspaced run by all its bigrams, an Arabic one without article."""
    if unspaced(word):
        if len(word) == 1:
            return Term(mark + word)
        return All(tuple(Term(mark + each) for each in bigrams(word)))
    bare = without_article(word)
    found = Term(mark + word, prefix)
    return found if bare == word else Any((found, Term(mark + bare, prefix)))


def of_slip(word: str) -> Ask | None:
    """An unspaced run as it stands or with one character another, missing or too many."""
    if not unspaced(word) or not 3 <= len(word) <= LONGEST_SLIP:
        return None
    return _but_one(word, range(len(word)), range(len(word) - 1))


def _but_one(word: str, outs: range, pairs: range) -> All | Any:
    """The bigrams at `pairs` but those of one character at `outs`.

    In halves: what every character of a half leaves whole is asked for once, so that of n
    characters n log n terms are asked and not n times n.
    """
    if len(outs) == 1:
        out = outs.start
        rest = [word[i : i + 2] for i in pairs if out not in (i, i + 1)]
        rest += word[:1] if out == 1 else ""
        rest += word[-1:] if out == len(word) - 2 else ""
        return All(tuple(Term(each) for each in rest))
    middle = outs[len(outs) // 2]
    halves = (
        (range(outs.start, middle), range(middle, pairs.stop), range(pairs.start, middle)),
        (range(middle, outs.stop), range(pairs.start, middle - 1), range(middle - 1, pairs.stop)),
    )
    ways = []
    for half, whole, others in halves:
        some = _but_one(
            word, half, range(max(others.start, pairs.start), min(others.stop, pairs.stop))
        )
        sure = tuple(Term(word[i : i + 2]) for i in whole)
        ways.append(All(sure + (some.parts if isinstance(some, All) else (some,))))
    return Any(tuple(ways))
