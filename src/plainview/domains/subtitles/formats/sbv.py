"""SBV, as YouTube gives it, and its parent SubViewer: two times and a comma, then words."""

from __future__ import annotations

import re

from plainview.domains.subtitles.formats import markup, timing
from plainview.domains.subtitles.formats.cues import Cue, Draft

TIMES = re.compile(
    r"[ \t]*(\d{1,3}:\d{1,2}:[^\s,]{1,12}),[ \t]?(\d{1,3}:\d{1,2}:[^\s,]{1,12})[ \t]*"
)
_BREAK = re.compile(r"\[br\]", re.IGNORECASE)


def parse(text: str, draft: Draft) -> None:
    """Add the cues of an SBV or SubViewer file: each is what stands up to the next line of times.

    What stands before the first is SubViewer's head.
    """
    lines = text.split("\n")
    starts = [(at, found) for at, line in enumerate(lines) if (found := TIMES.fullmatch(line))]
    for (at, found), following in zip(
        starts, [*(after for after, _ in starts[1:]), len(lines)], strict=True
    ):
        begin, end = timing.parse_time(found[1]), timing.parse_time(found[2])
        if begin is None or end is None:
            draft.note(f"line {at + 1}: the times can’t be read; left out")
            continue
        said = _BREAK.sub("\n", "\n".join(lines[at + 1 : following]))
        if words := draft.words(markup.parse(said, html_like=True), at + 1):
            draft.add(Cue(begin, end, words), at + 1)
