"""Advanced SubStation (ASS, SSA): the words and where they stand; effects stay with their line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from plainview.domains.subtitles.formats import colours, markup, timing
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.markup import Layer, Run
from plainview.domains.subtitles.formats.placing import (
    settings_of_alignment,
    settings_of_column,
    settings_of_point,
)

_BLOCK = re.compile(r"(?<!\\)\{([^{}]{0,4000})\}")
_TAG = re.compile(
    r"\\(?:(an)([1-9])|(a)(\d{1,2})|(pos|move)\(([^()]{0,80})\)|(p)(\d{1,3})|([biu])(\d{1,3})"
    r"|(r)([^\\{}]{0,60})|(1?c)(?:&?[Hh]([0-9A-Fa-f]{1,8})&?)?)(?![\w.])"
)
_BREAK = re.compile(r"\\([Nnh{}\u2060])")
_BROKEN = {"h": "\u00a0", "{": "{", "}": "}", "\u2060": "\\"}
_SECTION = re.compile(r"\[([^\[\]]{1,40})\][ \t]*")
_LEGACY_PLACES = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}
_FORMATS = {
    "events": "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    "styles": "Name, Fontname, Fontsize",
}
_MARKUP = re.compile(r"<[^<>]*>")
_EMPHASES = {
    (b, i, u): tuple((name, "") for name, on in zip("biu", (b, i, u), strict=True) if on)
    for b, i, u in product((False, True), repeat=3)
}
_TURNED = re.compile(r"(?:270|-90)(?:\.0{1,6})?")
"""The angle by which the font of a script written in columns, named with `@`, stands upright."""
_FRAME_MS = 50
_ATTACHED = frozenset({"fonts", "graphics"})
_DRAWING = re.compile(r"\\p[1-9]")
_ABOUT_THE_LOOK = frozenset({
    "scripttype", "collisions", "playresx", "playresy", "playdepth", "layoutresx", "layoutresy",
    "timer", "wrapstyle", "scaledborderandshadow", "ycbcr matrix", "kerning", "language",
})  # fmt: skip
"""What a script says of how it is drawn. Its other fields name people, files and programs."""


@dataclass(frozen=True, slots=True)
class _Style:
    italic: bool = False
    place: int = 2
    vertical: bool = False


@dataclass(slots=True)
class Script:
    """What the sections before the events said; `formats` names the fields of a row."""

    styles: dict[str, _Style]
    formats: dict[str, list[str]]
    width: float = 384.0
    height: float = 288.0


def parse(text: str, draft: Draft) -> None:
    """Add the cues of an ASS or SSA file; what stands around them is kept as its head.

    Drawings, karaoke and effects are not shown, but stay with their line; copies of one line, laid
    over each other for the sake of outlines and glows or cut up frame by frame, become one cue.
    """
    script = Script(styles={}, formats={key: _fields(row) for key, row in _FORMATS.items()})
    section, head, left = "", list[str](), False
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _SECTION.fullmatch(line.strip(" \t\ufeff")):
            section = heading[1].strip().lower()
            left = section in _ATTACHED
            if left:
                draft.note(f"line {number}: embedded files are left out")
            else:
                head.append(line)
            continue
        key, colon, value = line.partition(":")
        if colon and section in ("events", "") and key.strip().lower() == "dialogue":
            if dialogue(script, draft, value.strip(), number):
                continue
        elif colon:
            _declare(script, draft, section, key.strip().lower(), value.strip())
        if not left and line.strip():
            head.append(line)
    whole = merged(draft.cues)
    if len(whole) < len(draft.cues):
        draft.note(f"copies of the same line merged: {len(draft.cues) - len(whole)}")
        draft.cues[:] = whole
    draft.head = "\n".join(head)


def look(head: str) -> str:
    """What of a kept head says how lines look, in words of the format: nobody is named there."""
    section, kept = "", list[str]()
    for line in head.split("\n"):
        if heading := _SECTION.fullmatch(line.strip(" \t\ufeff")):
            section = heading[1].strip().lower()
            styles = section.rstrip("+").endswith("styles")
            known = styles or section in ("script info", "events")
        else:
            key, _colon, value = line.partition(":")
            known = _looks(section, key.strip().lower(), value)
        if known:
            kept.append(line)
    return "\n".join(kept)


def _looks(section: str, key: str, value: str) -> bool:
    if section == "script info":
        return key in _ABOUT_THE_LOOK
    if section == "events":
        return key == "format" or (key == "dialogue" and _DRAWING.search(value) is not None)
    return section.rstrip("+").endswith("styles") and key in ("format", "style")


def script_of(head: str) -> Script:
    """What a kept head says of styles, fields and the size of the picture."""
    script = Script(styles={}, formats={key: _fields(row) for key, row in _FORMATS.items()})
    section, draft = "", Draft()
    for line in head.split("\n"):
        if heading := _SECTION.fullmatch(line.strip(" \t\ufeff")):
            section = heading[1].strip().lower()
        else:
            key, colon, value = line.partition(":")
            if colon:
                _declare(script, draft, section, key.strip().lower(), value.strip())
    return script


def _declare(script: Script, draft: Draft, section: str, key: str, value: str) -> None:
    if key.startswith((";", "!")):
        return
    if section == "script info":
        _info(script, draft, key, value)
    elif section.endswith(("styles", "styles+")) and key == "format":
        script.formats["styles"] = _fields(value)
    elif section.endswith(("styles", "styles+")) and key == "style":
        _style(script, value, legacy="+" not in section)
    elif section == "events" and key == "format":
        script.formats["events"] = _fields(value)


def _fields(row: str) -> list[str]:
    return [name.strip().lower() for name in row.split(",")]


def _row(script: Script, kind: str, value: str) -> dict[str, str]:
    names = script.formats[kind]
    return dict(zip(names, value.split(",", len(names) - 1), strict=False))


def _info(script: Script, draft: Draft, key: str, value: str) -> None:
    if key in ("playresx", "playresy") and value.isdecimal() and 0 < int(value[:6]) < 100_000:
        setattr(script, "width" if key == "playresx" else "height", float(value[:6]))
    elif key == "language" and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", value):
        draft.language = value


def _style(script: Script, value: str, *, legacy: bool) -> None:
    row = _row(script, "styles", value)
    stated = row.get("alignment", "2").strip()
    place = int(stated[:3]) if stated.isdecimal() else 2
    if legacy:
        place = _LEGACY_PLACES.get(place, 2)
    italic = row.get("italic", "0").strip() in ("-1", "1")
    font, angle = row.get("fontname", "").strip(), row.get("angle", "").strip()
    vertical = font.startswith("@") and _TURNED.fullmatch(angle) is not None
    style = _Style(italic, place if 1 <= place <= 9 else 2, vertical)
    script.styles[row.get("name", "").strip().lstrip("*")] = style


def dialogue(script: Script, draft: Draft, value: str, number: int) -> bool:
    """Add the cue of a line of dialogue; False if it shows no words."""
    row = _row(script, "events", value)
    start = timing.parse_time(row.get("start", ""))
    end = timing.parse_time(row.get("end", ""))
    if start is None or end is None:
        draft.note(f"line {number}: the times can’t be read; left out")
        return False
    style = script.styles.get(row.get("style", "").strip().lstrip("*"), _Style())
    runs, settings = _said(script, row.get("text", ""), style)
    words = draft.words(markup.voiced(runs, row.get("name", row.get("actor", ""))), number)
    if words:
        draft.add(Cue(start, end, words, settings, original=value), number)
    return bool(words)


def retimed(script: Script, value: str, old: tuple[int, int], new: tuple[int, int]) -> str:
    """A line of dialogue moved as the cue that it is a part of was, from times to times in ms."""
    if old == new:
        return value
    names = script.formats["events"]
    parts = value.split(",", len(names) - 1)
    begin, end = (names.index(name) if name in names else -1 for name in ("start", "end"))
    if not 0 <= begin < len(parts) or not 0 <= end < len(parts):
        return value
    for at, edge in ((begin, 0), (end, 1)):
        was = timing.parse_time(parts[at]) or 0
        moved = new[edge] if was == old[edge] else was + new[0] - old[0]
        parts[at] = format_time(max(0, moved))
    return ",".join(parts)


def format_time(milliseconds: int) -> str:
    """A time as ASS writes it, to the hundredth of a second: `0:00:01.50`."""
    seconds, rest = divmod((milliseconds + 5) // 10, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{rest:02}"


def _said(script: Script, text: str, style: _Style) -> tuple[list[Run], str]:
    """The words of a line, with the emphasis they carry, and where they stand."""
    runs: list[Run] = []
    place, point, drawing, at = style.place, None, False, 0
    on, colour = {"i": style.italic, "b": False, "u": False}, ""
    layers = _layers(on, colour)
    for block in _BLOCK.finditer(text):
        if not drawing:
            runs.append((layers, _unbreak(text[at : block.start()])))
        at = block.end()
        for name, says in _tags(block[1]):
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
                on, colour = {"i": reset.italic, "b": False, "u": False}, ""
            elif name in ("c", "1c"):
                colour = _class_of(says)
            else:
                on[name] = int(says) == 1 or int(says) >= 600
        layers = _layers(on, colour)
    if not drawing:
        runs.append((layers, _unbreak(text[at:])))
    if point:
        return runs, settings_of_point(point[0] / script.width, point[1] / script.height, place)
    return runs, settings_of_column(place) if style.vertical else settings_of_alignment(place)


@lru_cache(maxsize=1024)
def _tags(block: str) -> tuple[tuple[str, str], ...]:
    """What a block of overrides says, of what is shown here: pairs of a tag's name and value."""
    found = []
    for tag in _TAG.finditer(block):
        last = tag.lastindex or 1  # groups come in pairs: a name, and what it says
        found.append((tag[last - 1], tag[last]) if last % 2 == 0 else (tag[last], ""))
    return tuple(found)


