"""Measures how loud a film's sounds are, by EBU R 128, and says what brings them to a target.

The first of two passes: each sound is decoded, mixed as it will be, and measured by ITU-R BS.1770-4
(integrated loudness in LUFS, true peak in dBTP). The second is the encoding, with one gain over the
whole film, so that its quiet and loud moments keep their distance.
"""

import re
from pathlib import Path
from typing import Final

import msgspec

from plainview.platform.media.decoders import Allowance, failure, opened, run_confined
from plainview.platform.media.facts import Audio, Limits, Probe
from plainview.platform.media.machine import encoder, memory_for
from plainview.platform.media.recipe import listening

HIGHEST_PEAK: Final = -1.0
"""dBTP that no sound is raised beyond (EBU R 128 s2)."""
SILENCE: Final = -60.0
"""LUFS below which nothing is to be heard, and nothing to be raised."""
MOST_GAIN: Final = 20.0
_MEMORY: Final = 2 * 2**30
_SUMMARY: Final = re.compile(
    r"\[ebur128@a(?P<number>\d+) @ 0x[0-9a-f]+\] Summary:"
    r".{0,80}?I:\s+(?P<loudness>-?[\d.]+|-inf) LUFS"
    r".{0,400}?Peak:\s+(?P<peak>-?[\d.]+|-inf) dBFS",
    re.DOTALL,
)


class Loudness(msgspec.Struct, frozen=True):
    """How loud a sound is, in LUFS, how high it goes, in dBTP, and what it is changed by, in dB."""

    integrated: float
    peak: float
    gain: float = 0.0


def measure(
    source: Path,
    into: Path,
    facts: Probe,
    sounds: tuple[Audio, ...],
    target: float,
    limits: Limits,
) -> dict[int, Loudness]:
    """By number of stream, how loud each of `sounds` is and the gain that brings it to `target`.

    What can't be measured is left out, and so stays as it is. Raises OSError.
    """
    if not sounds:
        return {}
    wall = 120 + facts.duration_ms / 1000
    allowance = Allowance(
        wall_seconds=wall,
        still_seconds=limits.still_seconds,
        cpu_seconds=int(wall * 4),
        memory_bytes=memory_for(limits, most=_MEMORY),
    )
    with opened(source) as descriptor:
        ended = run_confined(
            listening(encoder(), descriptor, sounds, limits),
            source=descriptor,
            folder=into,
            allowance=allowance,
            hear=lambda line: line.startswith(b"out_time_us="),
        )
    if ended.status != 0 and failure(ended) is not None:
        return {}
    found = {}
    for said in _SUMMARY.finditer(ended.lament):
        number = int(said["number"])
        if number < len(sounds):
            measured = max(-99.0, float(said["loudness"])), max(-99.0, float(said["peak"]))
            found[sounds[number].index] = Loudness(*measured, gain_to(target, *measured))
    return found


def gain_to(target: float, integrated: float, peak: float) -> float:
    """The gain in dB: to the target, but never so far up that a peak passes `HIGHEST_PEAK`."""
    if integrated <= SILENCE:
        return 0.0
    gain = min(target - integrated, MOST_GAIN)
    return round(min(gain, max(0.0, HIGHEST_PEAK - peak)) if gain > 0 else gain, 2)
