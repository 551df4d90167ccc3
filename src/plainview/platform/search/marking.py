"""Showing where in a text the words of a query stand."""

from __future__ import annotations

import re

from plainview.platform.search import typos
from plainview.platform.search.terms import fold, unspaced, without_article, words

_WORD = re.compile(
    r"[^\s.,:;!?\u2026\u061f\u060c\"\u201c-\u201f\u2018\u00ab\u00bb()\[\]\u2013\u2014]+"
)


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is (or begins with, or nearly is) a word of `query`.

    The pieces joined are the text.
    """
    wanted = words(query)
    spaced = [word for word in wanted if not unspaced(word)]
    spans = [
        each.span()
        for each in _WORD.finditer(text)
        if any(_is(word, spaced) for word in words(each[0]))
    ]
    runs = [word for word in wanted if unspaced(word)]
    folded, places = _folded(text) if runs else ("", [])
    for run in runs:
        at = folded.find(run)
        while at >= 0:
            spans.append((places[at], places[at + len(run) - 1] + 1))
            at = folded.find(run, at + len(run))
    return list(_pieces(text, sorted(spans)))


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` folded character by character, and where each that came of it stood."""
    parts = [(fold(character), at) for at, character in enumerate(text)]
    return "".join(part for part, _ in parts), [at for part, at in parts for _ in part]


def _is(word: str, wanted: list[str]) -> bool:
    forms = {word, without_article(word)}
    return any(form.startswith(each) or typos.near(form, each) for each in wanted for form in forms)


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces
