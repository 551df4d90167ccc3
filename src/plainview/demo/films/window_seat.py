"""The Night Train, episode one. Window Seat: two strangers, one window, a country going by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw

from plainview.demo import paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Picture, ease, rgb

SECONDS = 24.0
_PANE = (120, 56, 840, 396)
_WIDE, _TALL = _PANE[2] - _PANE[0], _PANE[3] - _PANE[1]
_STATION = (9.5, 12.5)
_SKY = [(0, "#0a1430"), (0.45, "#1b3560"), (0.8, "#3d6a86"), (1, "#7fa39c")]
_LANDS = [  # colour, height of the line, how hilly, size of the hills, pixels a second, seed
    ("#2c5273", 214, 110, 300, 22, 3),
    ("#1d3d5c", 262, 90, 220, 60, 6),
    ("#122a45", 300, 70, 170, 150, 9),
    ("#0a1a2f", 330, 50, 120, 360, 12),
]


def frames() -> Iterator[Picture]:
    """The film, frame by frame."""
    heaven = Image.fromarray(paint.sky(_SKY, _TALL, _WIDE)).convert("RGBA")
    _moon(heaven)
    lands = [_land(*land) for land in _LANDS]
    cabin, room = _cabin()
    reflection = _reflection()
    streak = paint.glow(60, rgb("#ffcf8a"), core=0.1)
    lamp = paint.glow(210, rgb("#c8752e"), core=0.02)
    lamp_pool = (lamp * 0.55).astype(np.uint8)
    name = paint.title("THE NIGHT TRAIN", 34, weight=0.13, spacing=0.5)
    part = paint.title("ONE · WINDOW SEAT", 14, weight=0.12, spacing=0.75)
    end = paint.title("LANTERN STREET PICTURES", 14, weight=0.12, spacing=0.8)
    for number in range(round(SECONDS * paint.FPS)):
        t = number / paint.FPS
        way = _way(t)
        view = heaven.copy()
        for land, (*_, speed, _seed) in zip(lands, _LANDS, strict=True):
            _roll(view, land, round(way * speed))
        outside = np.asarray(view.convert("RGB")).copy()
        _passing(outside, way, t, streak)
        shaken = round(1.4 * np.sin(t * 17) * (_speed(t) > 0.3))
        passenger = ease(t, 1, 3) * 0.5
        outside = paint.cover(outside, reflection * (passenger * 0.62), rgb("#f0b878"))
        picture = cabin.copy()
        box = np.s_[_PANE[1] : _PANE[3], _PANE[0] : _PANE[2]]
        picture[box] = np.roll(outside, shaken, 0)
        picture = paint.cover(picture, room, cabin)
        paint.add(picture, lamp_pool, 778, 372, 0.9 + 0.1 * np.sin(t * 9))
        shown = ease(t, 0.8, 1.8) * (1 - ease(t, 3.4, 4.2))
        paint.stamp(picture, name, WIDTH / 2, 190, rgb("#ffe3b8"), shown)
        paint.stamp(picture, part, WIDTH / 2, 244, rgb("#ffe3b8"), shown * 0.85)
        paint.stamp(picture, end, WIDTH / 2, 500, rgb("#ffe3b8"), ease(t, 21.4, 22.3))
        yield paint.dim(picture, ease(t, 0, 0.8) * (1 - ease(t, 23.0, 23.95)))


def sound(seconds: float) -> tune.Sound:
    """Wheels over joints, slowing for a station, and a low waltz."""
    track = tune.silence(seconds)
    rumble = tune.noise(seconds, low=40, high=700, seed=5, tilt=1.0)
    clock = np.arange(len(track)) / tune.RATE
    track += rumble * np.interp(clock, *_speeds())[:, None].astype(np.float32) * 0.6
    clack = tune.noise(0.09, low=300, high=4200, seed=9, tilt=0.7)
    clack *= np.exp(-np.linspace(0, 7, len(clack)))[:, None].astype(np.float32)
    for joint in range(int(_way(seconds) / 0.62)):
        at = float(np.interp(joint * 0.62, _way_table(), _times()))
        for offset, loud in ((0.0, 0.42), (0.13, 0.28)):
            tune.place(track, clack, at + offset, gain=loud, pan=0.2)
    for bar, root in enumerate((45, 41, 48, 43, 45, 50, 40, 45)):
        at = 0.6 + bar * 2.7
        tune.place(track, tune.pluck(root, 3), at, gain=0.5)
        for beat in (1, 2):
            for note in (root + 12, root + 15 + (root in (41, 48, 43)), root + 19):
                tune.place(track, tune.pluck(note, 1.6), at + beat * 0.9, gain=0.2, pan=-0.3)
    for at, note in ((1.5, 76), (3.3, 77), (4.2, 76), (6.0, 72), (8.7, 74), (11.4, 76), (12.3, 79),
                     (14.1, 77), (15.0, 74), (16.8, 71), (19.5, 72), (21.3, 69)):  # fmt: skip
        tune.place(track, tune.pluck(note, 3), at, gain=0.45, pan=0.3)
    tune.place(track, tune.bell(76, 3), _STATION[0] + 0.9, gain=0.2, pan=0.6)
    return tune.finish(tune.room(track, wet=0.18, seconds=1.0))


def _speed(t: float) -> float:
    """How fast the train goes, 1 being its usual speed: slower through the station."""
    slow = ease(t, _STATION[0] - 2.0, _STATION[0]) * (1 - ease(t, _STATION[1], _STATION[1] + 2.5))
    return 1 - 0.78 * slow


def _times() -> np.ndarray:
    return np.linspace(0, SECONDS + 1, 1200)


def _speeds() -> tuple[np.ndarray, np.ndarray]:
    return _times(), np.array([_speed(float(t)) for t in _times()])


def _way_table() -> np.ndarray:
    times, speeds = _speeds()
    return np.concatenate([[0], np.cumsum((speeds[1:] + speeds[:-1]) / 2 * np.diff(times))])


_WAY = _way_table()


def _way(t: float) -> float:
    """How far the train has come, in seconds at its usual speed."""
    return float(np.interp(t, _times(), _WAY))


def _land(colour: str, base: float, swing: float, cell: int, _: int, seed: int) -> Image.Image:
    """A strip of country that joins up with itself, its trees standing against the sky."""
    width = _WIDE * 2
    heights = paint.ridge(width, cell=cell, seed=seed, octaves=3)
    join = np.clip(np.arange(width) / 160, 0, 1) ** 0.7
    heights = heights * join + np.roll(heights, 1)[0] * (1 - join)
    line = base - swing * (heights - 0.3)
    rng = np.random.default_rng(seed)
    for x in range(6, width - 8, 9):
        if rng.random() < 0.5 and cell < 300:
            tall, wide = rng.uniform(6, 22) * (1.6 - cell / 300), rng.integers(3, 6)
            span = np.arange(-wide, wide + 1)
            line[x + span] -= tall * (1 - np.abs(span) / (wide + 1))
    mask = paint.below(line, _TALL)
    shade = np.linspace(1.15, 0.7, _TALL)[:, None, None]
    tone = np.clip(np.asarray(rgb(colour)) * shade, 0, 255) * np.ones((1, width, 1))
    return Image.fromarray(np.concatenate([tone, mask[..., None] * 255], 2).astype(np.uint8))


def _roll(view: Image.Image, land: Image.Image, offset: int) -> None:
    """Lay the strip over the view, moved to the left by the offset."""
    left = offset % land.width
    view.alpha_composite(land, (0, 0), (left, 0, min(left + _WIDE, land.width), _TALL))
    if left + _WIDE > land.width:
        rest = left + _WIDE - land.width
        view.alpha_composite(land, (_WIDE - rest, 0), (0, 0, rest, _TALL))


def _moon(heaven: Image.Image) -> None:
    rng = np.random.default_rng(2)
    draw = ImageDraw.Draw(heaven)
    for _ in range(90):
        x, y = rng.integers(0, _WIDE), rng.integers(0, 190)
        level = int(rng.integers(60, 190))
        draw.point((int(x), int(y)), (200, 214, 235, level))
    picture = np.asarray(heaven.convert("RGB")).copy()
    paint.add(picture, paint.glow(130, rgb("#8fb0c8"), core=0.02), 520, 92, 0.7)
    disc = paint.disc(60, 60, 30, 30, 24)
    paint.stamp(picture, disc, 520, 92, rgb("#f4efd9"))
    heaven.paste(Image.fromarray(picture))


def _passing(outside: Picture, way: float, t: float, streak: Picture) -> None:
    """What flies past close by: poles, lamps, and the platform of a station."""
    for number in range(3):
        x = _WIDE + 260 - (way * 900 + number * 520) % 1560
        blur = 4 + round(14 * _speed(t))
        left, right = max(0, round(x - blur / 2)), min(_WIDE, round(x + blur / 2))
        if left < right:
            outside[:, left:right] = (outside[:, left:right] * 0.35).astype(np.uint8)
    middle = (_way(_STATION[0] + 1.6) - way) * 700
    for lamp in range(-5, 6):
        x = _WIDE / 2 + middle + lamp * 170
        paint.add(outside, streak, x, 150)
        left = round(x) - 2
        if 0 <= left < _WIDE - 4:
            outside[150:300, left : left + 4] = (14, 20, 30)
    left, right = round(_WIDE / 2 + middle - 1000), round(_WIDE / 2 + middle + 1000)
    if left < _WIDE and right > 0:
        platform = np.s_[296:, max(left, 0) : min(right, _WIDE)]
        outside[platform] = (outside[platform] * 0.25 + np.array(rgb("#3a2c28")) * 0.75).astype(
            np.uint8
        )
        outside[296:300, max(left, 0) : min(right, _WIDE)] = (198, 150, 96)
        x = _WIDE / 2 + middle + 60
        who = paint.drawn(60, 150, _waiting)
        paint.stamp(outside, who, x, 226, rgb("#0c1018"))


def _waiting(draw: ImageDraw.ImageDraw, s: int) -> None:
    """Someone on the platform, with a suitcase and a raised hand."""
    coat = [(20, 44), (38, 44), (46, 118), (12, 118)]
    draw.polygon([(x * s, y * s) for x, y in coat], fill=255)
    draw.ellipse([21 * s, 22 * s, 38 * s, 43 * s], fill=255)
    draw.rectangle([16 * s, 24 * s, 43 * s, 27 * s], fill=255)
    draw.rectangle([21 * s, 15 * s, 38 * s, 26 * s], fill=255)
    draw.line([(36 * s, 52 * s), (52 * s, 26 * s)], fill=255, width=5 * s)
    draw.rectangle([44 * s, 110 * s, 60 * s, 140 * s], fill=255)
    for x in (22, 33):
        draw.line([(x * s, 116 * s), (x * s, 146 * s)], fill=255, width=5 * s)


def _reflection() -> paint.Mask:
    """The passenger, faint in the glass: a profile under a hat, looking out."""

    def painter(draw: ImageDraw.ImageDraw, s: int) -> None:
        x, y = 250, 150
        head = [(x - 46, y - 40), (x + 26, y - 40), (x + 34, y - 4), (x + 46, y + 18),
                (x + 35, y + 24), (x + 36, y + 42), (x + 27, y + 56), (x + 4, y + 58),
                (x + 4, y + 86), (x + 76, y + 120), (x + 110, y + 240), (x - 150, y + 240),
                (x - 116, y + 122), (x - 40, y + 88), (x - 44, y + 30)]  # fmt: skip
        draw.polygon([(px * s, py * s) for px, py in head], fill=150)
        brim = [(x - 74, y - 32), (x + 62, y - 40), (x + 60, y - 50), (x + 22, y - 52),
                (x + 12, y - 92), (x - 44, y - 90), (x - 50, y - 46), (x - 76, y - 42)]  # fmt: skip
        draw.polygon([(px * s, py * s) for px, py in brim], fill=210)

    return paint.drawn(_WIDE, _TALL, painter, blur=2.4)


def _cabin() -> tuple[Picture, paint.Mask]:
    """The compartment, and a mask of it that leaves the pane free."""
    wall = paint.sky([(0, "#2b130f"), (0.7, "#4a2117"), (0.74, "#2c120d"), (1, "#160807")])
    rng = np.random.default_rng(4)
    grain = rng.normal(0, 1, (HEIGHT, 1)) * 2.2 + paint.cloud(HEIGHT, WIDTH, cell=40, seed=3) * 10
    wall = np.clip(wall + grain[..., None] * (1.0, 0.7, 0.5), 0, 255).astype(np.uint8)

    def opening(grow: int, radius: int) -> paint.Mask:
        def painter(draw: ImageDraw.ImageDraw, s: int) -> None:
            x0, y0, x1, y1 = _PANE
            box = [(x0 - grow) * s, (y0 - grow) * s, (x1 + grow) * s, (y1 + grow) * s]
            draw.rounded_rectangle(box, radius * s, fill=255)

        return paint.drawn(WIDTH, HEIGHT, painter)

    wall = paint.cover(wall, opening(26, 44), rgb("#6a3a20"))
    wall = paint.cover(wall, opening(20, 38), rgb("#3a1a10"))
    wall = paint.cover(wall, opening(5, 28), rgb("#c88a4a"))

    def furniture(draw: ImageDraw.ImageDraw, s: int) -> None:
        draw.polygon([(x * s, y * s) for x, y in
                      ((560, 432), (960, 432), (960, 450), (548, 450))], fill=255)  # fmt: skip
        draw.rectangle([770 * s, 404 * s, 786 * s, 433 * s], fill=255)

    wall = paint.cover(wall, paint.drawn(WIDTH, HEIGHT, furniture), rgb("#7d4524"))

    def shade(draw: ImageDraw.ImageDraw, s: int) -> None:
        draw.polygon([(x * s, y * s) for x, y in
                      ((762, 350), (794, 350), (818, 406), (738, 406))], fill=255)  # fmt: skip

    def curtain(draw: ImageDraw.ImageDraw, s: int) -> None:
        for x0, x1 in ((70, 176), (784, 890)):
            inner = x1 if x0 < 400 else x0
            outer = x0 if x0 < 400 else x1
            tied = outer + (inner - outer) * 0.42
            draw.polygon(
                [(px * s, py * s) for px, py in
                 ((outer, 30), (inner, 30), (tied, 250), (inner * 0.6 + outer * 0.4, 420),
                  (outer, 420))], fill=255)  # fmt: skip

    cloth = paint.drawn(WIDTH, HEIGHT, curtain, blur=0.6)
    folds = 0.62 + 0.38 * np.sin(np.arange(WIDTH) / 5.2) ** 2
    wall = paint.cover(wall, cloth, np.asarray(rgb("#a3303a")) * folds[None, :, None])
    hood = paint.drawn(WIDTH, HEIGHT, shade)
    wall = paint.cover(wall, hood, rgb("#ffcf7e"))
    solid = 1 - opening(0, 24)
    return wall, np.clip(np.maximum.reduce([solid, cloth, hood]), 0, 1).astype(np.float32)
