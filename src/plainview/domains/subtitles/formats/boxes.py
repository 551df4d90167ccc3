"""Cue settings as boxes on the picture, as TTML's regions place text; all numbers in per cent."""

from __future__ import annotations

from dataclasses import dataclass

_FOOT = 75.0
"""Text that hangs on an edge below this stands where subtitles always stand."""
_LINE = 100 / 15
"""The height of a line where lines are counted."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, where in it the text hangs (before, center, after) and how it is aligned."""

    x: float
    y: float
    width: float
    height: float
    display: str
    align: str
    vertical: str = ""


FOOT = Box(5, 5, 90, 90, "after", "center")
"""Where subtitles stand when nothing else is said."""


def box(settings: str) -> Box:
    """The box of canonical cue settings."""
    said = dict(word.split(":", 1) for word in settings.split(" ") if ":" in word)
    if not said:
        return FOOT
    align = said.get("align", "center")
    side = {"left": "start", "right": "end"}.get(align, align)
    place, _, edge = said.get("position", "").partition(",")
    edge = {"line-left": "start", "line-right": "end"}.get(edge, edge) or side
    at = _number(place, {"start": 0.0, "end": 100.0}.get(side, 50.0))
    room = {"start": 100 - at, "end": at}.get(edge, 2 * min(at, 100 - at))
    width = min(_number(said.get("size", ""), 100.0), room)
    x = {"start": at, "end": at - width}.get(edge, at - width / 2)
    y, height, display = _vertically(said.get("line", ""))
    return Box(_round(x), y, _round(width), height, display, side, said.get("vertical", ""))


def _vertically(line: str) -> tuple[float, float, str]:
    number, _, edge = line.partition(",")
    if not number:
        return FOOT.y, FOOT.height, FOOT.display
    if number.endswith("%"):
        at = _number(number, 100.0)
    else:
        count = max(-15.0, min(15.0, float(number)))
        at = count * _LINE if count >= 0 else 100 + count * _LINE
    at = _round(at)
    if edge == "end":
        return 0.0, at, "after"
    if edge == "center":
        half = min(at, 100 - at)
        return _round(at - half), _round(2 * half), "center"
    return at, _round(100 - at), "before"


def settings(box: Box) -> str:
    """Canonical cue settings that put text where a box does; "" for the foot of the picture."""
    words = [f"vertical:{box.vertical}"] if box.vertical else []
    lower = box.y + box.height
    if box.display == "after":
        if lower < _FOOT:
            words.append(f"line:{_text(lower)}%,end")
    elif box.display == "center":
        words.append(f"line:{_text(box.y + box.height / 2)}%,center")
    elif box.y < _FOOT:
        words.append(f"line:{_text(box.y)}%")
    left, right = box.x, 100 - box.x - box.width
    at = {"start": box.x, "end": box.x + box.width}.get(box.align, box.x + box.width / 2)
    usual = {"start": 0.0, "end": 100.0}.get(box.align, 50.0)
    full = {"start": right, "end": left}.get(box.align, min(left, right)) < 10.01
    if abs(at - usual) > 10.01 or (abs(at - usual) > 0.01 and box.align != "center"):
        words.append(f"position:{_text(at)}%")
    if not full:
        words.append(f"size:{_text(box.width)}%")
    if box.align != "center":
        words.append(f"align:{box.align}")
    return " ".join(words)


def _number(text: str, otherwise: float) -> float:
    return float(text.rstrip("%")) if text else otherwise


def _round(number: float) -> float:
    return round(min(100.0, max(0.0, number)), 3)


def _text(number: float) -> str:
    return f"{min(100.0, max(0.0, number)):.3f}".rstrip("0").rstrip(".")
