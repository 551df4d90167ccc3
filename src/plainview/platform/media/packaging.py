"""Makes the package: one confined FFmpeg run, then playlists and indexes of what it wrote."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from plainview.platform.media import languages, playlists, recipe, thumbnails
from plainview.platform.media.boxes import Layout, layout
from plainview.platform.media.decoders import Allowance, failure, opened, run_confined
from plainview.platform.media.errors import MediaError
from plainview.platform.media.facts import (
    DEFAULT_LIMITS,
    AudioTrack,
    Limits,
    Package,
    Probe,
    Rendition,
    fraction,
)
from plainview.platform.media.ladder import Plan, plan
from plainview.platform.media.loudness import SILENCE, Loudness, measure
from plainview.platform.media.machine import encoder, memory_for, processors
from plainview.platform.media.slots import needs, slot

DESCRIPTION: Final = "package.json"
_OURS: Final = re.compile(
    r"(v\d+|a\d+|i\d+|master)\.(mp4|m3u8)|poster\.(jpg|webp)|thumbnails(-\d+)?\.(jpg|vtt)|package\.json"
)
_MEMORY: Final = 8 * 2**30
_SPARE_BYTES: Final = 64 * 2**20
_THREAD_BYTES: Final = 256 * 2**20
_LONG_ENOUGH: Final = 0.98
_SMALLEST_STEP: Final = 0.005


def ignore(fraction: float) -> None:
    """The progress nobody watches."""


def package(
    source: Path,
    into: Path,
    facts: Probe,
    *,
    progress: Callable[[float], None] = ignore,
    limits: Limits = DEFAULT_LIMITS,
    loudness: float | None = None,
) -> Package:
    """Make an adaptive HLS package of `source` in the folder `into`.

    `facts` are what `probe` said of the same file. `into` is a staging folder: it is made when
    missing, a package left in it by a run that was killed is removed first, and on any failure
    all that was made is removed, the folder with it unless it holds something else. Sounds are
    brought to `loudness` in LUFS, if given, by one gain each. `progress` hears the share done, from
    0.0 to 1.0, never less than before. Raises `MediaError`. The encoder dies with the thread that
    called.
    """
    into = into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    _sweep(into)
    try:
        made = _make(source, into, facts, progress, limits, loudness)
    except BaseException as problem:
        _sweep(into)
        with suppress(OSError):
            into.rmdir()
        if isinstance(problem, OSError) and problem.errno == 28:
            raise MediaError("disk-full", str(problem)) from problem
        raise
    progress(1.0)
    return made


def read_package(folder: Path) -> Package:
    """Read back what `package` wrote into `folder`. Raises `OSError` or `msgspec.MsgspecError`."""
    return msgspec.json.decode((folder / DESCRIPTION).read_bytes(), type=Package, dec_hook=fraction)


def _sweep(folder: Path) -> None:
    for entry in list(folder.iterdir()):
        if _OURS.fullmatch(entry.name):
            entry.unlink()


def _make(
    source: Path,
    into: Path,
    facts: Probe,
    progress: Callable[[float], None],
    limits: Limits,
    target: float | None,
) -> Package:
    planned = plan(facts, limits)
    loud = {} if target is None else measure(source, into, facts, planned.audio, target, limits)
    gains = {stream: found.gain for stream, found in loud.items()}
    threads = threads_for(limits)
    with slot(needs(facts, planned)), opened(source) as descriptor:
        command = recipe.command(encoder(), descriptor, facts, planned, limits, threads, gains)
        seconds = facts.duration_ms / 1000
        run_encoder(command, descriptor, into, planned, limits, seconds, progress)
    return describe(into, facts, planned, limits, loud)


def describe(
    into: Path, facts: Probe, planned: Plan, limits: Limits, loud: Mapping[int, Loudness]
) -> Package:
    """Write playlists, index and description of what the encoder left in `into`.

    Raises MediaError if too little of the film is there.
    """
    pictures = [_layout(into / f"{step.name}.mp4") for step in planned.steps]
    sounds = [_layout(into / f"a{number + 1}.mp4") for number in range(len(planned.audio))]
    made = _describe(into, facts, planned, pictures, sounds, limits, loud)
    (into / DESCRIPTION).write_bytes(msgspec.json.encode(made, enc_hook=str))
    return made


def threads_for(limits: Limits) -> int:
    """How many threads an encoder gets."""
    memory = memory_for(limits, most=_MEMORY)
    return max(1, min(processors(), 16, memory // _THREAD_BYTES))


def run_encoder(
    command: list[str],
    descriptor: int,
    into: Path,
    planned: Plan,
    limits: Limits,
    seconds: float,
    progress: Callable[[float], None],
) -> None:
    """Run the encoder over a film, or a stretch of one, of so many seconds. Raises MediaError."""
    wall = 600 + seconds * limits.encode_factor
    # The header may understate the length, so the files get room for twice that and more.
    largest = int(planned.steps[0].most_bits / 8 * (seconds * 2 + 600)) + _SPARE_BYTES
    allowance = Allowance(
        wall_seconds=wall,
        still_seconds=limits.still_seconds,
        cpu_seconds=int(wall * processors()),
        memory_bytes=memory_for(limits, most=_MEMORY),
        file_bytes=largest,
    )
    ended = run_confined(
        command,
        source=descriptor,
        folder=into,
        allowance=allowance,
        hear=_Listener(seconds, progress).hear,
    )
    problem = failure(ended)
    if problem is not None:
        raise problem


class _Listener:
    """Follows the encoder by the times of the pictures it has made, one a line, in seconds."""

    def __init__(self, seconds: float, progress: Callable[[float], None]) -> None:
        self._seconds = seconds
        self._progress = progress
        self._told = -_SMALLEST_STEP
        self._furthest = -1.0

    def hear(self, line: bytes) -> bool:
        """Pass progress on in steps worth telling; answer whether anything moved."""
        try:
            moment = float(line.removeprefix(b"out_time_us=")) / (1e6 if b"=" in line else 1)
        except ValueError:
            return False
        moved = moment > self._furthest
        self._furthest = max(moment, self._furthest)
        share = min(0.99, self._furthest / self._seconds)
        if share - self._told >= _SMALLEST_STEP:
            self._told = share
            self._progress(max(0.0, share))
        return moved


def _layout(path: Path) -> Layout | None:
    try:
        with path.open("rb") as file:
            return layout(file, os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        return None


def _describe(
    into: Path,
    facts: Probe,
    planned: Plan,
    pictures: list[Layout | None],
    sounds: list[Layout | None],
    limits: Limits,
    loud: Mapping[int, Loudness],
) -> Package:
    """Write the playlists and the seek-bar index; refuse a film of which too little is there."""
    shown = [found for found in pictures if found is not None]
    if len(shown) != len(planned.steps):
        raise MediaError("unsupported", "a rendition came out empty")
    heard = [found for found in sounds if found is not None]
    seconds = max(found.seconds for found in (*shown, *heard))
    declared = facts.duration_ms / 1000
    if seconds < declared * limits.least_share:
        raise MediaError("truncated", f"{seconds:.1f} s of {declared:.1f} s")
    mute = _mute(planned, sounds, loud)
    kept = [None if number in mute else found for number, found in enumerate(sounds)]
    audio = _audio_tracks(into, planned, kept, loud)
    renditions = _renditions(into, planned, shown, heard)
    (into / "master.m3u8").write_text(playlists.master(renditions, audio), encoding="utf-8")
    frames = round(shown[0].seconds * planned.fps)
    text, pictured = thumbnails.cues(planned.stills, planned.fps, frames)
    (into / pictured.index).write_text(text, encoding="utf-8")
    remarks = {
        "shorter-than-declared": seconds < declared * _LONG_ENOUGH and declared - seconds > 1,
        "sound-dropped": len(heard) < len(sounds) or facts.unheard > 0,
        "silence-dropped": bool(mute),
        "more-audio-than-kept": len(facts.audio) > len(planned.audio),
        "other-programmes": facts.others,
    }
    return Package(
        duration_ms=round(seconds * 1000),
        width=planned.steps[0].width,
        height=planned.steps[0].height,
        renditions=tuple(renditions),
        audio=tuple(audio),
        poster=recipe.POSTER,
        thumbnails=pictured,
        remarks=tuple(code for code, holds in remarks.items() if holds),
        chapters=facts.chapters,
    )


def _renditions(
    into: Path, planned: Plan, shown: list[Layout], heard: list[Layout]
) -> list[Rendition]:
    """Write a playlist for each size; bandwidths count the costliest sound in."""
    sound_peak = max((playlists.peak(found) for found in heard), default=0)
    sound_average = max((playlists.average(found) for found in heard), default=0)
    made = []
    for step, found in zip(planned.steps, shown, strict=True):
        text = playlists.media(f"{step.name}.mp4", found)
        (into / f"{step.name}.m3u8").write_text(text, encoding="utf-8")
        keys = playlists.key_frames(f"{step.name}.mp4", found)
        (into / f"i{step.name[1:]}.m3u8").write_text(keys, encoding="utf-8")
        made.append(
            Rendition(
                name=step.name,
                width=step.width,
                height=step.height,
                fps=planned.fps,
                bandwidth=playlists.peak(found) + sound_peak,
                average_bandwidth=playlists.average(found) + sound_average,
                codecs=",".join([found.codecs, *(["mp4a.40.2"] if heard else [])]),
                key_bandwidth=playlists.key_peak(found),
            )
        )
    return made


def _mute(
    planned: Plan, sounds: list[Layout | None], loud: Mapping[int, Loudness]
) -> frozenset[int]:
    """The numbers of sounds that are silence under no name, as broadcasts fill what they don't use.

    None of them where there is nothing else to be heard.
    """
    found = {
        number
        for number, stream in enumerate(planned.audio)
        if not stream.title
        and not stream.language
        and stream.index in loud
        and loud[stream.index].peak <= SILENCE
    }
    others = [each for number, each in enumerate(sounds) if number not in found]
    return frozenset(found) if any(others) else frozenset()


def _audio_tracks(
    into: Path, planned: Plan, sounds: list[Layout | None], loud: Mapping[int, Loudness]
) -> list[AudioTrack]:
    """Write a playlist for each sound that came out; exactly one of them is the default."""
    made: list[AudioTrack] = []
    for number, (stream, found) in enumerate(zip(planned.audio, sounds, strict=True), start=1):
        name = f"a{number}"
        if found is None:
            (into / f"{name}.mp4").unlink(missing_ok=True)
            continue
        text = playlists.media(f"{name}.mp4", found)
        (into / f"{name}.m3u8").write_text(text, encoding="utf-8")
        language = languages.tag(stream.language)
        measured = loud.get(stream.index)
        title = stream.title or languages.own_name(language) or f"Audio {number}"
        if stream.described and not stream.title:
            title = f"{title} (AD)"
        if title in {track.title for track in made}:
            title = f"{title} ({number})"
        made.append(
            AudioTrack(
                name=name,
                title=title,
                language=language,
                default=not made,
                bandwidth=playlists.peak(found),
                codecs=found.codecs,
                loudness=measured.integrated if measured else None,
                peak=measured.peak if measured else None,
                gain=measured.gain if measured else 0.0,
                described=stream.described,
            )
        )
    return made
