"""Hears and watches a finished package for those who cut subtitles to it.

Two confined FFmpeg runs over the package's own files, so that a film taken in years ago is outlined
as a new one is, and every time is one of the picture that viewers get: the sound at 8 kHz, from
which the waveform and the stretches of speech come, and the cuts between shots, by FFmpeg's scene
detection. `waveform.dat` is BBC audiowaveform's format, version 1 at 8 bits; `outline.json` an
`Outline`.
"""

import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Final

import msgspec

from plainview.platform.media.decoders import Allowance, failure, opened, run_confined
from plainview.platform.media.facts import DEFAULT_LIMITS, Limits, Outline, Package, fraction
from plainview.platform.media.machine import encoder, memory_for
from plainview.platform.media.recipe import reading

DESCRIPTION: Final = "outline.json"
WAVEFORM: Final = "waveform.dat"
RATE: Final = 8000
POINTS_A_SECOND: Final = 50
_SHOT: Final = 10.0
"""The score from which FFmpeg's `scdet` calls it a cut: its own default."""
_SOUND, _CUTS = "sound.pcm", "cuts.txt"
_MEMORY: Final = 2 * 2**30
_SPARE_BYTES: Final = 4 * 2**20
_CUT_BYTES: Final = 200


def outline(
    folder: Path, package: Package, into: Path, *, limits: Limits = DEFAULT_LIMITS
) -> Outline:
    """Write `waveform.dat` and `outline.json` into a package's folder, by way of the folder `into`.

    It is this package's own: what an attempt that died left there goes first, and it is gone in the
    end. The description appears last and whole, so that whoever finds it finds both. Raises
    `MediaError`, and `OSError` when a file of the package is missing; nothing is left then.
    """
    fps = package.renditions[-1].fps
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True, exist_ok=True)
    with _until_empty(into), tempfile.TemporaryDirectory(dir=into) as name:
        work = Path(name)
        shots = _shots(folder, package, work, fps, limits)
        spoken: tuple[tuple[int, int], ...] = ()
        points = b""
        if package.audio:
            from plainview.platform.media import hearing  # noqa: PLC0415 - NumPy, for workers alone

            sound = _sound(folder, package, work, limits)
            points, spoken = hearing.heard(sound, RATE, RATE // POINTS_A_SECOND)
        made = Outline(fps=fps, duration_ms=package.duration_ms, shots=shots, speech=spoken)
        _place(work / WAVEFORM, folder, _header(len(points) // 2) + points)
        _place(work / DESCRIPTION, folder, msgspec.json.encode(made, enc_hook=str))
    return made


@contextmanager
def _until_empty(folder: Path) -> Iterator[None]:
    """Remove the folder in the end, unless somebody else works in it."""
    try:
        yield
    finally:
        with suppress(OSError):
            folder.rmdir()


def read_outline(folder: Path) -> Outline | None:
    """The outline in a package's folder, if it was made. Raises `msgspec.MsgspecError`."""
    with suppress(FileNotFoundError):
        return msgspec.json.decode(
            (folder / DESCRIPTION).read_bytes(), type=Outline, dec_hook=fraction
        )
    return None


def frame_ms(frame: int, fps: Fraction) -> int:
    """When a frame begins, in whole milliseconds."""
    return round(frame * 1000 / fps)


def sources(package: Package) -> list[str]:
    """The files of a package that `outline` reads: its largest picture, its first sound if any."""
    tracks = [package.renditions[-1].name, *(each.name for each in package.audio[:1])]
    return [f"{name}.mp4" for name in tracks]


def _shots(
    folder: Path, package: Package, work: Path, fps: Fraction, limits: Limits
) -> tuple[int, ...]:
    """Where a shot begins, in milliseconds, each the beginning of a frame."""
    seconds = package.duration_ms / 1000
    detect = f"scdet=threshold={_SHOT},metadata=mode=print:key=lavfi.scd.time:file={_CUTS}"
    picture = folder / sources(package)[0]
    most = int(seconds * fps + 1000) * _CUT_BYTES
    _run(picture, work, most, seconds, limits, ["-map", "0:v:0", "-vf", detect, "-f", "null", "-"])
    found = set()
    for line in (work / _CUTS).read_text().splitlines() if (work / _CUTS).exists() else ():
        name, _, value = line.partition("=")
        if name == "lavfi.scd.time":
            found.add(frame_ms(round(float(value) * fps), fps))
    return tuple(sorted(found - {0}))


def _sound(folder: Path, package: Package, work: Path, limits: Limits) -> Path:
    """A file of the first sound: mono at 8 kHz, 16-bit samples."""
    seconds = package.duration_ms / 1000
    most = int((seconds * 2 + 60) * RATE * 2)
    decode = ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", _SOUND]
    _run(folder / sources(package)[1], work, most, seconds, limits, decode)
    return work / _SOUND


def _run(
    source: Path, work: Path, most: int, seconds: float, limits: Limits, arguments: list[str]
) -> None:
    wall = 600 + seconds * limits.encode_factor
    allowance = Allowance(
        wall_seconds=wall,
        still_seconds=wall,
        cpu_seconds=int(wall * 2),
        memory_bytes=memory_for(limits, most=_MEMORY),
        file_bytes=most + _SPARE_BYTES,
    )
    with opened(source) as descriptor:
        command = [encoder(), "-nostdin", "-hide_banner", "-loglevel", "error", "-nostats", "-y"]
        command += [*reading(descriptor, limits, threads=2), *arguments]
        ended = run_confined(
            command, source=descriptor, folder=work, allowance=allowance, hear=bool
        )
    problem = failure(ended)
    if problem is not None:
        raise problem


def _header(points: int) -> bytes:
    """Version 1, 8 bits, sample rate, samples a point, points (audiowaveform's DataFormat.md)."""
    return struct.pack("<iIiiI", 1, 1, RATE, RATE // POINTS_A_SECOND, points)


def _place(path: Path, folder: Path, data: bytes) -> None:
    path.write_bytes(data)
    os.replace(path, folder / path.name)
