"""First Snow: an ink garden, a path swept every morning, and someone who comes at last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import ImageDraw

from plainview.demo import paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Mask, Picture, ease, rgb

SECONDS = 26.0
_PAPER = np.array(rgb("#e6dfd0"), np.float32)
_SNOW = np.array(rgb("#fdfdfb"), np.float32)
_INK = np.array(rgb("#1d2430"), np.float32)
_RED = rgb("#c8372d")
_ARRIVES = 15.5
_FLOWERS = ((178, 168), (214, 189), (242, 205), (194, 228), (228, 262))


def frames() -> Iterator[Picture]:
    """The film, frame by frame."""
    washes = [(begin, lasts, wash, _spread(seed)) for begin, lasts, wash, seed in _washes()]
    grain = 1 + 0.035 * (paint.cloud(HEIGHT, WIDTH, cell=5, seed=31, octaves=2) - 0.5)
    vignette = _vignette()
    settled = np.zeros((HEIGHT, WIDTH), np.float32)
    drifts = _drifts()
    flakes = _Flakes()
    name = paint.title("FIRST SNOW", 36, weight=0.05, spacing=0.85, thin=0.6)
    end = paint.title("LANTERN STREET PICTURES", 15, weight=0.09, spacing=0.8)
    seal, flower = paint.drawn(46, 46, _seal), paint.drawn(30, 30, _flower)
    figure, parasol = paint.drawn(90, 130, _figure), paint.drawn(110, 130, _parasol)
    paper: Mask = _PAPER * (grain * vignette)[..., None]
    drying: list[tuple[float, float, Mask, Mask]] = washes
    for number in range(round(SECONDS * paint.FPS)):
        t = number / paint.FPS
        ink = settled
        still_wet = []
        for begin, lasts, wash, spread in drying:
            if t >= begin + lasts:
                settled = ink = 1 - (1 - settled) * (1 - wash)
                continue
            still_wet.append((begin, lasts, wash, spread))
            if t > begin:
                front = (t - begin) / lasts * 1.3
                ink = 1 - (1 - ink) * (1 - wash * np.clip((front - spread) * 5, 0, 1))
        drying = still_wet
        white = drifts * np.float32(0.94 * ease(t, 8.5, 21))
        tone = ink * (1 - white)
        ground = paper + (_SNOW - paper) * white[..., None]
        picture = (ground + (_INK - ground) * tone[..., None]).astype(np.uint8)
        for at, height in _FLOWERS:
            opens = 5.4 + at / 260
            paint.stamp(picture, flower, at, height, _RED, 0.92 * ease(t, opens, opens + 0.8))
        walked = ease(t, _ARRIVES - 1.5, _ARRIVES + 4.5)
        x, y = 930 - 266 * walked, 470 - 26 * walked
        here = ease(t, _ARRIVES - 1.5, _ARRIVES)
        step = 2.2 * abs(np.sin(t * 4.4)) * (walked < 1)
        paint.stamp(picture, figure, x, y - 50 - step, rgb("#232936"), 0.9 * here)
        paint.stamp(picture, parasol, x, y - 50 - step, _RED, 0.95 * here)
        flakes.fall(picture, t, ease(t, 6.8, 12))
        shown = ease(t, 1.0, 2.2) * (1 - ease(t, 4.0, 4.8))
        paint.stamp(picture, name, 470, 112, rgb("#1d2430"), shown * 0.92)
        paint.stamp(picture, seal, 800, 112, _RED, shown * 0.9)
        paint.stamp(picture, end, WIDTH / 2, 512, rgb("#3a4352"), ease(t, 23.2, 24.2))
        yield paint.dim(picture, ease(t, 0, 1.0) * (1 - ease(t, 25.0, 25.95)))


def sound(seconds: float) -> tune.Sound:
    """Plucked strings far apart, a broom, the hush of snow."""
    track = tune.silence(seconds)
    tune.place(track, tune.noise(seconds, low=300, high=7000, seed=6, tilt=1.1), 0, gain=0.07)
    broom = tune.noise(0.8, low=1500, high=9000, seed=8, tilt=0.6)
    broom *= (np.sin(np.linspace(0, np.pi, len(broom))) ** 2)[:, None].astype(np.float32)
    for stroke in range(5):
        tune.place(track, broom, 4.6 + stroke * 1.25, gain=0.28, pan=0.5 * (-1) ** stroke)
    phrase = [(0.8, 69), (1.9, 70), (2.6, 74), (4.4, 76), (6.2, 74), (7.2, 70), (8.4, 69),
              (10.2, 65), (11.0, 69), (12.4, 70), (13.6, 74), (15.5, 81), (16.3, 82), (16.9, 81),
              (17.7, 77), (18.7, 76), (19.7, 74), (20.9, 76), (22.0, 81), (23.0, 86)]  # fmt: skip
    for number, (at, note) in enumerate(phrase):
        tune.place(
            track, tune.pluck(note, 3.6, bright=0.68), at, gain=0.6, pan=0.3 - number % 3 / 4
        )
        if number % 4 == 0:
            tune.place(track, tune.pluck(note - 24, 4.2, bright=0.4), at, gain=0.5)
    tune.place(track, tune.pad([50, 57, 65, 69], 10.5), 14.6, gain=0.3)
    tune.place(track, tune.bell(93, 4), _ARRIVES, gain=0.13)
    return tune.finish(tune.room(track, wet=0.35, seconds=2.4), fade_out=2.2)


def _spread(seed: int) -> Mask:
    """When the ink reaches each spot, 0 to 1: along the brush, then into the paper's fibres."""
    along = np.linspace(0, 0.55, WIDTH, dtype=np.float32)[None, :]
    return along + 0.45 * paint.cloud(HEIGHT, WIDTH, cell=120, seed=seed)


