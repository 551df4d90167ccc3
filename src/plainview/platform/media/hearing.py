"""Hears decoded sound: the points of its waveform, and the stretches in which somebody speaks.

Apart from `outlining`, which every process loads, since NumPy and the detector of speech take a
tenth of a second that only the worker who hears a film should pay.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from plainview.platform.media import speech

_BLOCK: Final = 2**20


def heard(path: Path, rate: int, per_point: int) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """Points and stretches (ms) of a file of mono 16-bit samples at `rate` a second.

    A point is the least and the greatest of `per_point` samples, at 8 bits each; the samples
    after the last whole point have none.
    """
    if not path.stat().st_size:
        return b"", ()
    sound = np.memmap(path, "<i2", mode="r")
    return _points(sound, per_point).tobytes(), tuple(speech.stretches(_blocks(sound), rate))


def _blocks(sound: np.ndarray) -> Iterator[bytes]:
    for start in range(0, len(sound), _BLOCK):
        yield sound[start : start + _BLOCK].tobytes()


def _points(sound: np.ndarray, per_point: int) -> np.ndarray:
    whole = len(sound) // per_point * per_point
    made = np.empty((whole // per_point, 2), np.int8)
    step = _BLOCK // per_point * per_point
    for start in range(0, whole, step):
        block = sound[start : min(start + step, whole)].reshape(-1, per_point)
        at = start // per_point
        made[at : at + len(block), 0] = block.min(axis=1) >> 8
        made[at : at + len(block), 1] = block.max(axis=1) >> 8
    return made
