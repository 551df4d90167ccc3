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
    """An unspaced run in which one character may be another, missing or too many."""
    if not unspaced(word) or not 3 <= len(word) <= LONGEST_SLIP:
        return None
    ways = []
    for out in range(len(word)):
        rest = [Term(word[i : i + 2]) for i in range(len(word) - 1) if out not in (i, i + 1)]
        if out == 1:
            rest.append(Term(word[0]))
        if out == len(word) - 2:
            rest.append(Term(word[-1]))
        ways.append(All(tuple(rest)))
    return Any(tuple(ways))
