"""One door for every subtitle file: decode it, tell its format, read it, say what was noticed."""

from __future__ import annotations

import re
from dataclasses import replace

from plainview.domains.subtitles.formats import ass, direction, markup, srt, timing, ttml, webvtt
from plainview.domains.subtitles.formats.cues import (
    MAX_BYTES,
    MAX_HEAD,
    Cue,
    Draft,
    SubtitleError,
    Subtitles,
)
from plainview.domains.subtitles.formats.decoding import decode

_ASS = re.compile(
    r"^[ \t]*(?:\[(?:script info|events|v4\+? styles)\]|dialogue:)", re.IGNORECASE | re.MULTILINE
)
_XML = re.compile(r"\s*<(?:\?xml\b|!--|!DOCTYPE|(?:[A-Za-z]{1,20}:)?tt\b)", re.IGNORECASE)
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html\b)", re.IGNORECASE)
_OTHERS = (
    (re.compile(r"\{\d+\}\{\d+\}"), "MicroDVD"),
    (re.compile(r"<sami\b", re.IGNORECASE), "SAMI"),
    (re.compile(r"# VobSub", re.IGNORECASE), "VobSub"),
    (re.compile(r"#EXTM3U"), "HLS"),
    (re.compile(r"Scenarist_SCC V"), "SCC"),
    (re.compile(r"\[INFORMATION\]", re.IGNORECASE), "SubViewer"),
    (re.compile(r"\[\d{1,7}\]\[\d{1,7}\]"), "MPL2"),
    (re.compile(r"\d{1,2}:\d\d:\d\d\.\d{3},\d{1,2}:\d\d:\d\d\.\d{3}\s"), "SBV"),
    (re.compile(r"\d\d:\d\d:\d\d\.\d\d,\d\d:\d\d:\d\d\.\d\d\s"), "SubViewer"),
    (re.compile(r"(?:\[[a-z]{2,6}:[^\n\]]*\]\s*)*\[\d\d:\d\d\.\d\d\d?\]"), "LRC"),
    (re.compile(r"\{\\rtf1"), "RTF"),
    (re.compile(r"[\[{]\s*[\[{\"]"), "JSON"),
)
_BYTES = (
    (re.compile(rb"\d{3}STL\d\d\.\d\d"), "EBU STL"),
    (re.compile(rb"PG.{8}[\x14-\x17\x80]", re.DOTALL), "PGS"),
    (re.compile(rb"\x00\x00\x01\xba"), "VobSub"),
)
"""What isn't text, told by how it begins."""
_BY_LINES = frozenset(("webvtt", "srt"))
"""Formats of which an empty line ends a subtitle."""
_FEW = 4
_LINE_END = re.compile(r"\r\n?|\n")
_PARSERS = {"webvtt": webvtt.parse, "ass": ass.parse, "srt": srt.parse, "ttml": ttml.parse}


def read(
    data: bytes,
    *,
    filename: str = "",
    encoding: str | None = None,
    language: str | None = None,
) -> Subtitles:
    """Read a subtitle file.

    `encoding` is obeyed if given, else recognised. `language` (a BCP 47 tag) is a hint: it helps
    to recognise the encoding and stands unless the file states another. `filename` only makes
    messages clearer: what a file is, its content says. Cues come in the order of time.
    Raises SubtitleError, and nothing else, whatever the bytes.
    """
    if len(data) > MAX_BYTES:
        raise SubtitleError(
            "too-large",
            f"{filename or 'This file'} is larger than {MAX_BYTES // 1_000_000} MB.",
            "Subtitles of a long film take a tenth of that: check that it is the right file.",
        )
    if not data.strip():
        raise _empty(filename)
    for mark, other in _BYTES:
        if mark.match(data):
            raise _unsupported(filename, other)
    decoded = decode(data, encoding=encoding, language=language)
    text = markup.clean(decoded.text)
    if not text.strip():
        raise _empty(filename)
    name = _format_of(text, filename)
    if name == "webvtt":
        text = decoded.text
    draft = Draft()
    if name in _BY_LINES and (single := _undoubled(text)):
        draft.note("an empty line after every line; mended")
        text = single
    _PARSERS[name](text, draft)
    if not draft.cues:
        raise SubtitleError(
            "no-cues",
            f"{filename or 'This file'} has no subtitle that can be shown.",
            draft.notes[0] if draft.notes else "Check that it is the right file.",
        )
    stated = draft.language or language
    cues = draft.cues
    if direction.is_right_to_left(stated):
        cues = [replace(cue, text=direction.unmark(cue.text, stated)) for cue in cues]
    cues = sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))
    notes = [decoded.note] if decoded.note else []
    if overlapping := _overlapping(cues):
        notes.append(f"{overlapping} overlapping {'line' if overlapping == 1 else 'lines'} kept")
    notes += draft.notes
    if draft.unsaid:
        notes.append(f"and {draft.unsaid} more of the kind")
    head = draft.head
    if len(head) > MAX_HEAD:
        notes.append("styles and comments around the lines are too long; left out")
        head = ""
    return Subtitles(
        tuple(cues), name, decoded.encoding, stated, tuple(notes), head, decoded.others
    )


def _format_of(text: str, filename: str) -> str:
    head = text[:4000]
    if webvtt.signed(head):
        return "webvtt"
    if _PAGE.match(head):
        raise SubtitleError(
            "unsupported-format",
            f"{filename or 'This file'} is a web page.",
            "Choose the subtitle file itself: SRT, WebVTT or ASS.",
        )
    if _ASS.search(head):
        return "ass"
    if _XML.match(head) and not re.search(r"<sami\b", head, re.IGNORECASE):
        return "ttml"
    for pattern, other in _OTHERS:
        if pattern.match(head.lstrip()):
            raise _unsupported(filename, other)
    if any(
        "->" in line and timing.parse_timing(line) for line in srt.with_arrows(text).split("\n")
    ):
        return "srt"
    raise SubtitleError(
        "unknown-format",
        f"{filename or 'This file'} is not SRT, WebVTT, ASS, SSA or TTML.",
        "Choose a subtitle file, or convert this one to SRT or WebVTT.",
    )


def _undoubled(text: str) -> str:
    """Text without the empty line that a mistaken conversion put after every line; else nothing.

    A file that is right has a line of words somewhere right under its times.
    """
    lines = _LINE_END.split(text.replace("\r\r\n", "\n\n"))
    doubled = len(lines) > _FEW and not any(each.strip() for each in lines[1::2])
    return "\n".join(lines[::2]) if doubled else ""


def _empty(filename: str) -> SubtitleError:
    return SubtitleError("empty", f"{filename or 'This file'} is empty.", "Choose another file.")


def _unsupported(filename: str, format: str) -> SubtitleError:
    return SubtitleError(
        "unsupported-format",
        f"{filename or 'This file'} is {format}, which can't be read.",
        "Convert it to SRT or WebVTT.",
    )


def _overlapping(cues: list[Cue]) -> int:
    """How many cues begin before an earlier one has ended."""
    count, latest = 0, 0
    for cue in cues:
        count += cue.start_ms < latest
        latest = max(latest, cue.end_ms)
    return count
