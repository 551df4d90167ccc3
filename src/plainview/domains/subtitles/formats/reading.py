"""One door for every subtitle file: decode it, tell its format, read it, say what was noticed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from plainview.domains.subtitles.formats import (
    ass,
    direction,
    frames,
    markup,
    sami,
    sbv,
    srt,
    television,
    timing,
    webvtt,
)
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
_SAMI = re.compile(r"<sami\b|<sync\s[^<>]{0,40}\bstart\s{0,9}=", re.IGNORECASE)
_FRAMES = re.compile(r"\s*(?:\{\d{1,9}\}\{\d{0,9}\}|\[\d{1,9}\]\[\d{0,9}\]|\{DEFAULT\}\{\})")
_OTHERS = (
    (re.compile(r"# VobSub", re.IGNORECASE), "VobSub"),
    (re.compile(r"#EXTM3U"), "HLS"),
    (re.compile(r"(?:\[[a-z]{2,6}:[^\n\]]*\]\s*)*\[\d\d:\d\d\.\d\d\d?\]"), "LRC"),
    (re.compile(r"\{\\rtf1"), "RTF"),
    (re.compile(r"[\[{]\s*[\[{\"]"), "JSON"),
)
_BYTES = (
    (re.compile(rb"PG.{8}[\x14-\x17\x80]", re.DOTALL), "PGS"),
    (re.compile(rb"\x00\x00\x01\xba"), "VobSub"),
)
"""What isn't text, told by how it begins."""
_AS_THEY_ARE = frozenset(("webvtt", "stl"))
"""Formats whose every character counts."""
_BY_LINES = frozenset(("webvtt", "srt"))
"""Formats of which an empty line ends a subtitle."""
_DOCUMENT_END = re.compile(
    r"</(?:[A-Za-z]{1,20}:)?tt\s{0,9}>(?=\s*<(?:\?xml\b|(?:[A-Za-z]{1,20}:)?tt\b))"
)
_FEW = 4
_PADDING = 16
"""Zeros at the end of a file that a disc or a download left there."""
_LINE_END = re.compile(r"\r\n?|\n")


def load() -> None:
    """Load what the first TTML, SCC or EBU STL would load, for a reader that may open no file then.

    It is a twentieth of a second, and pages, workers and commands read nothing by themselves.
    """
    for name in ("ttconv.scc.reader", "ttconv.stl.datafile", f"{__package__}.ttml"):
        importlib.import_module(name)


def _ttml(text: str, draft: Draft) -> None:
    """Add the cues of TTML, of each document if there are several, as a track of MP4 has them.

    There a cue that goes on stands in the next document again, from where that one begins.
    """
    from plainview.domains.subtitles.formats import ttml  # noqa: PLC0415 - see `load`

    last: dict[tuple[str, str], int] = {}
    for document in _DOCUMENT_END.sub("\\g<0>\0", text).split("\0"):
        known = len(draft.cues)
        ttml.parse(document, draft)
        said = draft.cues[known:]
        del draft.cues[known:]
        places = [_placed(cue, draft.cues, last) for cue in said]
        last.update(((cue.text, cue.settings), at) for cue, at in zip(said, places, strict=True))


def _placed(cue: Cue, cues: list[Cue], last: Mapping[tuple[str, str], int]) -> int:
    """Where a cue of a document stands among those of all: its own place, or what it goes on."""
    at = last.get((cue.text, cue.settings))
    if at is not None and cues[at].start_ms <= cue.start_ms <= cues[at].end_ms:
        cues[at] = replace(cues[at], end_ms=max(cues[at].end_ms, cue.end_ms))
        return at
    cues.append(cue)
    return len(cues) - 1


class Form(NamedTuple):
    """A form of subtitles that is read: how people call it, how names of its files end."""

    names: tuple[str, ...]
    endings: tuple[str, ...]
    parse: Callable[[str, Draft], None]


