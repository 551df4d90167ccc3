"""WebVTT in and out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plainview.domains.subtitles.formats import direction, markup, timing
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.placing import canonical_settings

_LANGUAGE = re.compile(r"Language:[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6})[ \t]*")

_BRACKETS = re.compile("[<>]")


def parse(text: str, draft: Draft) -> None:
    """Add the cues of a WebVTT file; style sheets, regions and comments are left out."""
    for at, block in _blocks(text.split("\n")):
        arrow = next((n for n in range(min(2, len(block))) if "-->" in block[n]), None)
        if at == 0:
            _header(block if arrow is None else block[:arrow], draft)
        if arrow is None:
            if at and block[0].split()[:1] in (["STYLE"], ["REGION"]):
                draft.note(f"line {at + 1}: {block[0].split()[0]} blocks are left out")
            continue
        times = timing.parse_timing(block[arrow])
        if times is None:
            draft.note(f"line {at + arrow + 1}: the times can't be read; left out")
            continue
        words = markup.canonical("\n".join(block[arrow + 1 :]))
        name = canonical_identifier(block[0]) if arrow and at else ""
        if words:
            cue = Cue(times[0], times[1], words, canonical_settings(times[2]), name)
            draft.add(cue, at + arrow + 1)


def write_webvtt(cues: Iterable[Cue], language: str = "") -> str:
    """Cues as a WebVTT file, in the order of time; always valid, whatever the cues hold.

    Text is made canonical on the way; a cue without visible text or with senseless times is left
    out. In a language written from right to left, a line that players would take for a line from
    left to right is marked.
    """
    stated = _LANGUAGE.fullmatch(f"Language:{language}")
    parts = [f"WEBVTT\nLanguage: {language}\n" if stated else "WEBVTT\n"]
    for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)):
        words = direction.mark(markup.canonical(cue.text), language)
        if not words or not 0 <= cue.start_ms < cue.end_ms:
            continue
        name = canonical_identifier(cue.identifier)
        times = f"{timing.format_time(cue.start_ms)} --> {timing.format_time(cue.end_ms)}"
        settings = canonical_settings(cue.settings)
        first = f"{name}\n" if name else ""
        parts.append(f"{first}{times}{' ' if settings else ''}{settings}\n{words}\n")
    return "\n".join(parts)


def canonical_identifier(text: str) -> str:
    """A cue's identifier on one line, at most 100 characters, without angle brackets."""
    return " ".join(_BRACKETS.sub("", markup.clean(text)).split())[:100].strip()


def _header(block: list[str], draft: Draft) -> None:
    for line in block[1:]:
        if found := _LANGUAGE.fullmatch(line):
            draft.language = found[1]


def _blocks(lines: list[str]) -> Iterable[tuple[int, list[str]]]:
    """Blocks between blank lines, each with the index of its first line.

    A line of times begins a new block even if the blank line before it was forgotten.
    """
    start, block = 0, list[str]()
    for at, line in enumerate(lines):
        forgotten = len(block) > 1 and "-->" in line and timing.parse_timing(line) is not None
        if block and (not line.strip(" \t") or forgotten):
            yield start, block
            block = []
        if line.strip(" \t"):
            if not block:
                start = at
            block.append(line)
    if block:
        yield start, block
