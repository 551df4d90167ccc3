"""Advanced SubStation (ASS, SSA): the words and where they stand; the decoration is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from plainview.domains.subtitles.formats import markup, timing
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.markup import Layer, Run
from plainview.domains.subtitles.formats.placing import settings_of_alignment, settings_of_point

_BLOCK = re.compile(r"\{([^{}]{0,4000})\}")
_TAG = re.compile(
    r"\\(?:(an)([1-9])|(a)(\d{1,2})|(pos|move)\(([^()]{0,80})\)|(p)(\d{1,3})|([biu])(\d{1,3})"
    r"|(r)([^\\{}]{0,60}))(?![\w.])"
)
_BREAK = re.compile(r"\\([Nnh])")
_SECTION = re.compile(r"\[([^\[\]]{1,40})\][ \t]*")
_LEGACY_PLACES = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}
_FORMATS = {
    "events": "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    "styles": "Name, Fontname, Fontsize",
}
_FRAME_MS = 50


@dataclass(frozen=True, slots=True)
class _Style:
    italic: bool = False
    place: int = 2


@dataclass(slots=True)
class _Script:
    """What the sections before the events said."""

    styles: dict[str, _Style]
    formats: dict[str, list[str]]
    width: float = 384.0
    height: float = 288.0


def parse(text: str, draft: Draft) -> None:
    """Add the cues of an ASS or SSA file.

    Comments, drawings, karaoke and effects are dropped; copies of one line, laid over each other
    for the sake of outlines and glows or cut up frame by frame, become one cue.
    """
    script = _Script(styles={}, formats={key: _fields(row) for key, row in _FORMATS.items()})
    section = ""
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _SECTION.fullmatch(line.strip(" \t\ufeff")):
            section = heading[1].strip().lower()
            continue
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon or key.startswith((";", "!")):
            continue
        if section == "script info":
            _info(script, draft, key, value)
        elif section.endswith(("styles", "styles+")) and key == "format":
            script.formats["styles"] = _fields(value)
        elif section.endswith(("styles", "styles+")) and key == "style":
            _style(script, value, legacy=not section.endswith("+"))
        elif section == "events" and key == "format":
            script.formats["events"] = _fields(value)
        elif section in ("events", "") and key == "dialogue":
            _dialogue(script, draft, value, number)
    merged = _merge(draft.cues)
    if len(merged) < len(draft.cues):
        draft.note(f"{len(draft.cues) - len(merged)} copies of the same line merged")
        draft.cues[:] = merged


def _fields(row: str) -> list[str]:
    return [name.strip().lower() for name in row.split(",")]


def _row(script: _Script, kind: str, value: str) -> dict[str, str]:
    names = script.formats[kind]
    return dict(zip(names, value.split(",", len(names) - 1), strict=False))


def _info(script: _Script, draft: Draft, key: str, value: str) -> None:
    if key in ("playresx", "playresy") and value.isdecimal() and 0 < int(value[:6]) < 100_000:
        setattr(script, "width" if key == "playresx" else "height", float(value[:6]))
    elif key == "language" and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", value):
        draft.language = value


def _style(script: _Script, value: str, *, legacy: bool) -> None:
    row = _row(script, "styles", value)
    stated = row.get("alignment", "2").strip()
    place = int(stated[:3]) if stated.isdecimal() else 2
    if legacy:
        place = _LEGACY_PLACES.get(place, 2)
    italic = row.get("italic", "0").strip() in ("-1", "1")
    style = _Style(italic, place if 1 <= place <= 9 else 2)
    script.styles[row.get("name", "").strip().lstrip("*")] = style


def _dialogue(script: _Script, draft: Draft, value: str, number: int) -> None:
    row = _row(script, "events", value)
    start = timing.parse_time(row.get("start", ""))
    end = timing.parse_time(row.get("end", ""))
    if start is None or end is None:
        draft.note(f"line {number}: the times can't be read; left out")
        return
    style = script.styles.get(row.get("style", "").strip().lstrip("*"), _Style())
    runs, settings = _said(script, row.get("text", ""), style)
    words = markup.compose(markup.voiced(runs, row.get("name", row.get("actor", ""))))
    if words:
        draft.add(Cue(start, end, words, settings), number)


def _said(script: _Script, text: str, style: _Style) -> tuple[list[Run], str]:
    """The words of a line, with the emphasis they carry, and where they stand."""
    runs: list[Run] = []
    place, point, drawing, at = style.place, None, False, 0
    on = {"i": style.italic, "b": False, "u": False}
    for block in _BLOCK.finditer(text):
        if not drawing:
            runs.append((_layers(on), _unbreak(text[at : block.start()])))
        at = block.end()
        for tag in _TAG.finditer(block[1]):
            name, says = (part for part in tag.groups() if part is not None)
            if name == "an":
                place = int(says)
            elif name == "a":
                place = _LEGACY_PLACES.get(int(says), place)
            elif name in ("pos", "move"):
                point = _point(says) or point
            elif name == "p":
                drawing = int(says) > 0
            elif name == "r":
                reset = script.styles.get(says.strip(), style)
                on = {"i": reset.italic, "b": False, "u": False}
            else:
                on[name] = int(says) == 1 or int(says) >= 600
    if not drawing:
        runs.append((_layers(on), _unbreak(text[at:])))
    if point:
        return runs, settings_of_point(point[0] / script.width, point[1] / script.height, place)
    return runs, settings_of_alignment(place)


def _layers(on: dict[str, bool]) -> tuple[Layer, ...]:
    return tuple((name, "") for name in "biu" if on[name])


def _unbreak(text: str) -> str:
    return _BREAK.sub(lambda found: "\u00a0" if found[1] == "h" else "\n", text)


def _point(text: str) -> tuple[float, float] | None:
    try:
        x, y = (float(number) for number in text.split(",")[:2])
    except ValueError:
        return None
    return x, y


def _merge(cues: list[Cue]) -> list[Cue]:
    """Cues in the order of time, those of one text that overlap or touch made one."""
    merged: list[Cue] = []
    latest: dict[str, int] = {}
    for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)):
        at = latest.get(markup.plain_text(cue.text).strip())
        if at is not None and cue.start_ms <= merged[at].end_ms + _FRAME_MS:
            merged[at] = replace(merged[at], end_ms=max(merged[at].end_ms, cue.end_ms))
            continue
        latest[markup.plain_text(cue.text).strip()] = len(merged)
        merged.append(cue)
    return merged
