"""Captions of television: SCC as North America has them, EBU STL as Europe does.

ttconv reads both (CEA-608; EBU Tech 3264) into the model that it has of TTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from plainview.domains.subtitles.formats.cues import Draft, SubtitleError
from plainview.domains.subtitles.formats.decoding import Decoded

if TYPE_CHECKING:
    from ttconv import model

SCC = re.compile(r"\s*Scenarist_SCC V")
STL = re.compile(rb"\d{3}STL\d\d\.\d\d")
_HEAD, _BLOCK = 1024, 128
_BEGINS = slice(256, 264)
_CLOCK = re.compile(rb"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d[0-2]\d")
_COMMENT, _FILLING = 15, b"\x8f"
"""Where a block says that it is for translators alone, and what fills one up."""
_MORE, _MOST_MORE = 3, 8
"""Where it says whether more of the same subtitle follows; of more blocks than these none is."""
_TIGHT = re.compile(r"position:([\d.]+)% size:([\d.]+)%(?= align:start)")
_EDGE = 95
_LETTERS = {
    b"01": "ISO 8859-5",
    b"02": "ISO 8859-6",
    b"03": "ISO 8859-7",
    b"04": "ISO 8859-8",
}


def undecoded(data: bytes) -> Decoded:
    """An EBU STL file, a character for each byte; which letters they are, its head says."""
    return Decoded(data.decode("latin-1"), _LETTERS.get(data[12:14], "ISO 6937"))


def parse_scc(text: str, draft: Draft) -> None:
    """Add the cues of an SCC file. Raises SubtitleError for what can't be read."""
    from ttconv.scc import reader as scc  # noqa: PLC0415 - see `reading.load`

    from plainview.domains.subtitles.formats import ttml  # noqa: PLC0415

    ttml.add_all(_read("SCC", partial(scc.to_model, text)), draft)
    draft.cues[:] = [replace(cue, settings=_roomy(cue.settings)) for cue in draft.cues]


def _roomy(settings: str) -> str:
    """A place with room up to the edge: a set's letters are as wide as each other, ours are not."""
    return _TIGHT.sub(
        lambda at: f"position:{at[1]}% size:{max(float(at[2]), _EDGE - float(at[1])):g}%", settings
    )


def parse_stl(text: str, draft: Draft) -> None:
    """Add the cues of an EBU STL file, counted from where its programme begins.

    Where all of them are before that, they are counted from midnight. Raises SubtitleError for what
    can't be read.
    """
    from plainview.domains.subtitles.formats import ttml  # noqa: PLC0415 - see `reading.load`

    data = text.encode("latin-1")
    blocks = [data[at : at + _BLOCK] for at in range(_HEAD, len(data), _BLOCK)]
    spoken = [each.ljust(_BLOCK, _FILLING) for each in blocks if each[_COMMENT:][:1] != b"\x01"]
    starts = ("TCP", None) if _CLOCK.fullmatch(data[_BEGINS]) else (None,)
    for begins in starts:
        ttml.add_all(_read("EBU STL", partial(_stl, data[:_HEAD], spoken, begins)), draft)
        if draft.cues:
            return


def _stl(head: bytes, blocks: list[bytes], begins: str | None) -> model.ContentDocument:
    from ttconv.stl.datafile import DataFile  # noqa: PLC0415

    file = DataFile(head, start_tc=begins)
    follow = 0
    for block in blocks:
        follow = follow + 1 if block[_MORE] < 0xF0 else 0
        if follow <= _MOST_MORE:
            file.process_tti_block(block)
    return file.get_document()


def _read(
    name: str, reads: Callable[[], model.ContentDocument | None]
) -> model.ContentDocument | None:
    try:
        return reads()
    except Exception as error:  # ttconv raises what it likes for what it can't make sense of
        raise SubtitleError(
            "bad-captions",
            f"This file is not {name} that can be read.",
            "Convert it to SRT or WebVTT.",
        ) from error
