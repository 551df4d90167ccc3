"""Cues as a file of any of the formats, and what of them that format can't carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from plainview.domains.subtitles.formats import (
    ass,
    ass_writing,
    colours,
    decoding,
    direction,
    markup,
    ttml_writing,
    webvtt,
)
from plainview.domains.subtitles.formats.cues import Cue
from plainview.domains.subtitles.formats.placing import nearest, number_pad
from plainview.domains.subtitles.formats.timing import format_time
from plainview.domains.subtitles.formats.webvtt import write_webvtt

_CARRIES = {
    "webvtt": frozenset({"v", "lang", "c", "ruby", "b", "i", "u", "place"}),
    "ttml": frozenset({"v", "lang", "c", "ruby", "b", "i", "u", "place"}),
    "ass": frozenset({"v", "c", "b", "i", "u", "place"}),
    "srt": frozenset({"c", "b", "i", "u"}),
}
_LOST = {
    "v": "who speaks, in {count} of the lines",
    "lang": "words in another language, in {count} of the lines",
    "ruby": "glosses beside words, written in brackets, in {count} of the lines",
    "place": "where {count} of the lines stand on the picture",
}
_UNPLACED = {"ttml": ("region:",), "ass": ("region:", "vertical:")}
"""Settings that a format has nothing for, though it says where lines stand."""
_ROW = re.compile(r"[^,\n]*,[ \t]*\d+:\d\d:\d\d[.:]\d")
"""How a row of an ASS script begins, which can go into one as it was, upright or not."""
NAMES = {"webvtt": "vtt", "srt": "srt", "ass": "ass", "ttml": "ttml"}
"""Formats that can be written, and how the names of their files end."""
TYPES = {
    "webvtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "ass": "text/x-ssa; charset=utf-8",
    "ttml": "application/ttml+xml; charset=utf-8",
}


_SRT_ENDS = {"c": "</font>"}
_SRT_SIGNS = {"-->": "--&gt;", "<": "&lt;", "&": "&amp;", "{": "&#123;", "\\": "&#92;"}


@dataclass(frozen=True, slots=True)
class Written:
    """A file's text, and what the cues say that its format can't carry, for a person."""

    text: str
    lost: tuple[str, ...] = ()


def write(cues: Iterable[Cue], format: str, *, language: str = "", head: str = "") -> Written:
    """Cues as a file of `format` (webvtt, srt, ass, ttml), in the order of time.

    `head` is what a file of the same format had around them. Raises KeyError for another format.
    """
    shown = _shown(cues)
    text = decoding.unmistakable(_WRITERS[format](shown, language, head))
    return Written(text, _lost(shown)[format])


def look(head: str, format: str) -> str:
    """What of a `head` says how lines look, and so names nobody; "" for a format without one."""
    looks = {"ass": ass.look, "webvtt": webvtt.look}
    return looks[format](head) if format in looks else ""


def losses(cues: Iterable[Cue]) -> dict[str, tuple[str, ...]]:
    """What each format can't carry of the cues, as `Written.lost` says it, without writing any."""
    return _lost(_shown(cues))


def _shown(cues: Iterable[Cue]) -> list[Cue]:
    """Those with words and a time of their own, in its order."""
    return [
        replace(cue, text=words)
        for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))
        if 0 <= cue.start_ms < cue.end_ms and (words := markup.canonical(cue.text))
    ]


def _webvtt(cues: Sequence[Cue], language: str, head: str) -> str:
    classes = {says for cue in cues for name, says in _layers(cue) if name == "c"}
    sheet = colours.style_sheet({each for says in classes for each in says.split(".")})
    if sheet and sheet.strip() not in head:
        head = f"{head or 'WEBVTT'}\n\n{sheet}"
    return write_webvtt(cues, language, head=head or "WEBVTT")


def _ttml(cues: Sequence[Cue], language: str, head: str) -> str:
    return ttml_writing.write(cues, language)


def _ass(cues: Sequence[Cue], language: str, head: str) -> str:
    return ass_writing.write(cues, language, head)


def _srt(cues: Sequence[Cue], language: str, head: str) -> str:
    parts = []
    for number, cue in enumerate(cues, 1):
        times = f"{format_time(cue.start_ms)} --> {format_time(cue.end_ms)}".replace(".", ",")
        place = nearest(cue.settings, right_to_left=direction.is_right_to_left(language))
        mark = f"{{\\an{place}}}" if place != 2 else ""
        words = direction.mark(_srt_words(cue.text), language)
        parts.append(f"{number}\n{times}\n{mark}{words}\n")
    return "\n".join(parts)


def _srt_words(text: str) -> str:
    written: list[str] = []
    now: tuple[tuple[str, str], ...] = ()
    for layers, piece in markup.bracketed(markup.parse(text)):
        said = ((name, colours.number_of(says) if name == "c" else "") for name, says in layers)
        wanted = tuple((name, says) for name, says in said if name in "biu" or says)
        shared = 0
        while shared < min(len(now), len(wanted)) and now[shared] == wanted[shared]:
            shared += 1
        written += [_SRT_ENDS.get(name, f"</{name}>") for name, _ in reversed(now[shared:])]
        written += [
            f'<font color="#{says}">' if says else f"<{name}>" for name, says in wanted[shared:]
        ]
        written.append(_srt_escaped(piece))
        now = wanted
    written += [_SRT_ENDS.get(name, f"</{name}>") for name, _ in reversed(now)]
    return "".join(written)


def _srt_escaped(text: str) -> str:
    """Text as SRT has it: as it is, but for what a reader would take for something else."""
    return re.sub(
        r"-->|<(?=/?[A-Za-z])|&(?=[A-Za-z#])|\{(?=\\|/?[BIUbiu]\})|\\(?=N)",
        lambda found: _SRT_SIGNS[found[0]],
        text,
    )


def _layers(cue: Cue) -> list[tuple[str, str]]:
    if "<" not in cue.text:
        return []
    return [layer for layers, _ in markup.parse(cue.text) for layer in layers]


def _lost(shown: Sequence[Cue]) -> dict[str, tuple[str, ...]]:
    counts = {format: dict.fromkeys(_LOST, 0) for format in _CARRIES}
    for cue in shown:
        named = {name for name, _ in _layers(cue)}
        for format, carried in _CARRIES.items():
            lost = named & _LOST.keys() - carried
            placed = "place" in carried or number_pad(cue.settings) is not None
            without = () if _ROW.match(cue.original) else _UNPLACED.get(format, ())
            if cue.settings and (not placed or any(each in cue.settings for each in without)):
                lost.add("place")
            for name in lost:
                counts[format][name] += 1
    return {
        format: tuple(_LOST[name].format(count=count) for name, count in each.items() if count)
        for format, each in counts.items()
    }


_WRITERS: dict[str, Callable[[Sequence[Cue], str, str], str]] = {
    "webvtt": _webvtt,
    "srt": _srt,
    "ass": _ass,
    "ttml": _ttml,
}
