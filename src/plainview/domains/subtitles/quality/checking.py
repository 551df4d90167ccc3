"""Checks of subtitles: what a viewer would stumble over, line by line and between lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple
from unicodedata import category

from plainview.domains.subtitles.quality.limits import Limits
from plainview.domains.subtitles.quality.measuring import measure_seen, visible

_TAG = re.compile(r"<(/?)(b|i|u|ruby|rt|v)\b[^<>]*>")
_DASH = re.compile(r"^\s*([-–—‐])(\s*)")
_PLAIN = {"hyphen": ("-", "-"), "hyphen-space": ("- ", "- ")}
_MARKS = {**_PLAIN, "second-hyphen": ("", "-"), "second-hyphen-space": ("", "- ")}
_SPACE_BEFORE = re.compile(r"\S [,.;:!?](?:\s|$)")
_SCREEN = re.compile(r"<c\.(?:[\w-]+\.)*screen(?:\.[\w-]+)*>(.*?)(?:</c>|\Z)", re.DOTALL)
"""Text that stands in the picture: a class of cue text says so."""
_ORDINALS = frozenset("ªº")
"""Letters without a case among letters that have one."""
_SPACED = frozenset({"fr"})
"""Languages that set a space before some marks."""
Weight = Literal["error", "warning"]


class Timed(NamedTuple):
    """A line to check: when it stands on the screen, in ms, and its cue text."""

    start_ms: int
    end_ms: int
    text: str


class Finding(NamedTuple):
    """One thing to mend in the line `at`: `code` names the check, `value` what it found."""

    at: int
    code: str
    weight: Weight
    value: float = 0


def check(lines: Sequence[Timed], language: str, limits: Limits) -> list[Finding]:
    """Every finding in lines that are in the order of time.

    Codes: empty, fast, long, tall, short, lasting, overlap, gap, tags, italics, screen, dash,
    space, edge.
    """
    found: list[Finding] = []
    for index, line in enumerate(lines):
        following = lines[index + 1].start_ms if index + 1 < len(lines) else None
        found += _of_times(index, line, following, limits)
        found += _of_text(index, line, language, limits)
    return found


def _of_times(index: int, line: Timed, following: int | None, limits: Limits) -> Iterator[Finding]:
    length = line.end_ms - line.start_ms
    if length < limits.min_ms:
        yield Finding(index, "short", "error", length)
    if length > limits.max_ms:
        yield Finding(index, "lasting", "error", length)
    if following is not None:
        gap = following - line.end_ms
        if gap < 0:
            yield Finding(index, "overlap", "error", -gap)
        elif gap < limits.min_gap_ms:
            yield Finding(index, "gap", "warning", gap)


def _of_text(index: int, line: Timed, language: str, limits: Limits) -> Iterator[Finding]:
    seen = visible(line.text)
    if not seen.strip():
        yield Finding(index, "empty", "warning")
        return
    size = measure_seen(seen, language)
    speed = round(size.units * 1000 / max(line.end_ms - line.start_ms, 1), 1)
    if speed > limits.cps:
        yield Finding(index, "fast", "error", speed)
    elif speed > limits.cps_warns:
        yield Finding(index, "fast", "warning", speed)
    if size.longest > limits.per_line:
        yield Finding(index, "long", "error", size.longest)
    if len(size.lines) > limits.lines:
        yield Finding(index, "tall", "error", len(size.lines))
    if "<" in line.text:
        if not _balanced(line.text):
            yield Finding(index, "tags", "error")
        if not limits.italics and "<i>" in line.text:
            yield Finding(index, "italics", "warning")
        said = [visible(each).strip() for each in _SCREEN.findall(line.text)]
        if not all(_set_as_screen(each, limits.screen) for each in said):
            yield Finding(index, "screen", "warning")
    yield from _of_marks(index, seen, language, limits)


def _of_marks(index: int, seen: str, language: str, limits: Limits) -> Iterator[Finding]:
    lines = seen.split("\n")
    if any(each != each.strip() for each in lines) or "  " in seen:
        yield Finding(index, "edge", "warning")
    elif language.partition("-")[0] not in _SPACED and _SPACE_BEFORE.search(seen):
        yield Finding(index, "space", "warning")
    dashes = [_DASH.match(each) for each in lines]
    if len(lines) == 2 and dashes[1]:
        first, second = _MARKS[limits.dialogue]
        said = ["-" + found[2] if found else "" for found in dashes]
        if [each.rstrip() for each in said] != [first.rstrip(), second.rstrip()] or (
            said[1] != second
        ):
            yield Finding(index, "dash", "warning")


def _set_as_screen(said: str, screen: str) -> bool:
    if screen == "capitals":
        kinds = {category(letter) for letter in said if letter not in _ORDINALS}
        return "Ll" not in kinds or "Lo" in kinds  # a script without capitals is set as it is
    return said[:1] == screen[:1] and said[-1:] == screen[1:]


def _balanced(text: str) -> bool:
    open_tags: list[str] = []
    for closing, name in _TAG.findall(text):
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return False
    return all(name in ("v", "rt") for name in open_tags)
