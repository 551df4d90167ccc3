"""Times in TTML: those that ttconv would take for others, or for none, said in seconds."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from plainview.domains.subtitles.formats import timing
from plainview.domains.subtitles.formats.cues import Draft

_NAMESPACE = "http://www.w3.org/ns/ttml"
_TIME = re.compile(r"\d{2,}:\d\d:\d\d(?:\.\d+|:\d{2,}(?:\.\d+)?)?|\d+(?:\.\d+)?(?:h|m|s|ms|f|t)")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_TICKS = re.compile(r"(\d{1,18}(?:\.\d{1,9})?)t")
_DROPPED = re.compile(r"(\d{2,3}):(\d\d):(\d\d);(\d\d)")
_PARAMETER = f"{{{_NAMESPACE}#parameter}}"
_RATES = ("frameRate", "frameRateMultiplier", "subFrameRate", "tickRate")


def resolve(root: ElementTree.Element, draft: Draft) -> None:
    """Say each time of a document as ttconv reads it; what was mended or left out is noted."""
    _count_frames(root)
    _count_ticks(root)
    _tell_times(root, draft)


def _count_frames(root: ElementTree.Element) -> None:
    """Say times that leave out numbers of frames (`00:01:00;02`) in seconds (SMPTE ST 12-1).

    Two numbers are left out at each minute but the tenth, of thirty frames a second.
    """
    stated = root.get(f"{_PARAMETER}frameRate", "30")
    rate = int(stated[:4]) if stated.isdecimal() and 0 < int(stated[:4]) < 1000 else 30
    for element in root.iter():
        for name in ("begin", "end", "dur"):
            if found := _DROPPED.fullmatch(element.get(name, "").strip()):
                hours, minutes, seconds, frames = map(int, found.groups())
                minutes += hours * 60
                count = (minutes * 60 + seconds) * rate + frames
                if rate == 30:
                    count -= 2 * (minutes - minutes // 10)
                element.set(name, f"{count * 1.001 / rate:.4f}s")


def _count_ticks(root: ElementTree.Element) -> None:
    """Say times in ticks in seconds where a file says how many frames a second has and not ticks.

    A tick is then a frame, or a part of one where frames have parts (TTML2, 7.2.14); ttconv would
    take it for a second.
    """
    told = {name: root.get(f"{_PARAMETER}{name}", "") for name in _RATES}
    if told["tickRate"] or not (rate := _whole(told["frameRate"])):
        return
    parts = [_whole(each) for each in told["frameRateMultiplier"].split()]
    up, down = parts if len(parts) == 2 and all(parts) else (1, 1)
    ticks = rate * (_whole(told["subFrameRate"]) or 1) * up / down
    for element in root.iter():
        for name in ("begin", "end", "dur"):
            if found := _TICKS.fullmatch(element.get(name, "").strip()):
                element.set(name, f"{float(found[1]) / ticks:.4f}s")


def _whole(said: str) -> int:
    """A number of a file, within reason; nought if it is none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else 0


def _tell_times(root: ElementTree.Element, draft: Draft) -> None:
    """Say times otherwise than TTML has them as it does, and leave out lines whose times say none.

    ttconv would take such a time for none, and so a line for one that begins with the film.
    """
    odd: list[int] = []
    for number, paragraph in enumerate(root.iter(f"{{{_NAMESPACE}}}p"), 1):
        told = [_tells(each, own=each is paragraph) for each in paragraph.iter()]
        if not all(each is not None for each in told):
            draft.note(f"subtitle {number}: the times can’t be read; left out")
            paragraph.clear()
        elif any(told):
            odd.append(number)
    for name in ("body", "div"):
        for element in root.iter(f"{{{_NAMESPACE}}}{name}"):
            _tells(element, own=False)
    if len(odd) == 1:
        draft.note(f"subtitle {odd[0]}: times written otherwise than TTML does; mended")
    elif odd:
        draft.note(
            f"subtitle {odd[0]}: times written otherwise than TTML does, {len(odd)} times; mended"
        )


def _tells(element: ElementTree.Element, *, own: bool) -> bool | None:
    """Whether times of an element had to be written anew; None if its `own` ones can't be read.

    Those of others that can't be read are taken off.
    """
    mended = False
    for name in ("begin", "end", "dur"):
        said = element.get(name, "").strip()
        if not said or _TIME.fullmatch(said):
            continue
        seconds = float(said) if _NUMBER.fullmatch(said) else None
        if (moment := timing.parse_time(said)) is not None and not said.startswith("-"):
            seconds = moment / 1000
        if seconds is not None:
            element.set(name, f"{seconds:.3f}s")
            mended = True
        elif own:
            return None
        else:
            del element.attrib[name]
    return mended
