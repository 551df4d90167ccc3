"""Encodes a film in parts, on any number of machines, and joins them without a seam.

A part begins and ends at a key frame of the whole, counted in frames of the film's constant rate,
so that parts have exactly the frames which one run over the film would have. Sounds are encoded
whole. Joining copies fragments and counts their times on; nothing is encoded again.
"""

import math
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from plainview.platform.media import recipe
from plainview.platform.media.boxes import layout, top_level, walk
from plainview.platform.media.decoders import opened
from plainview.platform.media.facts import DEFAULT_LIMITS, Limits, Package, Probe
from plainview.platform.media.ladder import Plan, plan
from plainview.platform.media.loudness import Loudness, measure
from plainview.platform.media.machine import encoder
from plainview.platform.media.packaging import describe, ignore, run_encoder, threads_for
from plainview.platform.media.slots import needs, slot

FROM_SECONDS: Final = 240
"""Films shorter than this are encoded in one run."""
PART_SECONDS: Final = 120
_SEEKABLE: Final = frozenset(("mov", "matroska", "mp4", "webm"))
_SOUNDS: Final = "sounds.json"
_BLOCK: Final = 2**20


class CantJoin(Exception):
    """Parts that don't fit each other: the film has to be encoded in one run."""


def stretches(
    facts: Probe, *, from_seconds: float = FROM_SECONDS, part_seconds: float = PART_SECONDS
) -> list[tuple[int, int | None]]:
    """(first frame, the one after the last) of each part; none where a film is not to be cut.

    The last part has no end: the film says where that is. Cut are long films with pictures at even
    times, in containers that can be entered anywhere.
    """
    fit = facts.video.steady and not facts.video.interlaced
    seconds = facts.duration_ms / 1000
    if seconds < from_seconds or not fit or not _SEEKABLE & set(facts.container.split(",")):
        return []
    planned = plan(facts, DEFAULT_LIMITS)
    each = planned.group * max(1, round(part_seconds * planned.fps / planned.group))
    starts = range(0, math.floor(seconds * planned.fps) - planned.group, each)
    if len(starts) < 2:
        return []
    ends = [*starts[1:], None]
    return list(zip(starts, ends, strict=True))


def encode_part(
    source: Path,
    into: Path,
    facts: Probe,
    stretch: tuple[int, int | None],
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Make every rendition of a stretch in the empty folder `into`. Raises MediaError, CantJoin."""
    planned = plan(facts, limits)
    first, last = stretch
    frames = (last or math.ceil(facts.duration_ms / 1000 * planned.fps)) - first
    with slot(needs(facts, planned)), opened(source) as descriptor:
        threads = threads_for(limits)
        command = recipe.part(encoder(), descriptor, facts, planned, limits, threads, stretch)
        seconds = float(frames / planned.fps)
        run_encoder(command, descriptor, into, planned, limits, seconds, ignore)
    for step in planned.steps:
        made = _frames(into / f"{step.name}.mp4", planned)
        if made == 0 or (last is not None and made != last - first):
            raise CantJoin(f"{step.name}: {made} frames of {frames} from {first}")


def encode_sounds(
    source: Path,
    into: Path,
    facts: Probe,
    *,
    loudness: float | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Make every sound in the empty folder `into`, and note how loud it was. Raises MediaError."""
    planned = plan(facts, limits)
    loud = {} if loudness is None else measure(source, into, facts, planned.audio, loudness, limits)
    (into / _SOUNDS).write_bytes(msgspec.json.encode(loud))
    if not planned.audio:
        return
    gains = {stream: found.gain for stream, found in loud.items()}
    with opened(source) as descriptor:
        command = recipe.sounds(encoder(), descriptor, planned, limits, gains)
        run_encoder(command, descriptor, into, planned, limits, facts.duration_ms / 1000, ignore)


def join(
    parts: Sequence[Path],
    sounds: Path,
    into: Path,
    facts: Probe,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Package:
    """Make the package in the empty folder `into` of parts in their order, and the sounds.

    Raises CantJoin for parts that do not fit, MediaError.
    """
    if not parts:
        raise CantJoin("there are no parts")
    planned = plan(facts, limits)
    for step in planned.steps:
        name = f"{step.name}.mp4"
        expected = sum(_frames(part / name, planned) for part in parts)
        _append([part / name for part in parts], into / name)
        if _frames(into / name, planned) != expected:
            raise CantJoin(f"{name} came out with other frames than its parts")
    for sound in sounds.glob("a*.mp4"):
        os.replace(sound, into / sound.name)
    loud = msgspec.json.decode((sounds / _SOUNDS).read_bytes(), type=dict[int, Loudness])
    _stills(into, planned, limits, facts.duration_ms / 1000)
    return describe(into, facts, planned, limits, loud)


def _stills(into: Path, planned: Plan, limits: Limits, seconds: float) -> None:
    for name, recipe_of in ((planned.steps[-1].name, recipe.stills),
                            (planned.steps[0].name, recipe.posters)):  # fmt: skip
        with opened(into / f"{name}.mp4") as descriptor:
            command = recipe_of(encoder(), descriptor, planned, threads_for(limits))
            run_encoder(command, descriptor, into, planned, limits, seconds, ignore)


def _frames(path: Path, planned: Plan) -> int:
    """How many pictures a rendition has, by the times of its fragments; 0 if there is none."""
    try:
        with path.open("rb") as file:
            found = layout(file, os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        return 0
    return 0 if found is None else round(found.seconds * planned.fps)


def _append(parts: Sequence[Path], target: Path) -> None:
    """Write the fragments of all parts behind the header of the first, their times counted on."""
    header, ticks, number = b"", 0, 0
    with target.open("xb") as out:
        for path in parts:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                found = layout(file, size)
                if found is None:
                    raise CantJoin(f"{path.name} is empty")
                file.seek(0)
                mine = file.read(found.header)
                if header and mine != header:
                    raise CantJoin(f"{path.name} is described in another way")
                if not header:
                    header = mine
                    out.write(header)
                number = _copy(file, size, found.header, out, ticks, number)
                ticks += sum(segment.ticks for segment in found.segments)


def _copy(file: BinaryIO, size: int, start: int, out: BinaryIO, ticks: int, number: int) -> int:
    for box in top_level(file, size):
        if box.start < start:
            continue
        file.seek(box.start)
        if box.kind == b"moof":
            number += 1
            out.write(_moved(bytearray(file.read(box.end - box.start)), ticks, number))
            continue
        left = box.end - box.start
        while left:
            block = file.read(min(_BLOCK, left))
            if not block:
                raise CantJoin("a part ends early")
            out.write(block)
            left -= len(block)
    return number


def _moved(moof: bytearray, ticks: int, number: int) -> bytearray:
    """A fragment's description with its decode time moved and its number set (ISO 14496-12 8.8)."""
    for box in walk(bytes(moof)):
        if box.kind == b"mfhd":
            struct.pack_into(">I", moof, box.body + 4, number)
        elif box.kind == b"tfdt":
            form = ">Q" if moof[box.body] == 1 else ">I"
            (at,) = struct.unpack_from(form, moof, box.body + 4)
            try:
                struct.pack_into(form, moof, box.body + 4, at + ticks)
            except struct.error:
                raise CantJoin("the film is too long for its times") from None
    return moof
