"""SubRip (SRT): a format without a rule book, read as the world writes it."""

from __future__ import annotations

import re
import unicodedata

from plainview.domains.subtitles.formats import frames, markup, timing
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.placing import settings_of_alignment

_OVERRIDE = re.compile(r"\{\\[^{}]{0,200}\}")
_EMPHASIS = re.compile(r"\{\\([biu])([01])\}")
_BRACES = re.compile(r"\{(/?[biu])\}", re.IGNORECASE)
_BREAK = re.compile(r"(?<![ \t])[ \t]*\\N[ \t]*")
_ARROW = re.compile(r"(?<=\d)[ \t]*(?:[→⟶➔⇒]|[—–−]{1,2}[>＞]|-{1,2}＞)[ \t]*(?=\d)")
_WIDE = re.compile(
    r"^[ \t]*[0-9０-９]{1,2}[：:][0-9０-９：:，．,. \t]{4,20}[^\n]{1,40}$", re.MULTILINE
)
_BRACKETED = re.compile(
    r"^[ \t]{0,9}\[([0-9:.,]{5,15} --> [0-9:.,]{5,15})\][ \t]{0,9}", re.MULTILINE
)
"""Times as Whisper prints them, in one line with their words."""
_FRAMED = re.compile(r"(\d{1,2}:\d\d:\d\d)[:;](\d\d)(?!\d)")
_HTML_BREAK = re.compile(r"(?<![ \t])[ \t]*<br[ \t]*/?>[ \t]*\n?", re.IGNORECASE)
_EXACT = re.compile(r"\d{2,}:\d\d:\d\d,\d{3} --> \d{2,}:\d\d:\d\d,\d{3}(?: +X1:.*)?")
_ALIGNMENT = re.compile(r"\\an([1-9])")


def with_arrows(text: str) -> str:
    """Text whose arrows between times, and the signs of times as wide as a character, are SRT's."""
    if "：" in text or "，" in text:
        text = _WIDE.sub(_narrow, text)
    text = _BRACKETED.sub(r"\1\n", text)
    return _ARROW.sub(" --> ", text)


def _narrow(line: re.Match[str]) -> str:
    """A line of times in narrow signs; one of words stays as it is."""
    said = _ARROW.sub(" --> ", unicodedata.normalize("NFKC", line[0]))
    return said if timing.parse_timing(said) is not None else line[0]


def parse(text: str, draft: Draft) -> None:
    """Add the cues of an SRT file.

    A cue is what stands between one line of times and the next; numbers and blank lines are not
    relied upon, since so many files get them wrong.
    """
    lines = with_arrows(text).split("\n")
    if any("-->" in line and _FRAMED.search(line) for line in lines):
        rate = frames.assumed(draft)
        lines = [_by_the_clock(line, rate) if "-->" in line else line for line in lines]
    odd: dict[str, list[int]] = {}
    starts = [at for at, line in enumerate(lines) if _begins(lines, at, line)]
    for at, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        times = timing.parse_timing(lines[at])
        if times is None:
            draft.note(f"line {at + 1}: the times can’t be read; left out")
            continue
        if not _EXACT.fullmatch(lines[at].strip(" ")):
            odd.setdefault("times written otherwise than SRT does", []).append(at + 1)
        if at == 0 or not lines[at - 1].strip().isdecimal():
            odd.setdefault("a number that is missing", []).append(at + 1)
        elif at > 1 and lines[at - 2].strip(" \t"):
            odd.setdefault("a blank line that is missing", []).append(at)
        end = following
        if end < len(lines) and lines[end - 1].strip().isdecimal() and end - 1 > at:
            end -= 1
        said = "\n".join(lines[at + 1 : end])
        alignment = _ALIGNMENT.search(said)
        words = draft.words(markup.parse(_without_ass(said), html_like=True), at + 1)
        settings = settings_of_alignment(int(alignment[1])) if alignment else ""
        if words:
            draft.add(Cue(times[0], times[1], words, settings), at + 1)
    for what, where in odd.items():
        count = f", {len(where)} times" if len(where) > 1 else ""
        draft.note(f"line {where[0]}: {what}{count}; mended")


def _by_the_clock(line: str, rate: float) -> str:
    """Times that end in a number of frames, as editing programs write them, in thousandths."""
    return _FRAMED.sub(
        lambda found: f"{found[1]},{min(999, round(int(found[2]) * 1000 / rate)):03}", line
    )


def _without_ass(said: str) -> str:
    """Words without what somebody left in them of an ASS script; its emphasis and breaks stay."""
    said = _EMPHASIS.sub(lambda tag: f"<{'' if tag[2] == '1' else '/'}{tag[1]}>", said)
    said = _BRACES.sub(r"<\1>", said)
    return _HTML_BREAK.sub("\n", _BREAK.sub("\n", _OVERRIDE.sub("", said)))


def _begins(lines: list[str], at: int, line: str) -> bool:
    """Whether this line is meant as times: it reads as such, or stands where they stand."""
    if "->" not in line:
        return False
    if timing.parse_timing(line) is not None:
        return True
    before = lines[at - 1].strip() if at else ""
    return (
        "-->" in line and line[:20].strip()[:1].isdecimal() and (before.isdecimal() or not before)
    )
