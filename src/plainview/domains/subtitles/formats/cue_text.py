"""WebVTT cue text by the specification's tokenizer and tree (W3C WebVTT, sections 6.4 and 6.5)."""

from __future__ import annotations

import html
import re

from plainview.domains.subtitles.formats import markup
from plainview.domains.subtitles.formats.markup import Layer, Run

_TOKEN = re.compile(r"<([^>]*)(?:>|\Z)|[^<]+", re.DOTALL)
_NAMES = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
_DEEPEST = 32
"""Tags within tags that count; no subtitle needs more, and a hostile one has a million."""


def runs(text: str) -> list[Run]:
    """Runs of cue text; a tag that is not WebVTT's is dropped, what stands in it stays.

    An end tag closes only the element that is open innermost; `</ruby>` also closes a gloss in it.
    A bracket that is never closed takes the rest of the text with it, as in every player.
    """
    found: list[Run] = []
    open_tags: list[Layer] = []
    rubies = 0
    for token in _TOKEN.finditer(text):
        if token[1] is None:
            found.append((markup.ordered(open_tags), html.unescape(token[0])))
            continue
        inner = token[1]
        if inner.startswith("/"):
            _close(open_tags, inner[1:].strip("\t\n\f\r "))
            continue
        name, classes, says = _start(inner)
        if name not in _NAMES or len(open_tags) >= _DEEPEST:
            continue
        if name == "rt" and (not open_tags or open_tags[-1][0] != "ruby"):
            continue
        if name == "ruby":
            outer = [number for kind, number in open_tags if kind == "ruby"]
            rubies += not outer
            says = outer[0] if outer else str(rubies)  # one within another goes on with it
        elif name == "v":
            says = markup.voice_name(f" {says}")  # whose classes stand apart already
        elif name == "c":
            says = markup.class_names(classes)
        elif name == "lang":
            says = markup.language_name(says)
        else:
            says = ""
        open_tags.append((name, says))
    return found


def _start(inner: str) -> tuple[str, str, str]:
    """Name, classes and annotation of a start tag; a time stamp has no name."""
    head, _, annotation = re.sub(r"[\t\n\f\r]", " ", inner).partition(" ")
    name, _, classes = head.partition(".")
    return name, classes, annotation


def _close(open_tags: list[Layer], name: str) -> None:
    if not open_tags:
        return
    if open_tags[-1][0] == name:
        open_tags.pop()
    elif name == "ruby" and open_tags[-1][0] == "rt":
        del open_tags[-2:]
