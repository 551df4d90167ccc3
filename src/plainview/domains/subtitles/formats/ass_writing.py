"""Cues as an ASS script; a line that came from one keeps its effects while it says the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plainview.domains.subtitles.formats import ass, colours, markup
from plainview.domains.subtitles.formats.cues import Cue, Draft
from plainview.domains.subtitles.formats.placing import number_pad

_PLAIN = """[Script Info]
ScriptType: v4.00+
WrapStyle: 0
ScaledBorderAndShadow: yes
PlayResX: 1920
PlayResY: 1080
{language}
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, \
Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,72,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,\
96,96,54,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"""
_EVENTS = re.compile(r"^[ \t]*\[events\][ \t]*$", re.IGNORECASE | re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*\[[^\[\]\n]{1,40}\][ \t]*$", re.MULTILINE)


def write(cues: Sequence[Cue], language: str, head: str = "") -> str:
    """Cues, canonical and in the order of time, as an ASS script, within `head` if there is one."""
    head = markup.clean(head) if _EVENTS.search(head) else ""
    stated = f"Language: {language}\n" if re.fullmatch(r"[A-Za-z0-9-]{2,35}", language) else ""
    plain = _PLAIN.replace("{language}\n", f"{stated}\n")
    head = head or plain
    script = ass.script_of(head)
    fields = script.formats["events"]
    if not {"start", "end", "text"} <= set(fields) or fields.index("text") + 1 < len(fields):
        head = plain  # no row could be read by its fields
        script = ass.script_of(head)
    before, after = _around(head)
    rows = [row for cue in cues for row in _rows(cue, script)]
    return "\n".join([before.rstrip("\n"), *rows, *([after] if after.strip() else []), ""])


def _around(head: str) -> tuple[str, str]:
    """What stands before the end of the (last) events, whose fields hold, and after it."""
    *_, events = _EVENTS.finditer(head)
    following = _SECTION.search(head, events.end())
    at = following.start() if following else len(head)
    return head[:at], "\n" + head[at:]


def _rows(cue: Cue, script: ass.Script) -> list[str]:
    if cue.original:
        kept = Draft()
        for value in cue.original.split("\n"):
            ass.dialogue(script, kept, value, 0)
        whole = ass.merged(kept.cues)
        words = [(each.text, each.settings) for each in whole]
        if words == [(cue.text, cue.settings)]:
            times = (whole[0].start_ms, whole[0].end_ms)
            return [
                "Dialogue: " + ass.retimed(script, value, times, (cue.start_ms, cue.end_ms))
                for value in cue.original.split("\n")
            ]
    fields = {
        "layer": "0",
        "marked": "Marked=0",
        "start": ass.format_time(cue.start_ms),
        "end": ass.format_time(cue.end_ms),
        "style": "Default",
        "name": _speaker(cue),
        "actor": _speaker(cue),
        "marginl": "0",
        "marginr": "0",
        "marginv": "0",
        "effect": "",
        "text": _place(cue, script) + _words(cue.text),
    }
    return ["Dialogue: " + ",".join(fields.get(name, "") for name in script.formats["events"])]


def _speaker(cue: Cue) -> str:
    return cue.speaker.replace(",", " ").replace("\n", " ").strip()


def _place(cue: Cue, script: ass.Script) -> str:
    if not cue.settings:
        return ""
    simple = number_pad(cue.settings)
    if simple is not None:
        return f"{{\\an{simple}}}" if simple != 2 else ""
    said = dict(word.split(":", 1) for word in cue.settings.split(" "))
    align = said.get("align", "center")
    column = {"start": 0, "left": 0, "end": 2, "right": 2}.get(align, 1)
    number, _, edge = said.get("line", "").partition(",")
    row = {"end": 0, "center": 1}.get(edge, 2)
    y = float(number[:-1]) / 100 if number.endswith("%") else 0.95
    row = row if number.endswith("%") else 0
    place = said.get("position", "").partition(",")[0].rstrip("%")
    x = float(place) / 100 if place else (0.05, 0.5, 0.95)[column]
    at = f"{x * script.width:g},{y * script.height:g}"
    return f"{{\\an{3 * row + column + 1}\\pos({at})}}"


def _words(text: str) -> str:
    written: list[str] = []
    on: dict[str, str] = {}
    for layers, piece in markup.bracketed(markup.parse(text)):
        wanted = {name: "1" for name, _ in layers if name in ("b", "i", "u")}
        colour = next((colours.number_of(says) for name, says in layers if name == "c"), "")
        if colour:
            wanted["c"] = f"&H{colour[4:6]}{colour[2:4]}{colour[0:2]}&".upper()
        turns = "".join(
            f"\\{name}{wanted.get(name, '' if name == 'c' else '0')}"
            for name in ("b", "i", "u", "c")
            if on.get(name) != wanted.get(name)
        )
        written.append(f"{{{turns}}}" if turns else "")
        written.append(_escaped(piece))
        on = wanted
    return "".join(written)


def _escaped(text: str) -> str:
    """Text that means itself: a word joiner keeps a backslash from making a break."""
    text = text.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")
    return text.replace("\n", "\\N").replace("\u00a0", "\\h")
