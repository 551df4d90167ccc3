"""Writes the WebVTT file that tells a player which part of which sheet shows which moment."""

import math
from fractions import Fraction

from plainview.platform.media.facts import Thumbnails
from plainview.platform.media.ladder import Stills

INDEX = "thumbnails.vtt"


def cues(stills: Stills, fps: Fraction, frames: int) -> tuple[str, Thumbnails]:
    """The text of the index for a film of `frames` pictures, and what to say of it."""
    count = max(1, math.ceil(frames / stills.every))
    per_sheet = stills.side**2
    lines = ["WEBVTT", ""]
    for number in range(count):
        sheet, place = divmod(number, per_sheet)
        row, column = divmod(place, stills.side)
        begins = number * stills.every / fps
        ends = min((number + 1) * stills.every, frames) / fps
        box = f"{column * stills.width},{row * stills.height},{stills.width},{stills.height}"
        lines.append(f"{_clock(begins)} --> {_clock(ends)}")
        lines += [f"{_sheet(sheet)}#xywh={box}", ""]
    described = Thumbnails(
        index=INDEX,
        sheets=tuple(_sheet(number) for number in range(math.ceil(count / per_sheet))),
        width=stills.width,
        height=stills.height,
    )
    return "\n".join(lines), described


def _sheet(number: int) -> str:
    return f"thumbnails-{number + 1}.jpg"


def _clock(seconds: Fraction) -> str:
    whole = round(seconds * 1000)
    minutes, milliseconds = divmod(whole, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