def _washes() -> list[tuple[float, float, Mask, int]]:
    """The brush strokes in the order they are laid: begin, duration, ink, how it spreads."""
    fibre = paint.cloud(HEIGHT, WIDTH, cell=18, seed=2, octaves=3)
    pools = paint.cloud(HEIGHT, WIDTH, cell=150, seed=7)
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]

    def mountain(base: float, swing: float, seed: int, depth: float, cell: int) -> Mask:
        line = base - swing * paint.ridge(WIDTH, cell=cell, seed=seed) ** 1.4
        fade = np.clip(1 - (rows - line[None, :]) / depth, 0, 1) ** 1.5
        return paint.below(line, HEIGHT) * fade * (0.55 + 0.45 * pools)

    def brush(mask: Mask, strength: float, dry: float = 0.5) -> Mask:
        return np.clip(mask * strength * (1 - dry * np.clip(fibre * 2.2 - 1.2, 0, 1)), 0, 1)

    pond = paint.drawn(WIDTH, HEIGHT, _pond, blur=5) * (0.4 + 0.6 * pools)
    edge = np.clip(paint.blurred(pond, 1.2) - paint.blurred(pond, 6), 0, 1) * 1.6
    return [
        (0.1, 2.6, brush(mountain(300, 190, 3, 130, 380), 0.30, 0.2), 41),
        (0.8, 2.8, brush(mountain(320, 130, 8, 90, 300), 0.42, 0.3), 42),
        (2.0, 2.6, brush(paint.drawn(WIDTH, HEIGHT, _trees, blur=1.2), 0.5), 43),
        (3.2, 2.6, brush(np.clip(pond * 0.35 + edge, 0, 1), 0.6, 0.3), 44),
        (3.4, 2.2, brush(paint.drawn(WIDTH, HEIGHT, _lantern, blur=0.5), 0.86, 0.35), 45),
        (4.0, 2.4, brush(paint.drawn(WIDTH, HEIGHT, _gate, blur=0.5), 0.8, 0.4), 46),
        (4.4, 2.0, brush(paint.drawn(WIDTH, HEIGHT, _branch, blur=0.6), 0.95, 0.45), 47),
        (5.0, 2.0, brush(paint.drawn(WIDTH, HEIGHT, _stones, blur=1.4), 0.55, 0.4), 48),
    ]


def _vignette() -> Mask:
    y = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, WIDTH, dtype=np.float32)[None, :]
    return 1 - 0.10 * np.clip(x**2 + y**2 - 0.5, 0, 2)


