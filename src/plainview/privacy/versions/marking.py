"""The words that changed within a clause, marked in both of its texts."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

_LETTERS = r"\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff"
"""Scripts that set no spaces between words: a letter is a word of its own."""
_TOKEN = re.compile(rf"<[^<>]*>|&#?\w+;|\s+|[{_LETTERS}]|[^\W{_LETTERS}]+|.", re.DOTALL)
_MOST = 4000
"""So many words of a passage are held against each other; a longer one is marked by lines."""


class Mark(NamedTuple):
    """An element around changed words, and what it says to whoever hears the page."""

    element: str
    said: str

    def around(self, words: str) -> str:
        """The words between the marks."""
        start, end = (
            f'<span class="visually-hidden">{it}</span>' for it in (f"[{self.said} ", "]")
        )
        return f"<{self.element}>{start}{words}{end}</{self.element}>"


def marked(before: str, after: str, gone: Mark, new: Mark) -> tuple[str, str]:
    """Two texts of a clause, as HTML elements, with what is gone and what is new marked in them.

    Only words are marked, never the elements around them; one text alone is left as it is.
    """
    if not before or not after:
        return before, after
    pair: tuple[list[str], list[str]] = ([], [])
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for same, old, other in _runs(*lines):
        if same:
            for side in pair:
                side += old
            continue
        words = [_TOKEN.findall("".join(each)) for each in (old, other)]
        long = max(map(len, words)) > _MOST
        runs = [(False, words[0], words[1])] if long else _runs(*words)
        for kept, one, two in runs:
            pair[0].append("".join(one) if kept else _around(one, gone))
            pair[1].append("".join(two) if kept else _around(two, new))
    return "".join(pair[0]), "".join(pair[1])


def _runs(old: list[str], new: list[str]) -> list[tuple[bool, list[str], list[str]]]:
    """Runs that are the same or differ; a space alone between two that differ parts nothing."""
    found: list[tuple[bool, list[str], list[str]]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = tag == "equal" and bool("".join(old[a:b]).strip())
        if found and not same and not found[-1][0]:
            found[-1][1].extend(old[a:b])
            found[-1][2].extend(new[c:d])
        else:
            found.append((same, old[a:b], new[c:d]))
    return found


def _around(tokens: list[str], mark: Mark) -> str:
    pieces = []
    for is_tag, run in groupby(tokens, key=lambda token: token.startswith("<")):
        text = "".join(run)
        pieces.append(text if is_tag or not text.strip() else _trimmed(text, mark))
    return "".join(pieces)


def _trimmed(text: str, mark: Mark) -> str:
    words = text.strip()
    start = text.index(words)
    return f"{text[:start]}{mark.around(words)}{text[start + len(words) :]}"