FORMS: dict[str, Form] = {
    "srt": Form(("SRT",), (".srt",), srt.parse),
    "webvtt": Form(("WebVTT",), (".vtt",), webvtt.parse),
    "ass": Form(("ASS", "SSA"), (".ass", ".ssa"), ass.parse),
    "ttml": Form(("TTML",), (".ttml", ".dfxp", ".itt", ".xml"), _ttml),
    "sami": Form(("SAMI",), (".smi", ".sami"), sami.parse),
    "sbv": Form(("SBV", "SubViewer"), (".sbv",), sbv.parse),
    "scc": Form(("SCC",), (".scc",), television.parse_scc),
    "stl": Form(("EBU STL",), (".stl",), television.parse_stl),
    "frames": Form(("MicroDVD", "MPL2"), (".sub", ".mpl"), frames.parse),
}
"""All that is read; upload pages, the watch folder and sentences say what stands here."""
ACCEPTED = tuple(name for form in FORMS.values() for name in form.names)
ENDINGS = tuple(ending for form in FORMS.values() for ending in form.endings)
CHOICE = ",".join((*ENDINGS, "text/vtt"))
"""What a browser offers to choose from."""
REFUSED_ENDINGS = (".idx", ".sup", ".lrc")
"""Of files that lie beside films too, and are refused by their name."""


def read(
    data: bytes,
    *,
    filename: str = "",
    encoding: str | None = None,
    language: str | None = None,
    rate: float = 0.0,
) -> Subtitles:
    """Read a subtitle file.

    `encoding` is obeyed if given, else recognised. `language` (a BCP 47 tag) is a hint: it helps
    to recognise the encoding, chooses in a file of several languages, and stands unless the file
    states another. `rate` is how many pictures a second the film has, for files that count them; 0
    if nobody knows. `filename` only makes messages clearer: what a file is, its content says. Cues
    come in the order of time.
    Raises SubtitleError, and nothing else, whatever the bytes.
    """
    if len(data) > MAX_BYTES:
        raise SubtitleError(
            "too-large",
            f"{filename or 'This file'} is larger than {MAX_BYTES // 1_000_000} MB.",
            "Subtitles of a long film take a tenth of that: check that it is the right file.",
        )
    data = data.rstrip(b"\0") if data.endswith(bytes(_PADDING)) else data
    if not data.strip():
        raise _empty(filename)
    for mark, other in _BYTES:
        if mark.match(data):
            raise _unsupported(filename, other)
    if television.STL.match(data):
        name, decoded = "stl", television.undecoded(data)
    else:
        decoded = decode(data, encoding=encoding, language=sami.hint(data, language))
        text = markup.clean(decoded.text)
        if not text.strip():
            raise _empty(filename)
        name = _format_of(text, filename)
    if name in _AS_THEY_ARE:
        text = decoded.text
    draft = Draft(asked=language, rate=rate)
    if name in _BY_LINES and (single := _undoubled(text)):
        draft.note("an empty line after every line; mended")
        text = single
    FORMS[name].parse(text, draft)
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
        tuple(cues),
        name,
        decoded.encoding,
        stated,
        tuple(notes),
        head,
        decoded.others,
        draft.tongues,
    )


def _format_of(text: str, filename: str) -> str:
    head = text[:4000]
    if webvtt.signed(head):
        return "webvtt"
    mark = _ASS.search(head)
    if mark and not head[: mark.start()].strip():
        return "ass"
    if (sync := _SAMI.search(head)) and not _timed(head[: sync.start()]):
        return "sami"
    if _PAGE.match(head):
        raise SubtitleError(
            "unsupported-format",
            f"{filename or 'This file'} is a web page.",
            "Choose the subtitle file itself: SRT, WebVTT or ASS.",
        )
    if _XML.match(head):
        return "ttml"
    if _FRAMES.match(head):
        return "frames"
    if television.SCC.match(head):
        return "scc"
    if mark and not _timed(head[: mark.start()]):
        return "ass"
    for pattern, other in _OTHERS:
        if pattern.match(head.lstrip()):
            raise _unsupported(filename, other)
    if form := _timed(text):
        return form
    raise SubtitleError(
        "unknown-format",
        f"{filename or 'This file'} is none of these: {', '.join(ACCEPTED)}.",
        "Choose a subtitle file, or convert this one to SRT or WebVTT.",
    )


def _timed(text: str) -> str:
    """Which of the forms text is that begin as they like, by the times in its lines; else ""."""
    lines = srt.with_arrows(text).split("\n")
    if any("->" in line and timing.parse_timing(line) for line in lines):
        return "srt"
    return "sbv" if any(map(sbv.TIMES.fullmatch, text.split("\n"))) else ""


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
        f"{filename or 'This file'} is {format}, which can’t be read.",
        "Convert it to SRT or WebVTT.",
    )


def _overlapping(cues: list[Cue]) -> int:
    """How many cues begin before an earlier one has ended."""
    count, latest = 0, 0
    for cue in cues:
        count += cue.start_ms < latest
        latest = max(latest, cue.end_ms)
    return count
