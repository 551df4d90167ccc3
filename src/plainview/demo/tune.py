"""The sound of the films: pads, bells, piano-like notes, wind, rain and sea, in numpy.

Sound is samples x 2 (left, right) of 32-bit floats, `RATE` a second. Notes are numbers as on a
keyboard: 69 is the A of 440 Hz.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]


def silence(seconds: float) -> Sound:
    """Nothing, to add to."""
    return np.zeros((round(seconds * RATE), 2), np.float32)


def hertz(note: float) -> float:
    """The frequency of a note."""
    return float(440 * 2 ** ((note - 69) / 12))


def place(track: Sound, sound: Sound, at: float, *, gain: float = 1.0, pan: float = 0.0) -> None:
    """Add a sound to the track in place at a time in seconds; pan from -1 (left) to 1 (right)."""
    begin = round(at * RATE)
    part = sound[: max(0, len(track) - begin)]
    sides = np.array([np.sqrt((1 - pan) / 2), np.sqrt((1 + pan) / 2)], np.float32) * np.sqrt(2)
    track[begin : begin + len(part)] += part * (gain * sides).astype(np.float32)


def pluck(note: float, seconds: float = 3.0, *, bright: float = 0.5) -> Sound:
    """A soft hammered string."""
    t = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    wave = np.zeros_like(t)
    for partial in range(1, 8):
        pitch = hertz(note) * partial * np.sqrt(1 + 0.0004 * partial**2)
        if pitch > 12_000:
            break
        decay = np.exp(-t * (1.1 + 0.75 * partial))
        wave += np.sin(2 * np.pi * pitch * t, dtype=np.float32) * decay * bright ** (partial - 1)
    wave *= np.minimum(t / 0.006, 1) * np.minimum((seconds - t) / 0.2, 1)
    return np.stack([wave, np.roll(wave, 40)], axis=1).astype(np.float32) * 0.5


def bell(note: float, seconds: float = 4.0) -> Sound:
    """A small bell: partials that don't quite agree."""
    t = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    wave = np.zeros_like(t)
    for ratio, level, fall in ((1, 1, 0.9), (2.01, 0.5, 1.4), (2.74, 0.35, 2.2), (5.4, 0.16, 4.0)):
        wave += (
            level
            * np.sin(2 * np.pi * hertz(note) * ratio * t, dtype=np.float32)
            * np.exp(-t * fall)
        )
    wave *= np.minimum(t / 0.002, 1) * np.minimum((seconds - t) / 0.3, 1)
    return np.stack([wave, np.roll(wave, 90)], axis=1).astype(np.float32) * 0.35


def pad(notes: Sequence[float], seconds: float, *, swell: float = 1.2) -> Sound:
    """A chord of slow, wide strings that comes and goes in `swell` seconds."""
    t = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    sides = [np.zeros_like(t), np.zeros_like(t)]
    for number, note in enumerate(notes):
        for side, detune in enumerate((-0.06, 0.06)):
            pitch = hertz(note + detune)
            turn = 2 * np.pi * pitch * t + number
            wave = np.sin(turn, dtype=np.float32) + 0.32 * np.sin(2 * turn, dtype=np.float32)
            wave += 0.12 * np.sin(3 * turn + 1, dtype=np.float32)
            sides[side] += wave * (1 + 0.2 * np.sin(2 * np.pi * 0.21 * t + number + side))
    shape = np.minimum(np.minimum(t / swell, (seconds - t) / swell), 1).clip(0) ** 1.5
    return (np.stack(sides, axis=1) * shape[:, None] / len(notes)).astype(np.float32) * 0.5


def noise(seconds: float, *, low: float, high: float, seed: int, tilt: float = 0.5) -> Sound:
    """Noise between two frequencies in Hz, quieter by `tilt` as it goes up: wind, sea, rain."""
    count = round(seconds * RATE)
    rng = np.random.default_rng(seed)
    sides = []
    pitch = np.fft.rfftfreq(count, 1 / RATE)
    shape = np.zeros_like(pitch)
    inside = (pitch > low) & (pitch < high)
    shape[inside] = (pitch[inside] / low) ** -tilt
    for _ in range(2):
        spectrum = shape * np.exp(2j * np.pi * rng.random(len(pitch)))
        wave = np.fft.irfft(spectrum, count)
        sides.append(wave / (np.abs(wave).max() or 1))
    return np.stack(sides, axis=1).astype(np.float32)


def sway(seconds: float, period: float, *, depth: float = 0.7) -> Sound:
    """A slow rise and fall between 1 - depth and 1, to multiply with: waves on a shore."""
    t = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * t / period)
    return (1 - depth + depth * wave**2)[:, None].astype(np.float32)


def room(track: Sound, *, wet: float = 0.25, seconds: float = 1.8) -> Sound:
    """The track in a room: a tail of soft, fading noise."""
    count = round(seconds * RATE)
    rng = np.random.default_rng(11)
    fall = np.exp(-np.arange(count) / (0.28 * count))[:, None]
    tail = rng.standard_normal((count, 2)) * fall
    tail /= np.sqrt((tail**2).sum(axis=0))
    size = 1 << (len(track) + count - 1).bit_length()
    echoed = np.fft.irfft(
        np.fft.rfft(track, size, axis=0) * np.fft.rfft(tail, size, axis=0), size, 0
    )
    return (track * (1 - wet) + echoed[: len(track)] * wet).astype(np.float32)


def finish(track: Sound, *, fade_in: float = 0.4, fade_out: float = 1.6) -> Sound:
    """The track faded at both ends and brought to an even loudness without clipping."""
    t = np.arange(len(track), dtype=np.float32) / RATE
    ends = np.minimum(np.minimum(t / fade_in, (t[-1] - t) / fade_out), 1).clip(0)
    track = track * ends[:, None]
    loud = float(np.sqrt((track**2).mean())) or 1.0
    return np.tanh(track * (0.11 / loud)).astype(np.float32)
