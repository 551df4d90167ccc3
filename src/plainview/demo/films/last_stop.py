"""The Night Train, episode two. The Last Stop: the line ends where somebody has kept a lamp lit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import ImageDraw

from plainview.demo import paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Mask, Picture, ease, rgb
from plainview.demo.water import Water

SECONDS = 24.0
SHORE = 372
_RAIL = 236
_MIST, _NEAR = 190, 270
_CARS, _CAR = 6, 118
_STOPS = 15.0
_SKY = [(0, "#1d3a5f"), (0.3, "#4f7c94"), (0.52, "#b9b7a6"), (0.66, "#f2c48d"), (0.8, "#f5a06c")]


def frames() -> Iterator[Picture]:
    """The film, frame by frame."""
    valley = _valley()
    bridge = paint.drawn(WIDTH, SHORE, _viaduct)[_RAIL - 5 :]
    stone = _stone()[_RAIL - 5 :]
    train, windows = _train()
    near, keeper = paint.drawn(WIDTH, HEIGHT, _platform)[_NEAR:], paint.drawn(70, 120, _keeper)
    mist = [
        np.clip(paint.cloud(SHORE, WIDTH * 2, cell=300, seed=seed, octaves=3)[_MIST:] - 0.3, 0, 1)
        for seed in (3, 8)
    ]
    depth = 1.15 * np.exp(-(((np.arange(_MIST, SHORE) - 322) / 58.0) ** 2))[:, None]
    depth = depth.astype(np.float32)
    lake = Water(SHORE, tint=(0.95, 0.98, 1.02), rough=0.6)
    lamp, sun = paint.glow(64, rgb("#ffb04a"), core=0.14), paint.glow(300, rgb("#ff9a50"), core=0.1)
    name = paint.title("THE NIGHT TRAIN", 34, weight=0.13, spacing=0.5)
    part = paint.title("TWO · THE LAST STOP", 14, weight=0.12, spacing=0.75)
    end = paint.title("LANTERN STREET PICTURES", 14, weight=0.12, spacing=0.8)
    for number in range(round(SECONDS * paint.FPS)):
        t = number / paint.FPS
        land = _hour(valley, ease(t, 0, 18))
        paint.add(land, sun, 250, 330 - 120 * ease(t, 8, 24), 0.85 * ease(t, 7, 15))
        land[_RAIL - 5 :] = paint.cover(land[_RAIL - 5 :], bridge, _tone(stone, t))
        front = _front(t)
        _lay(land, train, front, _RAIL - 34, _tone(np.asarray(rgb("#1a2a38")), t))
        _lay(land, windows, front, _RAIL - 34, rgb("#ffd98a"))
        for puff in range(9):
            age = puff * 0.34 + t % 0.34
            where = _front(t - age) - 16
            size = _PUFFS[min(len(_PUFFS) - 1, puff)]
            rising = 52 + age * 26 + 5 * np.sin(puff * 2.1)
            thick = 0.42 * (1 - puff / 9) * (1 if t < _STOPS else 1 - ease(t, _STOPS, _STOPS + 2))
            paint.stamp(land, size, where - age * 14, _RAIL - rising, rgb("#f6e4cf"), thick)
        for layer, cloud in enumerate(mist):
            drift = int(t * (7 + 9 * layer)) % WIDTH
            veil = np.minimum(cloud[:, drift : drift + WIDTH] * depth, 0.85)
            land[_MIST:] = paint.cover(land[_MIST:], veil, rgb("#f7d9b8"))
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:SHORE] = land
        picture[SHORE:] = lake.mirror(land, t)
        picture[_NEAR:] = paint.cover(picture[_NEAR:], near, rgb("#101a26"))
        swing = np.sin(t * 3.4) * 12 * (t < _STOPS) * ease(t, 3.5, 4.5)
        paint.stamp(picture, keeper, 822, 392, rgb("#101a26"))
        paint.add(picture, lamp, 801 + swing, 380 + abs(swing) * 0.3, 0.85)
        paint.add(picture, lamp, 893, 318, 0.6)
        shown = ease(t, 0.8, 1.8) * (1 - ease(t, 3.4, 4.2))
        paint.stamp(picture, name, WIDTH / 2, 96, rgb("#fff3dc"), shown)
        paint.stamp(picture, part, WIDTH / 2, 148, rgb("#fff3dc"), shown * 0.9)
        paint.stamp(picture, end, WIDTH / 2, 62, rgb("#fff3dc"), ease(t, 21.4, 22.3))
        yield paint.dim(picture, ease(t, 0, 0.8) * (1 - ease(t, 23.0, 23.95)))


def sound(seconds: float) -> tune.Sound:
    """A far train slowing to a stop, birds waking, and the waltz come to rest."""
    track = tune.silence(seconds)
    clock = np.arange(len(track)) / tune.RATE
    near = np.interp(clock, [0, 6, 11, _STOPS, _STOPS + 0.6], [0.2, 0.6, 0.8, 0.25, 0])
    rumble = tune.noise(seconds, low=50, high=900, seed=3, tilt=0.9)
    track += (rumble * near[:, None] * 0.5).astype(np.float32)
    track += tune.noise(seconds, low=200, high=4000, seed=13, tilt=1.0) * 0.05
    clack = tune.noise(0.08, low=400, high=3600, seed=9, tilt=0.7)
    clack *= np.exp(-np.linspace(0, 7, len(clack)))[:, None].astype(np.float32)
    at, step = 0.8, 0.6
    while at < _STOPS - 0.4:
        tune.place(track, clack, at, gain=0.3, pan=at / 10 - 0.8)
        tune.place(track, clack, at + 0.13, gain=0.2, pan=at / 10 - 0.8)
        step *= 1.05 if at > 9 else 1
        at += step
    for call in range(9):
        song = 12.6 + call * 1.13 + 0.3 * np.sin(call * 5)
        for chirp in range(3):
            note = 98 + 2 * ((call + chirp) % 4)
            tune.place(track, tune.bell(note, 0.4), song + chirp * 0.13, gain=0.07, pan=0.7)
    for bar, chord in enumerate(
        ((45, 52, 60), (41, 53, 57), (48, 55, 64), (43, 55, 59), (41, 53, 57), (48, 60, 64, 67))
    ):
        tune.place(track, tune.pad(chord, 5.2), bar * 3.6, gain=0.34)
    for at, note in ((1.2, 76), (3.0, 77), (4.0, 76), (6.4, 72), (8.4, 74), (10.2, 79), (12.0, 76),
                     (15.2, 84), (16.4, 83), (17.6, 79), (18.8, 76), (20.2, 72)):  # fmt: skip
        tune.place(track, tune.pluck(note, 3.4), at, gain=0.5, pan=0.2)
    return tune.finish(tune.room(track, wet=0.3))


def _front(t: float) -> float:
    """Where the engine's nose is: across the viaduct, slower and slower, to the platform."""
    share = min(max(t / _STOPS, 0.0), 1.0)
    return -60 + 800 * (1 - (1 - share) ** 1.8)


