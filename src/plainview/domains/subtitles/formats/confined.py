"""Reading a file of strangers in a process of its own, which may open nothing and has limits.

`read_confined` starts it as `python -I -m …confined` with the file as an open descriptor. It loads
the readers, gives up every right, and only then looks at the first byte.
"""

from __future__ import annotations

import os
import site
import sys
import tempfile
from pathlib import Path

import msgspec

from plainview.domains.subtitles.formats.cues import (
    MAX_BYTES,
    Cue,
    Reading,
    SubtitleError,
    Subtitles,
)
from plainview.domains.subtitles.formats.reading import read
from plainview.platform.media import sandbox
from plainview.platform.media.decoders import Allowance, failure, run_child
from plainview.platform.media.errors import MediaError

_SECONDS, _MEMORY, _LONGEST_REPLY, _LINE = 30, 1 << 30, 64 << 20, 1 << 15
# Readers load parts of themselves when a text first needs them.
_LIBRARIES = (Path(os.__file__).parent, *map(Path, site.getsitepackages()))


class _Orders(msgspec.Struct, frozen=True):
    parent: int
    source: int
    filename: str = ""
    encoding: str = ""
    language: str = ""


class _Reply(msgspec.Struct, frozen=True):
    """What was read, or the refusal: code, message, remedy and line."""

    cues: list[tuple[int, int, str, str, str, str]] = []
    format: str = ""
    encoding: str = ""
    language: str | None = None
    notes: list[str] = []
    head: str = ""
    others: list[tuple[str, str, str]] = []
    refusal: tuple[str, str, str, int | None] | None = None


def read_confined(
    data: bytes, *, filename: str = "", encoding: str = "", language: str = ""
) -> Subtitles:
    """As `formats.read`, for files that strangers bring. Raises SubtitleError, and nothing else.

    A file that takes more than half a minute or a gibibyte is refused (too-costly).
    """
    if len(data) > MAX_BYTES:
        return read(data, filename=filename)  # which refuses it by its size
    reply = msgspec.json.decode(_asked(data, filename, encoding, language), type=_Reply)
    if reply.refusal is not None:
        raise SubtitleError(*reply.refusal)
    cues = tuple(Cue(*each) for each in reply.cues)
    notes = tuple(reply.notes)
    others = tuple(Reading(*each) for each in reply.others)
    return Subtitles(cues, reply.format, reply.encoding, reply.language, notes, reply.head, others)


def _asked(data: bytes, filename: str, encoding: str, language: str) -> bytes:
    said = bytearray()

    def hear(line: bytes) -> bool:
        said.extend(line)
        return len(said) <= _LONGEST_REPLY

    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        orders = _Orders(os.getpid(), file.fileno(), filename[-255:], encoding, language)
        command = [sys.executable, "-I", "-m", __name__, msgspec.json.encode(orders).decode()]
        allowance = Allowance(
            wall_seconds=_SECONDS,
            still_seconds=_SECONDS,
            cpu_seconds=_SECONDS,
            memory_bytes=_MEMORY,
        )
        try:
            problem = failure(
                run_child(command, source=file.fileno(), allowance=allowance, hear=hear)
            )
        except MediaError as error:
            problem = error
    if problem is not None or not said:
        raise SubtitleError(
            "too-costly",
            f"{filename or 'This file'} could not be read within the time and memory there are.",
            "Check that it is the right file, or save it anew in a subtitle editor.",
        ) from problem
    return bytes(said)


def _answer(orders: _Orders) -> _Reply:
    with os.fdopen(os.dup(orders.source), "rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        found = read(
            data,
            filename=orders.filename,
            encoding=orders.encoding or None,
            language=orders.language or None,
        )
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
    )


def main() -> None:
    """Confine this process, answer, and leave."""
    orders = msgspec.json.decode(sys.argv[1], type=_Orders)
    try:
        sandbox.die_with(orders.parent)
        sandbox.set_limits(cpu_seconds=_SECONDS, memory_bytes=_MEMORY, file_bytes=0)
        sandbox.close_the_world(readable=_LIBRARIES)
    except sandbox.ConfinementFailed as problem:
        sys.stderr.write(f"confinement: {problem}\n")
        sys.exit(sandbox.UNCONFINED)
    reply = msgspec.json.encode(_answer(orders))
    for at in range(0, len(reply), _LINE):  # whoever hears it takes lines, and no long ones
        sys.stdout.buffer.write(reply[at : at + _LINE] + b"\n")
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