def _drifts() -> Mask:
    """Where snow lies: deep at the foot, thin on what stands up."""
    rows = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None]
    deep = np.clip((rows - 0.62) * 3.2, 0, 1) * (
        0.5 + 0.5 * paint.cloud(HEIGHT, WIDTH, cell=160, seed=14)
    )
    dust = np.clip(paint.cloud(HEIGHT, WIDTH, cell=46, seed=15) * 1.6 - 0.8, 0, 1) * 0.6
    standing = paint.drawn(WIDTH, HEIGHT, _standing, blur=3)
    return np.clip(np.maximum(deep, dust) * (1 - 0.8 * standing), 0, 1).astype(np.float32)


def _standing(draw: ImageDraw.ImageDraw, s: int) -> None:
    for part in (_lantern, _gate, _branch):
        part(draw, s)


def _scaled(points: Sequence[tuple[float, float]], s: int) -> list[tuple[float, float]]:
    return [(x * s, y * s) for x, y in points]


def _trees(draw: ImageDraw.ImageDraw, s: int) -> None:
    """Pines on the far shore, as dabs of the brush."""
    rng = np.random.default_rng(9)
    for x in (430, 452, 486, 520, 548, 600, 633, 860, 900, 932):
        foot = 338 + rng.uniform(-8, 8)
        tall = rng.uniform(44, 92)
        for row in range(9):
            y = foot - tall * (1 - row / 9)
            wide = 3 + row * tall / 34
            draw.ellipse([(x - wide) * s, (y - 3) * s, (x + wide) * s, (y + 5) * s], fill=190)
        draw.line(_scaled([(x, foot - tall), (x, foot + 6)], s), fill=255, width=2 * s)


def _pond(draw: ImageDraw.ImageDraw, s: int) -> None:
    draw.ellipse([330 * s, 352 * s, 690 * s, 428 * s], fill=255)
    draw.ellipse([250 * s, 376 * s, 520 * s, 436 * s], fill=255)


def _lantern(draw: ImageDraw.ImageDraw, s: int) -> None:
    """A stone lantern by the path."""
    x = 560
    for shape in (
        [(x - 13, 448), (x + 13, 448), (x + 9, 396), (x - 9, 396)],
        [(x - 28, 398), (x + 28, 398), (x + 20, 386), (x - 20, 386)],
        [(x - 17, 386), (x + 17, 386), (x + 17, 354), (x - 17, 354)],
        [(x - 44, 356), (x + 44, 356), (x + 14, 330), (x - 14, 330)],
        [(x - 5, 330), (x + 5, 330), (x, 316)],
        [(x - 30, 456), (x + 30, 456), (x + 22, 446), (x - 22, 446)],
    ):
        draw.polygon(_scaled(shape, s), fill=255)
    draw.rectangle([(x - 8) * s, 361 * s, (x + 8) * s, 380 * s], fill=40)


def _gate(draw: ImageDraw.ImageDraw, s: int) -> None:
    """The garden gate, where the path goes out."""
    for x in (772, 862):
        draw.polygon(_scaled([(x - 6, 302), (x + 6, 302), (x + 8, 452), (x - 8, 452)], s), fill=255)
    roof = [(728, 296), (817, 276), (906, 296), (914, 286), (817, 258), (720, 286)]
    draw.polygon(_scaled(roof, s), fill=255)
    draw.rectangle([756 * s, 318 * s, 878 * s, 327 * s], fill=255)
    for x in range(906, 960, 12):
        draw.line(_scaled([(x, 348), (x + 1, 448)], s), fill=200, width=3 * s)
    draw.line(_scaled([(870, 366), (960, 362)], s), fill=220, width=4 * s)


def _branch(draw: ImageDraw.ImageDraw, s: int) -> None:
    """An old branch reaching in from the left, in one breath."""
    rng = np.random.default_rng(23)

    def limb(x: float, y: float, angle: float, length: float, thick: float, depth: int) -> None:
        steps = max(4, int(length / 12))
        for step in range(steps):
            nx = x + np.cos(angle) * length / steps
            ny = y + np.sin(angle) * length / steps
            width = max(1.0, thick * (1 - 0.7 * step / steps))
            draw.line(_scaled([(x, y), (nx, ny)], s), fill=255, width=round(width * s))
            draw.ellipse([(nx - width / 2) * s, (ny - width / 2) * s,
                          (nx + width / 2) * s, (ny + width / 2) * s], fill=255)  # fmt: skip
            x, y = nx, ny
            angle += rng.uniform(-0.26, 0.24)
            if depth and step % 5 == 4:
                turn = rng.uniform(0.5, 1.0) * rng.choice([-1, 1])
                limb(x, y, angle + turn, length * 0.42, width * 0.6, depth - 1)

    limb(-20, 206, -0.16, 400, 20, 2)
    limb(-10, 76, 0.3, 170, 10, 1)