def _puff(size: int) -> Mask:
    return paint.disc(size * 2, size * 2, size, size, size / 2, blur=size / 5)


_PUFFS = [_puff(size) for size in (12, 17, 22, 27, 32, 36, 40, 44, 47)]


def _hour(picture: Picture, morning: float) -> Picture:
    """The picture in the light of the hour."""
    level = np.array([0.36, 0.46, 0.68]) * (1 - morning) + morning
    return (picture * level.astype(np.float32)).astype(np.uint8)


def _tone(colour: np.ndarray, t: float) -> np.ndarray:
    level = np.array([0.42, 0.5, 0.72]) * (1 - ease(t, 0, 18)) + ease(t, 0, 18)
    return colour.astype(np.float32) * level.astype(np.float32)


def _lay(picture: Picture, mask: Mask, right: float, top: float, colour: object) -> None:
    """Lay a mask over the picture in place with its right edge at `right`."""
    middle = (right - mask.shape[1] / 2, top + mask.shape[0] / 2)
    paint.stamp(picture, mask, *middle, colour)  # type: ignore[arg-type]


def _valley() -> Picture:
    picture = paint.sky(_SKY, SHORE)
    streaks = paint.cloud(SHORE, WIDTH // 4, cell=70, seed=5).repeat(4, axis=1)
    rows = np.linspace(0, 1, SHORE, dtype=np.float32)[:, None]
    glowing = np.clip(streaks * 1.7 - 0.9, 0, 1) * (1 - rows) * 0.55
    picture = paint.cover(picture, glowing, rgb("#ffd9b0"))
    for colour, base, swing, cell, seed in (
        ("#9aa2a4", 296, 190, 300, 4),
        ("#748b98", 322, 170, 240, 7),
        ("#4f6b7e", 352, 120, 200, 10),
        ("#35505f", 376, 70, 140, 13),
    ):
        line = base - swing * paint.ridge(WIDTH, cell=cell, seed=seed) ** 1.3
        fade = np.clip((np.arange(SHORE)[:, None] - line[None, :]) / 160, 0, 1) * 70
        tone = np.asarray(rgb(colour)) + fade[..., None] * np.array([1.0, 0.75, 0.4])
        picture = paint.cover(picture, paint.below(line, SHORE), np.clip(tone, 0, 255))
    return picture


def _viaduct(draw: ImageDraw.ImageDraw, s: int) -> None:
    """Tall arches, nearer to us on the right."""
    draw.rectangle([0, _RAIL * s, WIDTH * s, SHORE * s], fill=255)
    draw.rectangle([0, (_RAIL - 5) * s, WIDTH * s, _RAIL * s], fill=255)
    for number in range(10):
        x, wide = -20 + number * 100, 74
        draw.rectangle([x * s, (_RAIL + 52) * s, (x + wide) * s, SHORE * s], fill=0)
        draw.ellipse([x * s, (_RAIL + 15) * s, (x + wide) * s, (_RAIL + 15 + wide) * s], fill=0)


def _stone() -> np.ndarray:
    """The colour of the viaduct: courses of stone, lit from the left."""
    tone = np.ones((SHORE, WIDTH)) * 1.0
    tone *= 1 + 0.22 * (paint.cloud(SHORE, WIDTH, cell=14, seed=3, octaves=2) - 0.5)
    tone[np.arange(SHORE) % 9 == 0] *= 0.9
    tone[_RAIL - 5 : _RAIL] *= 1.35
    return np.clip(tone[..., None] * np.asarray(rgb("#7a5c50")), 0, 255).astype(np.float32)


def _train() -> tuple[Mask, Mask]:
    """Engine and cars as a silhouette, and their lit windows."""
    wide = _CARS * _CAR + 130

    def bodies(draw: ImageDraw.ImageDraw, s: int) -> None:
        for car in range(_CARS):
            x = car * _CAR
            draw.rounded_rectangle(
                [(x + 2) * s, 6 * s, (x + _CAR - 4) * s, 28 * s], 5 * s, fill=255
            )
            draw.rectangle([(x - 4) * s, 22 * s, (x + 6) * s, 26 * s], fill=255)
            for wheel in (14, 28, 86, 100):
                draw.ellipse([(x + wheel) * s, 24 * s, (x + wheel + 9) * s, 33 * s], fill=255)
        x = _CARS * _CAR
        draw.rectangle([(x + 2) * s, 2 * s, (x + 34) * s, 28 * s], fill=255)
        draw.rectangle([(x - 2) * s, 0, (x + 38) * s, 4 * s], fill=255)
        draw.rounded_rectangle([(x + 28) * s, 9 * s, (x + 112) * s, 27 * s], 7 * s, fill=255)
        funnel = [(x + 92, 10), (x + 89, 0), (x + 107, 0), (x + 104, 10)]
        draw.polygon([(q * s, r * s) for q, r in funnel], fill=255)
        draw.ellipse([(x + 58) * s, 4 * s, (x + 74) * s, 16 * s], fill=255)
        draw.polygon([(q * s, r * s) for q, r in
                      ((x + 110, 24), (x + 126, 33), (x + 104, 33))], fill=255)  # fmt: skip
        for wheel in (6, 22, 46, 62, 78, 96):
            draw.ellipse([(x + wheel) * s, 22 * s, (x + wheel + 12) * s, 34 * s], fill=255)

    def panes(draw: ImageDraw.ImageDraw, s: int) -> None:
        for car in range(_CARS):
            for pane in range(7):
                x = car * _CAR + 9 + pane * 14.5
                bright = 255 if (car * 7 + pane) % 5 else 120
                draw.rectangle([x * s, 11 * s, (x + 9) * s, 19 * s], fill=bright)
        x = _CARS * _CAR
        draw.rectangle([(x + 9) * s, 8 * s, (x + 24) * s, 17 * s], fill=220)
        draw.ellipse([(x + 108) * s, 12 * s, (x + 116) * s, 20 * s], fill=255)

    return paint.drawn(wide, 36, bodies), paint.drawn(wide, 36, panes)


def _platform(draw: ImageDraw.ImageDraw, s: int) -> None:
    """The shore on our side: reeds, a jetty, a small station with its roof."""
    rng = np.random.default_rng(6)
    shore = [(620, HEIGHT), (680, 500), (742, 470), (770, 448), (960, 444), (960, HEIGHT)]
    draw.polygon([(x * s, y * s) for x, y in shore], fill=255)
    for x, y, wide, tall in ((868, 340, 92, 110), (884, 322, 60, 24)):
        draw.rectangle([x * s, y * s, (x + wide) * s, (y + tall) * s], fill=255)
    draw.polygon(
        [(x * s, y * s) for x, y in ((836, 346), (880, 296), (960, 284), (960, 346))], fill=255
    )
    draw.rectangle([842 * s, 346 * s, 847 * s, 450 * s], fill=255)
    for _ in range(70):
        reed = rng.uniform(0, 760)
        foot = HEIGHT + 4
        tall = rng.uniform(14, 62) * (0.5 + 0.5 * abs(np.sin(reed / 90)))
        lean = rng.uniform(-10, 10)
        draw.line(
            [(reed * s, foot * s), ((reed + lean) * s, (foot - tall) * s)], fill=255, width=2 * s
        )
        tip = (reed + lean, foot - tall)
        draw.ellipse([(tip[0] - 2) * s, (tip[1] - 9) * s, (tip[0] + 2) * s, (tip[1] + 4) * s],
                     fill=255)  # fmt: skip


def _keeper(draw: ImageDraw.ImageDraw, s: int) -> None:
    """A woman in a long coat, holding up a lamp."""
    coat = [(30, 42), (46, 42), (56, 112), (22, 112)]
    draw.polygon([(x * s, y * s) for x, y in coat], fill=255)
    draw.ellipse([30 * s, 22 * s, 46 * s, 42 * s], fill=255)
    draw.ellipse([40 * s, 26 * s, 54 * s, 36 * s], fill=255)
    draw.line([(32 * s, 50 * s), (15 * s, 38 * s)], fill=255, width=5 * s)
