"""Decides what is made of a film: sizes, picture rate, sounds, seek-bar pictures.

Pure arithmetic on the facts; `recipe.py` turns the plan into a command.
"""

import math
from fractions import Fraction
from typing import Final

import msgspec

from plainview.platform.media.facts import Audio, Limits, Probe

SEGMENT_SECONDS: Final = 4
MOST_AUDIO: Final = 4

# Shorter sides below the top one; the last is taken only where nothing else is smaller.
_RUNGS: Final = (1080, 720, 480, 270)
_LAST_RUNG: Final = 144
_MOST_RENDITIONS: Final = 4
_STEP: Final = 0.81

_HIGHEST_RATE: Final = 60
_STANDARD_RATES: Final = (
    *(Fraction(count * 1000, 1001) for count in (24, 30, 48, 60)),
    *(Fraction(count) for count in (12, 15, 24, 25, 30, 48, 50, 60)),
)
_SAME_RATE: Final = Fraction(1, 500)
_FIELDS: Final = 2

_THUMB_SIDE: Final = 160
_SHEET_SIDE: Final = 5
_POSTER_WIDTH: Final = 1280
_POSTER_CANDIDATES: Final = 40


class Step(msgspec.Struct, frozen=True):
    """One rendition to make; `most_bits` a second is what its encoder may average over a second."""

    width: int
    height: int
    most_bits: int

    @property
    def name(self) -> str:
        """The stem of its files."""
        return f"v{self.height}"


class Stills(msgspec.Struct, frozen=True):
    """Pictures taken from the film: each `every`-th frame for the seek bar, some for the poster."""

    every: int
    width: int
    height: int
    side: int
    poster_width: int
    poster_height: int
    poster_every: int
    poster_candidates: int


class Plan(msgspec.Struct, frozen=True):
    """All that is to be made of one film. `steps` goes from the largest to the smallest."""

    fps: Fraction
    group: int
    steps: tuple[Step, ...]
    audio: tuple[Audio, ...]
    stills: Stills


def plan(facts: Probe, limits: Limits) -> Plan:
    """Plan the package of a film, never larger nor faster than the film itself."""
    fps = steady_rate(facts.fps, steady=facts.video.steady, finest=facts.video.finest)
    steps = tuple(
        Step(width, height, _bits(width, height, fps))
        for width, height in _sizes(facts.width, facts.height, limits.tallest)
    )
    return Plan(
        fps=fps,
        group=max(1, round(fps * SEGMENT_SECONDS)),
        steps=steps,
        audio=_voices(facts.audio),
        stills=_stills(steps[0], fps, facts.duration_ms / 1000),
    )


def steady_rate(average: Fraction, *, steady: bool, finest: Fraction = Fraction(0)) -> Fraction:
    """The constant rate that shows a film best: its own, or the standard one next above.

    A film that stands still for a while, or says its length with its sound's, has a low average; a
    standard rate that all its pictures fit, the `finest`, then shows it as it moves (but not twice
    its rate, which is that of fields).
    Rates beyond 60 are divided by a whole number, so that no frame is shown unevenly.
    """
    rate = average
    if rate > _HIGHEST_RATE * (1 + _SAME_RATE):
        rate /= math.ceil(rate / _HIGHEST_RATE)
    near = min(_STANDARD_RATES, key=lambda standard: abs(standard / rate - 1))
    if abs(near / rate - 1) < (_SAME_RATE if not steady else Fraction(1, 2500)):
        return near
    fields = abs(finest / rate / _FIELDS - 1) < _SAME_RATE
    if finest in _STANDARD_RATES and (steady or finest > rate) and not fields:
        return finest
    if not steady:
        rate = min((r for r in _STANDARD_RATES if r >= rate), default=Fraction(_HIGHEST_RATE))
    return max(Fraction(1), rate.limit_denominator(1001))


def _sizes(width: int, height: int, tallest: int) -> list[tuple[int, int]]:
    """Sizes from the largest down, all even, all of the film's shape."""
    short = min(width, height)
    top = min(short, tallest)
    sides = [top]
    for rung in _RUNGS:
        if rung <= sides[-1] * _STEP and len(sides) < _MOST_RENDITIONS:
            sides.append(rung)
    if len(sides) == 1 and top * _STEP >= _LAST_RUNG:
        sides.append(_LAST_RUNG)
    return [(_even(width * side / short), _even(height * side / short)) for side in sides]


def _even(pixels: float) -> int:
    return max(2, int(pixels + 1e-6) // 2 * 2)


def _bits(width: int, height: int, fps: Fraction) -> int:
    """Bits a second for a busy picture: 5 million at 1080p30, growing slower than the pixels do."""
    swift = max(1.0, float(fps) / 30) ** 0.5
    return int(92 * (width * height) ** 0.75 * swift / 1000 + 50) * 1000


def _voices(streams: tuple[Audio, ...]) -> tuple[Audio, ...]:
    """One stream for each language, kind and title, the default first; the most channels win.

    Of what has neither language nor title nobody knows that it says the same, so each is one.
    """
    kept: dict[object, Audio] = {}
    for stream in sorted(streams, key=lambda s: (not s.default, -s.channels, s.index)):
        named = stream.title or stream.language not in ("", "und")
        words = stream.language, stream.title, stream.described, stream.commented
        kept.setdefault(words if named else stream.index, stream)
    return tuple(kept.values())[:MOST_AUDIO]


def poster_size(width: int, height: int) -> tuple[int, int]:
    """How large the poster of a film is whose largest rendition has this size."""
    shrink = min(1.0, _POSTER_WIDTH / width)
    return _even(width * shrink), _even(height * shrink)


def _stills(top: Step, fps: Fraction, seconds: float) -> Stills:
    interval = min(10, max(1, math.ceil(seconds / 120)))
    every = max(1, round(fps * interval))
    count = max(1, math.ceil(seconds * fps / every))
    poster_every = math.ceil(count / _POSTER_CANDIDATES)
    scale = min(1.0, _THUMB_SIDE / max(top.width, top.height))
    poster_width, poster_height = poster_size(top.width, top.height)
    return Stills(
        every=every,
        width=_even(top.width * scale),
        height=_even(top.height * scale),
        side=_SHEET_SIDE,
        poster_width=poster_width,
        poster_height=poster_height,
        poster_every=poster_every,
        poster_candidates=max(2, math.ceil(count / poster_every)),  # fewer the filter refuses
    )
