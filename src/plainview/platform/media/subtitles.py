"""Saves the texts that are embedded in a film, each in a file of its own, unread.

Styled texts stay ASS, and closed captions become it for their places; WebVTT stays WebVTT, TTML
stays the documents it came in, all else becomes SRT; turning files into cues is the work of whoever
imports them. Subtitles made of pictures can't be saved as text and are left out;
`Probe.skipped_subtitles` names them. Times count from the film's start, as in the package.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from plainview.platform.media import languages
from plainview.platform.media.decoders import Allowance, failure, opened, run_confined
from plainview.platform.media.errors import MediaError
from plainview.platform.media.facts import (
    CAPTIONS,
    DEFAULT_LIMITS,
    DOCUMENTS,
    Limits,
    Probe,
    Subtitle,
)
from plainview.platform.media.machine import encoder, memory_for
from plainview.platform.media.recipe import captions, reading

KINDS: Final = ("forced", "described", "commented")
_MEMORY: Final = 2 * 2**30
_LARGEST_TEXT: Final = 32 * 2**20
_KEPT: Final = {"ass": "ass", "ssa": "ass", CAPTIONS: "ass", "webvtt": "vtt", DOCUMENTS: "ttml"}
_ENCODERS: Final = {"ass": "ass", "vtt": "webvtt", "srt": "srt"}
# The codecs whose packets can go into such a file as they are.
_COPIED: Final = frozenset(("ass", "webvtt", "subrip", DOCUMENTS))
_CUE: Final = re.compile(rb"-->|Dialogue:|<(?:[A-Za-z]{1,20}:)?p[ \t\r\n>]")


class SubtitleFile(NamedTuple):
    """One text: its BCP 47 language ("" when unknown), its name for people, its file and kind.

    That is "" for all that is said, `forced`, `described` or `commented` as `Subtitle` has them.
    """

    language: str
    name: str
    path: Path
    kind: str = ""


def subtitle_tracks(
    source: Path,
    facts: Probe,
    into: Path,
    *,
    spoken: str = "",
    limits: Limits = DEFAULT_LIMITS,
    missed: Callable[[MediaError], None] | None = None,
) -> list[SubtitleFile]:
    """Save every embedded text of `source` into the folder `into`, as `subtitle-<n>.<kind>`.

    The fullest come first: what the whole film says, before what is said about it or only of its
    foreign words, and of equals the one with the most lines. Streams without a single cue are left
    out. Closed captions that no sound names a language for are in the `spoken` one. If those within
    the pictures or those beside them can't be read, `missed` is told why and the others are kept.
    What it raises ends all, as without it the `MediaError` does; nothing is left then.
    """
    texts = [stream for stream in facts.subtitles if stream.text]
    if not texts:
        return []
    into = into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    wanted = [(stream, into / f"subtitle-{stream.index}.{_ending(stream)}") for stream in texts]
    apart = [each for each in wanted if each[0].index != facts.video.index]
    try:
        for some in (apart, [each for each in wanted if each not in apart]):
            if some:
                _extract_or_miss(source, some, into, facts, limits, missed)
    except BaseException:
        for _, path in wanted:
            path.unlink(missing_ok=True)
        with suppress(OSError):
            into.rmdir()
        raise
    lines = {stream.index: _lines(path) for stream, path in wanted}

    def fullest(numbered: tuple[int, tuple[Subtitle, Path]]) -> tuple[bool, bool, bool, int]:
        stream = numbered[1][0]
        return stream.commented, stream.forced, stream.described, -lines[stream.index]

    return [
        SubtitleFile(*_names(stream, number, spoken), path, _kind_of(stream))
        for number, (stream, path) in sorted(enumerate(wanted, start=1), key=fullest)
        if lines[stream.index]
    ]


def _ending(stream: Subtitle) -> str:
    return _KEPT.get(stream.codec, "srt")


def _kind_of(stream: Subtitle) -> str:
    return next((kind for kind in KINDS if getattr(stream, kind)), "")


def _names(stream: Subtitle, number: int, spoken: str) -> tuple[str, str]:
    heard = spoken if stream.codec == CAPTIONS else ""
    language = languages.tag(stream.language) or languages.tag(heard)
    return language, stream.title or languages.own_name(language) or f"Subtitles {number}"


def _lines(path: Path) -> int:
    """How many cues a file holds; one with none is removed."""
    with suppress(FileNotFoundError):
        if found := len(_CUE.findall(path.read_bytes())):
            return found
        path.unlink()
    return 0


def _extract_or_miss(
    source: Path,
    wanted: list[tuple[Subtitle, Path]],
    into: Path,
    facts: Probe,
    limits: Limits,
    missed: Callable[[MediaError], None] | None,
) -> None:
    try:
        _extract(source, wanted, into, facts, limits)
    except MediaError as problem:
        if missed is None:
            raise
        missed(problem)
        for _, path in wanted:
            path.unlink(missing_ok=True)


def _extract(
    source: Path, wanted: list[tuple[Subtitle, Path]], into: Path, facts: Probe, limits: Limits
) -> None:
    # The film itself is skipped over, not decoded, unless its pictures hold the text.
    within = wanted[0][0].index == facts.video.index
    wall = limits.probe_seconds + facts.duration_ms / 1000 * (limits.encode_factor if within else 1)
    allowance = Allowance(
        wall_seconds=wall,
        still_seconds=wall,
        cpu_seconds=int(wall),
        memory_bytes=memory_for(limits, most=_MEMORY),
        file_bytes=_LARGEST_TEXT,
    )
    with opened(source) as descriptor:
        command = [encoder(), "-nostdin", "-hide_banner", "-y", "-loglevel", "error"]
        command += captions(descriptor, facts) if within else reading(descriptor, limits, 1)
        for stream, path in wanted:
            kind = path.suffix[1:]
            codec = "copy" if stream.codec in _COPIED else _ENCODERS[kind]
            chosen = "0:s:0" if within else f"0:{stream.index}"
            command += ["-map", chosen, "-map_metadata", "-1", "-c:s", codec]
            command += ["-f", "data"] if stream.codec == DOCUMENTS else []
            command += ["-t", str(limits.longest_ms / 1000), path.name]
        ended = run_confined(
            command, source=descriptor, folder=into, allowance=allowance, hear=bool
        )
    problem = failure(ended)
    if problem is not None:
        raise problem