def _stones(draw: ImageDraw.ImageDraw, s: int) -> None:
    """The path: stepping stones from the gate to the house."""
    for number in range(9):
        x, y = 800 - number * 66, 462 + number * 5 + 7 * (number % 2)
        wide, tall = 25 + number * 1.6, 6 + number * 0.7
        draw.ellipse([(x - wide) * s, (y - tall) * s, (x + wide) * s, (y + tall) * s], fill=255)


def _flower(draw: ImageDraw.ImageDraw, s: int) -> None:
    for petal in range(5):
        angle = petal * 2 * np.pi / 5 - 1.2
        x, y = 15 + 6 * np.cos(angle), 15 + 6 * np.sin(angle)
        draw.ellipse([(x - 5) * s, (y - 5) * s, (x + 5) * s, (y + 5) * s], fill=255)
    draw.ellipse([13 * s, 13 * s, 17 * s, 17 * s], fill=120)


def _seal(draw: ImageDraw.ImageDraw, s: int) -> None:
    """A seal with a snow crystal."""
    draw.rounded_rectangle([3 * s, 3 * s, 43 * s, 43 * s], 6 * s, fill=255)
    for arm in range(6):
        angle = arm * np.pi / 3
        x, y = 23 + 14 * np.cos(angle), 23 + 14 * np.sin(angle)
        draw.line([(23 * s, 23 * s), (x * s, y * s)], fill=0, width=2 * s)
        for side in (-0.7, 0.7):
            bx, by = 23 + 8 * np.cos(angle), 23 + 8 * np.sin(angle)
            tip = (bx + 5 * np.cos(angle + side), by + 5 * np.sin(angle + side))
            draw.line([(bx * s, by * s), (tip[0] * s, tip[1] * s)], fill=0, width=2 * s)


def _figure(draw: ImageDraw.ImageDraw, s: int) -> None:
    """Someone in a long coat, seen small."""
    draw.polygon(_scaled([(38, 62), (52, 62), (60, 122), (30, 122)], s), fill=255)
    draw.ellipse([38 * s, 46 * s, 52 * s, 62 * s], fill=255)
    draw.line(_scaled([(50, 70), (57, 58), (55, 30)], s), fill=255, width=3 * s)


def _parasol(draw: ImageDraw.ImageDraw, s: int) -> None:
    draw.pieslice([17 * s, 10 * s, 113 * s, 84 * s], 180, 360, fill=255)
    for rib in range(1, 5):
        x = 17 + rib * 96 / 5
        draw.line([(65 * s, 10 * s), (x * s, 47 * s)], fill=170, width=s)
    draw.line([(65 * s, 4 * s), (65 * s, 12 * s)], fill=255, width=2 * s)


class _Flakes:
    """Falling snow in three depths."""

    def __init__(self) -> None:
        rng = np.random.default_rng(77)
        self._start = rng.random((240, 2)) * (WIDTH + 80, HEIGHT + 40)
        self._depth = rng.random(240) ** 2
        self._phase = rng.random(240) * 6.28
        self._sizes = [
            paint.disc(size, size, size / 2, size / 2, size / 2 - 1, blur=size / 12)
            for size in (5, 7, 10, 15)
        ]

    def fall(self, picture: Picture, t: float, share: float) -> None:
        """Lay the snow of this moment over the picture; `share` of it is in the air."""
        count = round(len(self._start) * share)
        speed = 34 + 92 * self._depth
        drift = 18 * np.sin(t * 0.9 + self._phase) - t * (8 + 20 * self._depth)
        xs = (self._start[:, 0] + drift) % (WIDTH + 80) - 40
        ys = (self._start[:, 1] + t * speed) % (HEIGHT + 40) - 20
        for number in range(count):
            mask = self._sizes[min(3, int(self._depth[number] * 4))]
            paint.stamp(picture, mask, xs[number], ys[number], (255, 254, 250), 0.93)
