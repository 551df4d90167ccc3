"""The child that reads an untrusted file and tells what is in it, as JSON on its output.

`probing.py` starts it as `python -I -m …inspector` with its orders. It loads the decoders, then
gives up every right but the one open file, and only then looks at that file's first byte.
"""

import os
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import av.error
import av.logging
import msgspec
from av.container import InputContainer

from plainview.platform.media import clocks, sandbox, sniffing
from plainview.platform.media.errors import MediaError
from plainview.platform.media.facts import Chapter, Limits, Orders, Probe, Reply, one_line
from plainview.platform.media.streams import (
    audio_facts,
    captions_within,
    choose_video,
    documents,
    elsewhere,
    first_pictures,
    in_pairs,
    subtitle_facts,
    video_facts,
)
from plainview.platform.media.whitelist import DEMUXERS, PROTOCOLS

_MOST_CHAPTERS: Final = 500
# PyAV loads parts of itself when a stream first needs them.
_LIBRARIES: Final = (Path(av.__file__).parent, Path(os.__file__).parent)


def inspect(source: int, limits: Limits) -> Probe:
    """Read the facts of the file open as `source`; raises `MediaError` with its verdict."""
    size = os.fstat(source).st_size
    if size > limits.largest_bytes:
        raise MediaError("too-large")
    with os.fdopen(os.dup(source), "rb") as file:
        verdict = sniffing.verdict(file, size)
    if verdict is not None:
        raise MediaError(verdict)
    os.lseek(source, 0, os.SEEK_SET)
    options = {
        "fd": str(source),
        "protocol_whitelist": PROTOCOLS,
        "format_whitelist": DEMUXERS,
        "max_pixels": str(limits.most_pixels),
        "max_streams": "200",
    }
    try:
        container = av.open("fd:", options=options)
    except av.error.FFmpegError as problem:
        raise _unopened(problem) from problem
    with container:
        return _facts(container, size, limits)


def _unopened(problem: av.error.FFmpegError) -> MediaError:
    if isinstance(problem, MemoryError):
        return MediaError("memory", str(problem))
    return MediaError("not-media", str(problem))


def _facts(container: InputContainer, size: int, limits: Limits) -> Probe:
    until = time.monotonic() + limits.probe_seconds * 0.9
    stream = choose_video(container)
    others = elsewhere(container, stream)
    sounds = [each for each in container.streams.audio if each.index not in others]
    texts = [each for each in container.streams.subtitles if each.index not in others]
    seen = first_pictures(container, stream, sounds, limits, until)
    whole = clocks.jumping(container, stream, size, until)
    duration_ms = _duration_ms(container, seen.end_seconds if whole is None else whole)
    if duration_ms > limits.longest_ms:
        raise MediaError("too-long")
    audio = audio_facts(sounds, seen)
    return Probe(
        container=container.format.name,
        duration_ms=duration_ms,
        video=video_facts(stream, seen),
        audio=in_pairs(audio, container.format.name),
        unheard=len(sounds) - len(audio),
        subtitles=(
            *subtitle_facts(texts, documents(container)),
            *captions_within(stream, seen, audio),
        ),
        chapters=_chapters(container, container.start_time or 0),
        others=any(each.index in others for each in container.streams.video),
        begins_us=container.start_time or 0,
    )


def _duration_ms(container: InputContainer, measured: float | None) -> int:
    if measured is not None:
        return max(1, round(measured * 1000))
    return max(1, round((container.duration or 0) / 1000))


def _chapters(container: InputContainer, begins: int) -> tuple[Chapter, ...]:
    """The chapters of a film whose clock begins at so many microseconds."""
    found = []
    for chapter in container.chapters()[:_MOST_CHAPTERS]:
        base = chapter["time_base"] or Fraction(0)
        title = one_line(str(chapter["metadata"].get("title", ""))[:200])
        start, end = (
            max(0, round(chapter[key] * base * 1000 - begins / 1000)) for key in ("start", "end")
        )
        found.append(Chapter(start_ms=start, end_ms=end, title=title))
    return tuple(found)


def answer(orders: Orders) -> Reply:
    """Look at the file and put every outcome into words the parent understands."""
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture() as lament:
        reply = _answer(orders)
    if reply.verdict == "unsupported" and any("Picture size" in line for _, _, line in lament):
        return Reply(verdict="too-many-pixels")
    return reply


def _answer(orders: Orders) -> Reply:
    try:
        return Reply(facts=inspect(orders.source, orders.limits))
    except MediaError as verdict:
        return Reply(verdict=verdict.code, detail=verdict.detail)
    except MemoryError:
        return Reply(verdict="memory")
    except (av.error.FFmpegError, ValueError, OverflowError, ArithmeticError) as problem:
        return Reply(verdict="unsupported", detail=f"{type(problem).__name__}: {problem}"[:500])


def main() -> None:
    """Confine this process, answer, and leave without running anything the decoders left."""
    orders = msgspec.json.decode(sys.argv[1], type=Orders)
    sandbox.confine(
        orders.parent,
        cpu_seconds=int(orders.limits.probe_seconds) + 1,
        memory_bytes=orders.memory_bytes,
        readable=_LIBRARIES,
    )
    reply = msgspec.json.encode(answer(orders), enc_hook=str)
    os.write(sys.stdout.fileno(), reply + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main()
