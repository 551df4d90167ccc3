"""Reading a file of strangers in a process of its own (`platform.media.apart`)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from plainview.domains.subtitles.formats.cues import (
    MAX_BYTES,
    Cue,
    Reading,
    SubtitleError,
    Subtitles,
)
from plainview.domains.subtitles.formats.reading import load, read
from plainview.platform.media import apart, vintage
from plainview.platform.media.bounds import Bounds
from plainview.platform.media.errors import UPDATING, MediaError

_BOUNDS = Bounds(seconds=30, memory_bytes=1 << 30, most_bytes=MAX_BYTES + 1, longest_reply=64 << 20)
vintage.follow(Path(__file__).parent)


class _Reply(msgspec.Struct, frozen=True):
    """What was read, or the refusal: code, message, remedy and line."""

    cues: list[tuple[int, int, str, str, str, str]] = []
    format: str = ""
    encoding: str = ""
    language: str | None = None
    notes: list[str] = []
    head: str = ""
    others: list[tuple[str, str, str]] = []
    tongues: tuple[str, ...] = ()
    refusal: tuple[str, str, str, int | None] | None = None


def read_confined(
    data: bytes, *, filename: str = "", encoding: str = "", language: str = "", rate: float = 0.0
) -> Subtitles:
    """As `formats.read`, for files that strangers bring. Raises SubtitleError, and nothing else.

    A file that takes more than half a minute or a gibibyte is refused (too-costly); one that comes
    while the code is being replaced below this process is to come again (updating).
    """
    if len(data) > MAX_BYTES:
        return read(data, filename=filename)  # which refuses it by its size
    try:
        said = apart.ask(__name__, data, [filename[-255:], encoding, language, str(rate)], _BOUNDS)
    except MediaError as problem:
        if problem.code == UPDATING:
            raise SubtitleError(
                UPDATING,
                "The service is being updated, and can’t read subtitles at this moment.",
                "Try again in a few minutes.",
            ) from problem
        raise SubtitleError(
            "too-costly",
            f"{filename or 'This file'} could not be read within the time and memory there are.",
            "Check that it is the right file, or save it anew in a subtitle editor.",
        ) from problem
    reply = msgspec.json.decode(said, type=_Reply)
    if reply.refusal is not None:
        raise SubtitleError(*reply.refusal)
    cues = tuple(Cue(*each) for each in reply.cues)
    notes = tuple(reply.notes)
    others = tuple(Reading(*each) for each in reply.others)
    return Subtitles(
        cues,
        reply.format,
        reply.encoding,
        reply.language,
        notes,
        reply.head,
        others,
        reply.tongues,
    )


def _answer(data: bytes, words: list[str]) -> bytes:
    filename, encoding, language, rate = words
    return msgspec.json.encode(
        _read(data, filename, encoding or None, language or None, float(rate))
    )


def _read(
    data: bytes, filename: str, encoding: str | None, language: str | None, rate: float
) -> _Reply:
    try:
        found = read(data, filename=filename, encoding=encoding, language=language, rate=rate)
    except SubtitleError as error:
        return _Reply(refusal=(error.code, error.message, error.remedy, error.line))
    rows = [
        (each.start_ms, each.end_ms, each.text, each.settings, each.identifier, each.original)
        for each in found.cues
    ]
    others = [(each.encoding, each.name, each.words) for each in found.others]
    return _Reply(
        rows,
        found.format,
        found.encoding,
        found.language,
        list(found.notes),
        found.head,
        others,
        found.tongues,
    )


def main() -> None:
    """Read as the child that `read_confined` waits for."""
    load()
    apart.answer(_answer, _BOUNDS)


if __name__ == "__main__":
    main()
