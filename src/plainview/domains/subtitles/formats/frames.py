"""MicroDVD, whose times count the frames of the film, and MPL2, which counts tenths of a second."""

from __future__ import annotations

import re

from plainview.domains.subtitles.formats import markup
from plainview.domains.subtitles.formats.cues import LAST_MS, Cue, Draft
from plainview.domains.subtitles.formats.placing import settings_of_alignment

_LINE = re.compile(r"\s*([\[{])(\d{1,9})[\]}][\[{](\d{0,9})[\]}](.*)")
_RATE = re.compile(r"\s*(\d{2,3}(?:[.,]\d{1,6})?)\s*(?:fps)?\s*", re.IGNORECASE)
_INFO = re.compile(r"\bmovie info\b.{0,200}?\b(\d{2,3}(?:[.,]\d{1,6})?) ?fps", re.IGNORECASE)
_CODE = re.compile(r"\{([A-Za-z]):([^{}]{0,100})\}")
_COLOUR = re.compile(r"\$([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_USUAL = 23.976
_SLOWEST, _FASTEST = 10.0, 240.0
_TENTHS = 10.0


def parse(text: str, draft: Draft) -> None:
    """Add the cues of a MicroDVD or MPL2 file.

    The first line may say the rate of frames; else it is the film's, or the one that most have.
    """
    found = [
        (number, line)
        for number, each in enumerate(text.split("\n"), 1)
        if (line := _LINE.fullmatch(each))
    ]
    rate = _TENTHS
    if found and found[0][1][1] == "{":
        stated = _stated(found[0][1])
        if stated and _RATE.fullmatch(found[0][1][4]):
            del found[0]
        rate = stated or assumed(draft)
    for at, (number, line) in enumerate(found):
        start = round(int(line[2]) * 1000 / rate)
        if line[3]:
            end = round(int(line[3]) * 1000 / rate)
        elif at + 1 < len(found):
            end = round(int(found[at + 1][1][2]) * 1000 / rate)
        else:
            end = start + LAST_MS
        said, settings = _said(line[4])
        words = draft.words(markup.parse(said, html_like=True), number)
        if words:
            draft.add(Cue(start, end, words, settings), number)


def assumed(draft: Draft) -> float:
    """The rate of frames where a file says none: the film's or the usual one, with a note."""
    if draft.rate:
        draft.note(f"frames are counted as {_shown(draft.rate)} a second, as the film has them")
        return draft.rate
    draft.note(f"frames are counted as {_shown(_USUAL)} a second, since nothing says how many")
    return _USUAL


def _stated(line: re.Match[str]) -> float:
    """The rate of frames that a first line says, or 0."""
    found = _RATE.fullmatch(line[4]) if int(line[2]) <= 1 else None
    found = found or _INFO.search(line[4])
    rate = float(found[1].replace(",", ".")) if found else 0.0
    return rate if _SLOWEST <= rate <= _FASTEST else 0.0


def _shown(rate: float) -> str:
    return f"{rate:.3f}".rstrip("0").rstrip(".")


def _said(text: str) -> tuple[str, str]:
    """Words with SRT's tags for MicroDVD's codes, and where they stand.

    A code in small letters counts for its line, one in capitals for all of them.
    """
    lines, everywhere, settings = list[str](), dict[str, str](), ""
    for line in text.split("|"):
        here = {"i": "<i>"} if line.startswith("/") else {}
        for name, says in _CODE.findall(line):
            (everywhere if name.isupper() else here).update(_tags(name.lower(), says))
            if (name, says) == ("P", "0"):
                settings = settings_of_alignment(8)
        lines.append(_tagged(_CODE.sub("", line.removeprefix("/")), here))
    return _tagged("\n".join(lines), everywhere), settings


def _tags(name: str, says: str) -> dict[str, str]:
    """The tags that a code stands for, by their names."""
    if name == "y":
        return {each: f"<{each}>" for each in "biu" if each in says.lower()}
    if name == "c" and (found := _COLOUR.fullmatch(says)):
        return {"font": f'<font color="#{found[3]}{found[2]}{found[1]}">'}
    return {}


def _tagged(words: str, tags: dict[str, str]) -> str:
    return "".join([*tags.values(), words, *(f"</{name}>" for name in reversed(tags))])