def _layers(on: dict[str, bool], colour: str) -> tuple[Layer, ...]:
    shown = _EMPHASES[on["b"], on["i"], on["u"]]
    return (("c", colour), *shown) if colour else shown


def _class_of(number: str) -> str:
    """The class for a colour BBGGRR; none for white, which is what words are without."""
    blue, green, red = (number[-6:].rjust(6, "0")[at : at + 2] for at in (0, 2, 4))
    rgb = f"{red}{green}{blue}".lower()
    return colours.class_of(rgb) if number and rgb != "ffffff" else ""


def _unbreak(text: str) -> str:
    if "\\" not in text:
        return text
    return _BREAK.sub(lambda found: _BROKEN.get(found[1], "\n"), text)


def _point(text: str) -> tuple[float, float] | None:
    try:
        x, y = (float(number) for number in text.split(",")[:2])
    except ValueError:
        return None
    return x, y


def merged(cues: list[Cue]) -> list[Cue]:
    """Cues in the order of time, those of one text that overlap or touch made one."""
    whole: list[Cue] = []
    latest: dict[str, int] = {}
    for cue in sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)):
        said = _MARKUP.sub("", cue.text).strip()
        at = latest.get(said)
        if at is not None and cue.start_ms <= whole[at].end_ms + _FRAME_MS:
            whole[at] = replace(
                whole[at],
                end_ms=max(whole[at].end_ms, cue.end_ms),
                original=f"{whole[at].original}\n{cue.original}",
            )
            continue
        latest[said] = len(whole)
        whole.append(cue)
    return whole
