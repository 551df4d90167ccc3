"""Harbour Lights: the lighthouse fails, and a town lights every lamp it has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from PIL import ImageDraw

from plainview.demo import paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Picture, ease, rgb
from plainview.demo.water import Water

SECONDS = 27.0
HORIZON = 322
_LANTERN = (196, 118)
_FAILS, _FIRST_LAMP, _LAST_LAMP, _RELIT = 7.5, 11.0, 19.5, 21.5
_NIGHT = [(0, "#060a1e"), (0.34, "#12224c"), (0.62, "#34507c"), (0.78, "#8a7488"), (0.9, "#dd9270")]
_WARM = [rgb("#e8913a"), rgb("#e87a24"), rgb("#f0b060"), rgb("#d9602f")]


def frames() -> Iterator[Picture]:
    """The film, frame by frame."""
    dark = _coast()
    lamps = _lamps()
    lit = dark.copy()
    burning = 0
    sea = Water(HORIZON)
    name = paint.title("HARBOUR LIGHTS", 34, weight=0.075, spacing=0.62)
    end = paint.title("LANTERN STREET PICTURES", 15, weight=0.1, spacing=0.8)
    flare, halo = paint.glow(70, rgb("#ffe2b0")), paint.glow(16, rgb("#ffb45a"), core=0.2)
    town = (paint.glow(330, rgb("#e07a3a"), core=0.001)[::2] * 0.62).astype(np.uint8)
    hull = paint.drawn(76, 64, _boat)
    for number in range(round(SECONDS * paint.FPS)):
        t = number / paint.FPS
        while burning < len(lamps) and lamps[burning][0] <= t:
            _, x, y, sprite = lamps[burning]
            paint.add(lit, sprite, x, y)
            burning += 1
        land = lit.copy()
        paint.add(land, town, 800, 262, burning / len(lamps))
        strength = _lighthouse(t)
        if strength > 0.02:
            turn = 2 * np.pi * t / 5.5 + 0.6
            _beam(land, turn, strength)
            paint.add(land, flare, *_LANTERN, strength * (0.45 + 0.55 * max(0, np.sin(turn)) ** 6))
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:HORIZON] = land
        picture[HORIZON:] = sea.mirror(land, t)
        x, y, size = _course(t)
        paint.stamp(picture, hull, x, y + 2 * np.sin(t * 1.9), rgb("#04060f"), 0.96)
        paint.add(picture, halo, x + 21, y - 12 + 2 * np.sin(t * 1.9), size)
        for gleam in range(5):
            sway = 5 * np.sin(t * 3 + gleam * 1.7)
            paint.add(picture, halo, x + 21 + sway, y + 40 + gleam * 12, size * (0.3 - gleam / 20))
        shown = ease(t, 0.6, 1.8) * (1 - ease(t, 3.4, 4.2))
        paint.stamp(picture, name, WIDTH / 2 + 60, 210, rgb("#f6e7cf"), shown)
        paint.stamp(picture, end, WIDTH / 2, 478, rgb("#f6e7cf"), ease(t, 24.0, 25.0))
        yield paint.dim(picture, ease(t, 0, 1.0) * (1 - ease(t, 26.0, 26.95)))


def sound(seconds: float) -> tune.Sound:
    """Sea, a slow piano, a foghorn in the dark, and strings when the lamps come on."""
    track = tune.silence(seconds)
    tune.place(track, tune.noise(seconds, low=60, high=2600, seed=1, tilt=0.75), 0, gain=0.5)
    track *= tune.sway(seconds, 6.5)
    for at in (9.0, 13.4):
        tune.place(track, tune.pad([33, 40], 2.6, swell=0.5), at, gain=0.5, pan=-0.4)
    tune.place(track, tune.pad([45, 52, 57, 60], 8.5), 0.3, gain=0.2)
    tune.place(track, tune.pad([41, 48, 57, 64], 6.0), 10.5, gain=0.25)
    tune.place(track, tune.pad([43, 50, 59, 62], 5.0), 15.5, gain=0.32)
    tune.place(track, tune.pad([48, 55, 60, 64, 71], 7.0), 19.5, gain=0.42)
    melody = [(1.0, 76), (2.2, 72), (3.4, 74), (4.6, 69), (5.8, 67), (11.0, 64), (12.0, 67),
              (13.0, 72), (14.0, 71), (15.0, 74), (16.0, 72), (17.0, 76), (18.0, 79), (19.2, 76),
              (20.4, 84), (21.6, 79), (22.4, 76), (23.2, 72), (24.4, 67), (24.5, 72)]  # fmt: skip
    for number, (at, note) in enumerate(melody):
        tune.place(track, tune.pluck(note, 3.2), at, gain=0.5, pan=0.3 * (-1) ** number)
    tune.place(track, tune.bell(84), _RELIT, gain=0.25)
    return tune.finish(tune.room(track))


def _lighthouse(t: float) -> float:
    """How bright the lighthouse burns: it flickers, fails, and is mended."""
    failing = 1 - ease(t, _FAILS, _FAILS + 0.4)
    if _FAILS - 1.2 < t < _FAILS:
        failing *= 0.35 + 0.65 * (round(t * 11) % 3 > 0)
    return max(failing, ease(t, _RELIT, _RELIT + 0.8))


def _course(t: float) -> tuple[float, float, float]:
    """Where the boat is, and how bright its lamp."""
    way = ease(t, 0, 10) * 0.3 + ease(t, 14, 24.5) * 0.7
    lost = 0.12 * np.sin(t * 1.1) * ease(t, 8, 9.5) * (1 - ease(t, 14, 15.5))
    return 250 + 270 * way + 60 * lost, 420 - 52 * way, 0.85


def _coast() -> Picture:
    """Sky, headland with lighthouse, and the town on its hill, all dark."""
    picture = paint.sky(_NIGHT, HORIZON)
    rng = np.random.default_rng(5)
    for _ in range(150):
        x, y = rng.integers(0, WIDTH), int(210 * rng.random() ** 1.6)
        star = picture[y, x].astype(int) + rng.integers(25, 120)
        picture[y, x] = np.clip(star, 0, 255).astype(np.uint8)
    mist = paint.cloud(HORIZON, WIDTH, cell=260, seed=8)
    height = np.linspace(0, 1, HORIZON, dtype=np.float32)[:, None]
    picture = paint.cover(picture, np.clip(mist - 0.45, 0, 1) * height * 0.7, rgb("#7d7f98"))
    far = 292 - 46 * paint.ridge(WIDTH, cell=320, seed=2)
    picture = paint.cover(picture, paint.below(far, HORIZON), rgb("#26385c"))
    columns = np.arange(WIDTH)
    hill = (
        312
        - 118 * np.exp(-(((columns - 800) / 190) ** 2))
        - 8 * paint.ridge(WIDTH, cell=60, seed=4)
    )
    picture = paint.cover(picture, paint.below(hill, HORIZON), rgb("#111b38"))
    for depth, colour in enumerate(("#0f1933", "#0b132a", "#080e20")):
        houses = paint.drawn(WIDTH, HORIZON, partial(_houses, depth))
        picture = paint.cover(picture, houses, rgb(colour))
    headland = (
        326 - 92 * np.exp(-(((columns - 165) / 88) ** 4)) + 7 * paint.ridge(WIDTH, cell=24, seed=9)
    )
    picture = paint.cover(picture, paint.below(headland, HORIZON), rgb("#060a18"))
    return paint.cover(picture, paint.drawn(WIDTH, HORIZON, _tower), rgb("#060a18"))


def _houses(depth: int, draw: ImageDraw.ImageDraw, s: int) -> None:
    for x, foot, width, tall, gable in _plots(depth):
        draw.rectangle((x * s, (foot - tall) * s, (x + width) * s, (foot + 60) * s), fill=255)
        if gable:
            roof = [(x - 2, foot - tall), (x + width / 2, foot - tall - gable),
                    (x + width + 2, foot - tall)]  # fmt: skip
            draw.polygon([(px * s, py * s) for px, py in roof], fill=255)


def _plots(depth: int) -> list[tuple[float, float, float, float, float]]:
    """The houses of one row of the town: left, foot, width, height, gable."""
    rng = np.random.default_rng(40 + depth)
    plots, x = [], (640.0, 560.0, 520.0)[depth]
    while x < WIDTH:
        width, tall = rng.uniform(16, 34), rng.uniform(20, 46)
        rise = np.exp(-(((x - 800) / 190) ** 2)) * (92, 48, 8)[depth]
        gable = rng.uniform(8, 18) if rng.random() < 0.75 else 0
        plots.append((x, 318 - rise, width, tall, gable))
        x += width + rng.uniform(-2, 7)
    return plots


def _tower(draw: ImageDraw.ImageDraw, s: int) -> None:
    x, y = _LANTERN
    for shape in (
        [(x - 11, y + 16), (x + 11, y + 16), (x + 17, 250), (x - 17, 250)],
        [(x - 15, y + 12), (x + 15, y + 12), (x + 15, y + 17), (x - 15, y + 17)],
        [(x - 10, y - 12), (x + 10, y - 12), (x, y - 27)],
        [(x - 44, 214), (x - 18, 214), (x - 18, 250), (x - 44, 250)],
        [(x - 48, 216), (x - 31, 200), (x - 14, 216)],
    ):
        draw.polygon([(px * s, py * s) for px, py in shape], fill=255)
    for post in (-9, -1, 7):
        draw.rectangle(((x + post) * s, (y - 12) * s, (x + post + 2) * s, (y + 14) * s), fill=255)


def _boat(draw: ImageDraw.ImageDraw, s: int) -> None:
    for shape in (
        [(6, 44), (70, 44), (62, 57), (14, 57)],
        [(18, 44), (18, 34), (38, 34), (38, 44)],
        [(46, 44), (46, 6), (48, 6), (48, 44)],
        [(45, 9), (45, 40), (25, 40)],
        [(59, 44), (59, 20), (60.5, 20), (60.5, 44)],
    ):
        draw.polygon([(px * s, py * s) for px, py in shape], fill=255)


def _lamps() -> list[tuple[float, float, float, Picture]]:
    """Windows and quay lanterns in the order in which they are lit: one, then all at once."""
    rng = np.random.default_rng(12)
    spots = []
    for depth in range(3):
        for x, foot, width, tall, _ in _plots(depth):
            spots += [
                (x + rng.uniform(5, width - 5), foot - rng.uniform(5, tall - 6), 8)
                for _ in range(2 if tall > 28 else 1)
            ]
    spots += [(x, 312.0, 15) for x in range(500, WIDTH, 34)]
    first = (742.0, 262.0)
    spots.sort(key=lambda spot: np.hypot(spot[0] - first[0], (spot[1] - first[1]) * 2))
    lamps = []
    for number, (x, y, size) in enumerate(spots):
        share = number / len(spots)
        at = _FIRST_LAMP + (_LAST_LAMP - _FIRST_LAMP) * share**0.42
        colour = _WARM[int(rng.integers(len(_WARM)))]
        lamps.append((at, x, y, paint.glow(size + int(rng.integers(0, 5)), colour, core=0.2)))
    return lamps


def _polygon(points: list[tuple[float, float]], draw: ImageDraw.ImageDraw, s: int) -> None:
    draw.polygon([(x * s, y * s) for x, y in points], fill=255)


def _beam(land: Picture, turn: float, strength: float) -> None:
    """The beam of the lighthouse, turning: long to the side, short towards us."""
    x, y = _LANTERN[0] / 4, _LANTERN[1] / 4
    for side in (turn, turn + np.pi):
        reach, towards = 230 * np.cos(side), np.sin(side)
        wide, foot = 5 + 8 * max(towards, 0), y + 9 * towards
        cone = [(x, y - 1), (x, y + 1), (x + reach, foot + wide), (x + reach, foot - wide)]
        small = paint.drawn(WIDTH // 4, HORIZON // 4 + 1, partial(_polygon, cone), blur=1.6)
        away = np.abs(np.arange(WIDTH // 4, dtype=np.float32) - x) / (abs(reach) + 1)
        small = small * np.clip(1 - away, 0, 1)[None, :] ** 1.2 * strength * 140
        light = small.repeat(4, axis=0).repeat(4, axis=1)[:HORIZON, :WIDTH, None]
        tint = np.array([1.0, 0.9, 0.7], np.float32)
        np.copyto(land, np.minimum(land + light * tint, 255).astype(np.uint8))
