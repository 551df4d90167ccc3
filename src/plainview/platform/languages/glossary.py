"""What the words of the trade are called in each language, so that one thing has one name.

`glossary/<tag>.tsv` has a term of the first language, its translations with a comma between them,
and a note.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent / "glossary"
_APART = re.compile(r"[,،、/;]")


class Term(NamedTuple):
    """A term, what it is called, and what one should know."""

    term: str
    said: tuple[str, ...]
    note: str

    def used(self, text: str) -> bool:
        """Whether a translation has one of its names, whatever its case and ending."""
        folded = text.casefold()
        return any(_stem(each) in folded for each in self.said)


@lru_cache(maxsize=16)
def terms(language: str) -> tuple[Term, ...]:
    """The glossary of a language; none where there is no file."""
    path = FOLDER / f"{language}.tsv"
    if not path.exists():
        return ()
    rows = csv.reader(path.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Term(row[0], tuple(each.strip() for each in _APART.split(row[1])), "".join(row[2:3]))
        for row in rows
        if len(row) > 1
    )


def of(language: str, source: str) -> list[Term]:
    """The terms that an original speaks of, the longest first."""
    found = [each for each in terms(language) if _spoken(each.term).search(source)]
    return sorted(found, key=lambda each: -len(each.term))


@lru_cache(maxsize=1024)
def _spoken(term: str) -> re.Pattern[str]:
    bare = re.sub(r"\s*\([^)]*\)", "", term)
    return re.compile(rf"\b{re.escape(bare)}(?:s|es|d|ed|ing)?\b", re.IGNORECASE)


def _stem(word: str) -> str:
    """A word without the end that inflects; short ones and those of Han are whole."""
    folded = re.sub(r"\s*\([^)]*\)", "", word).casefold()
    return folded if len(folded) < 5 or not folded.isascii() else folded[:-2]
