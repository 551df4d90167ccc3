"""Lantern Street: a festival of lanterns, one for each neighbour away, and one too many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from PIL import ImageDraw

from plainview.demo import paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Mask, Picture, ease, rgb

SECONDS = 26.0
_RISE, _LAST = 9.0, 16.5
_NIGHT = [(0, "#0b1038"), (0.4, "#1e2468"), (0.75, "#5a3280"), (1, "#b5486e")]
_FIRE = ("#ff7a2e", "#ff9a3d", "#ffb84f", "#ff5c38")


def frames() -> Iterator[Picture]:
    """The film, frame by frame."""
    city, strings = _city()
    crowd = paint.drawn(WIDTH, HEIGHT, _crowd)
    lanterns = _flight()
    sprites = {size: [_lantern(size, colour) for colour in _FIRE] for size in _SIZES}
    bulb = paint.glow(22, rgb("#ff8a3a"), core=0.3)
    ember = paint.glow(300, rgb("#d8503a"), core=0.001)
    name = paint.title("LANTERN STREET", 46, weight=0.2, spacing=0.36)
    end = paint.title("LANTERN STREET PICTURES", 15, weight=0.12, spacing=0.8)
    for number in range(round(SECONDS * paint.FPS)):
        t = number / paint.FPS
        picture = city.copy()
        paint.add(picture, ember, WIDTH / 2, 520, 0.3 + 0.4 * ease(t, 4, 12))
        for order, (x, y) in enumerate(strings):
            lit = ease(t, 3.8 + order * 0.13, 4.2 + order * 0.13)
            glimmer = 0.86 + 0.14 * np.sin(t * 3 + order * 1.9)
            paint.add(picture, bulb, x + 2 * np.sin(t + order), y, lit * glimmer)
        for born, x, speed, size, colour, phase in lanterns:
            age = t - born
            if age <= 0:
                continue
            y = 500 - speed * (age + 0.12 * age * age)
            if y < -70:
                continue
            swing = x + 16 * np.sin(age * 0.7 + phase) + age * 5
            body, light = sprites[size][colour]
            bright = ease(age, 0, 0.8)
            paint.add(picture, light, swing, y, bright * (0.8 + 0.14 * np.sin(t * 5 + phase)))
            paint.stamp(picture, body, swing, y, rgb("#ffd28a"), bright)
        picture = paint.cover(picture, crowd, rgb("#0a0a24"))
        _child(picture, t, sprites)
        shown = ease(t, 0.7, 1.7) * (1 - ease(t, 3.3, 4.1))
        paint.stamp(picture, name, WIDTH / 2, 62, rgb("#ffe6bd"), shown)
        paint.stamp(picture, end, WIDTH / 2, 470, rgb("#ffe6bd"), ease(t, 23.4, 24.2))
        yield paint.dim(picture, ease(t, 0, 0.8) * (1 - ease(t, 25.0, 25.95)))


def sound(seconds: float) -> tune.Sound:
    """Soft drums and bells of a street feast, opening into strings as the lanterns rise."""
    track = tune.silence(seconds)
    tune.place(track, tune.noise(seconds, low=250, high=2400, seed=2, tilt=1.2), 0, gain=0.12)
    t = np.arange(round(0.5 * tune.RATE)) / tune.RATE
    thump = np.sin(2 * np.pi * (52 * t + 9 * (1 - np.exp(-t * 22)))) * np.exp(-t * 9)
    drum = np.stack([thump, thump], 1).astype(np.float32)
    for beat in range(30):
        at = 2.4 + beat * 0.66
        if at < 8.6 or 11 < at < 22:
            tune.place(track, drum, at, gain=0.5 if beat % 4 == 0 else 0.22)
    scale = (62, 64, 67, 69, 71, 74, 76, 79, 81, 83)
    for step in range(64):
        at = 0.6 + step * 0.33
        if 8.2 < at < 9.4 or at > 22.4:
            continue
        note = scale[(step * 7 + step // 8 * 2) % 10] + 12
        tune.place(track, tune.bell(note, 2.2), at, gain=0.2, pan=0.7 * np.sin(step * 1.7))
    for at, chord in ((0.2, (43, 50, 57, 62)), (4.4, (45, 52, 60, 64)), (9.0, (48, 55, 62, 67)),
                      (12.8, (50, 57, 62, 66, 69)), (16.6, (43, 55, 59, 62, 67, 74)),
                      (20.2, (48, 55, 64, 67, 74))):  # fmt: skip
        tune.place(track, tune.pad(chord, 5.2), at, gain=0.5 if at > 8 else 0.3)
    for number, note in enumerate((67, 71, 74, 79, 83, 86)):
        tune.place(track, tune.pluck(note, 4), _LAST + number * 0.28, gain=0.42)
    return tune.finish(tune.room(track, wet=0.3))


_SIZES = (13, 20, 30, 44)


def _flight() -> list[tuple[float, float, float, int, int, float]]:
    """The lanterns: when each is let go, where, how fast, how near, its fire, its swing."""
    rng = np.random.default_rng(18)
    flight = []
    for number in range(76):
        near = rng.random() ** 1.7
        born = _RISE + 10 * (number / 76) ** 0.8 + rng.uniform(0, 0.8)
        size = _SIZES[min(3, int(near * 4))]
        x = rng.uniform(40, WIDTH - 60)
        flight.append((born, x, 20 + 34 * near, size, int(rng.integers(4)), rng.uniform(0, 6.28)))
    flight.sort(key=lambda lantern: lantern[3])
    return flight


def _lantern(size: int, colour: str) -> tuple[Mask, Picture]:
    """A sky lantern: its bright paper, and the light it throws."""

    def paper(draw: ImageDraw.ImageDraw, s: int) -> None:
        w, h = size * s, size * 1.3 * s
        left, top = size * 0.5 * s, size * 0.35 * s
        draw.polygon(
            [(left + w * 0.14, top + h), (left, top + h * 0.28), (left + w * 0.12, top + h * 0.06),
             (left + w * 0.5, top), (left + w * 0.88, top + h * 0.06), (left + w, top + h * 0.28),
             (left + w * 0.86, top + h)], fill=150)  # fmt: skip
        draw.ellipse([left + w * 0.24, top + h * 0.5, left + w * 0.76, top + h * 1.05], fill=255)

    body = paint.drawn(size * 2, size * 2, paper, blur=size / 26)
    return body * 0.95, paint.glow(round(size * 1.9), rgb(colour), core=0.22)


def _child(picture: Picture, t: float, sprites: dict[int, list[tuple[Mask, Picture]]]) -> None:
    """The child on the steps, with the one lantern too many; she lets it go last."""
    paint.stamp(picture, _CHILD, WIDTH / 2, 470, rgb("#06061a"))
    age = max(0.0, t - _LAST)
    x, y = WIDTH / 2 + 12 * np.sin(age * 0.8), 396 - 30 * age - 2.4 * age * age
    body, light = sprites[44][0]
    lit = ease(t, 6.2, 7.4)
    paint.add(picture, light, x, y, lit * (0.9 + 0.1 * np.sin(t * 6)))
    paint.stamp(
        picture, body, x, y, rgb("#ffe0a0"), 0.35 + 0.65 * lit if t > 5 else ease(t, 4, 5) / 3
    )


def _girl(draw: ImageDraw.ImageDraw, s: int) -> None:
    dress = [(42, 70), (58, 70), (72, 140), (28, 140)]
    draw.polygon([(x * s, y * s) for x, y in dress], fill=255)
    draw.ellipse([39 * s, 44 * s, 61 * s, 68 * s], fill=255)
    for side in (-1, 1):
        draw.ellipse([(50 + side * 12 - 6) * s, 42 * s, (50 + side * 12 + 6) * s, 54 * s], fill=255)
        arm = [(50 + side * 6, 76), (50 + side * 21, 58), (50 + side * 15, 28)]
        draw.line([(x * s, y * s) for x, y in arm], fill=255, width=5 * s, joint="curve")


_CHILD = paint.drawn(100, 150, _girl)


def _city() -> tuple[Picture, list[tuple[float, float]]]:
    """The street: two rows of geometric houses under a great moon, and its strings of lamps."""
    picture = paint.sky(_NIGHT)
    rng = np.random.default_rng(33)
    for _ in range(110):
        x, y = rng.integers(0, WIDTH), rng.integers(0, 230)
        picture[y, x] = np.minimum(picture[y, x].astype(int) + rng.integers(30, 130), 255)
    for radius, colour, share in (
        (214, "#c2487c", 0.3),
        (176, "#d95f78", 0.45),
        (138, "#f0806a", 1),
    ):
        disc = paint.disc(WIDTH, HEIGHT, 480, 300, radius)
        picture = paint.cover(picture, disc * share, rgb(colour))
    palettes = (
        ("#3a3a86", "#45408e", "#34347c"), ("#2a2a6c", "#33306f", "#242462"),
        ("#1a1b4c", "#20204f", "#151642"),
    )  # fmt: skip
    for depth, palette in enumerate(palettes):
        for side in (-1, 1):
            edge = WIDTH / 2 + side * (110, 205, 300)[depth]
            while -60 < edge < WIDTH + 60:
                picture, edge = _house(picture, rng, edge, side, depth, palette)
    steps = paint.drawn(WIDTH, HEIGHT, _steps)
    picture = paint.cover(picture, steps, rgb("#15153e"))
    strings, cords = [], np.zeros((HEIGHT, WIDTH), np.float32)
    for y0, sag, count in ((168, 88, 15), (232, 74, 13), (300, 52, 11)):
        points = []
        for step in range(count * 4 + 1):
            share = step / (count * 4)
            points.append((150 + 660 * share + (y0 - 168) * (0.5 - share) * 1.6,
                           y0 + sag * 4 * share * (1 - share)))  # fmt: skip
        strings += points[2::4]
        cords = np.maximum(cords, paint.drawn(WIDTH, HEIGHT, partial(_cord, points)))
    return paint.cover(picture, cords * 0.8, rgb("#0d0d30")), strings


def _cord(points: list[tuple[float, float]], draw: ImageDraw.ImageDraw, s: int) -> None:
    draw.line([(x * s, (y - 9) * s) for x, y in points], fill=255, width=s)


def _house(
    picture: Picture,
    rng: np.random.Generator,
    x: float,
    side: int,
    depth: int,
    palette: tuple[str, ...],
) -> tuple[Picture, float]:
    """One house, and where the next begins."""
    wide = float(rng.uniform(52, 84)) * (0.8 + 0.28 * depth)
    top = float(rng.uniform(236, 300) - 66 * depth - abs(x - WIDTH / 2) * 0.16)
    left, right = (x - wide, x) if side < 0 else (x, x + wide)
    kind = int(rng.integers(4))

    def walls(draw: ImageDraw.ImageDraw, s: int) -> None:
        draw.rectangle([left * s, top * s, right * s, HEIGHT * s], fill=255)
        middle = (left + right) / 2
        if kind == 0:
            draw.polygon([(left * s, top * s), (middle * s, (top - 38) * s), (right * s, top * s)],
                         fill=255)  # fmt: skip
        elif kind == 1:
            draw.ellipse(
                [left * s, (top - wide / 2) * s, right * s, (top + wide / 2) * s], fill=255
            )
        elif kind == 2:
            draw.polygon([((left - 8) * s, top * s), ((left + 9) * s, (top - 20) * s),
                          ((right - 9) * s, (top - 20) * s), ((right + 8) * s, top * s)],
                         fill=255)  # fmt: skip
            draw.rectangle([(left + 13) * s, (top - 44) * s, (right - 13) * s, top * s], fill=255)
        else:
            draw.rectangle([(middle - 6) * s, (top - 30) * s, (middle + 6) * s, top * s], fill=255)

    picture = paint.cover(picture, paint.drawn(WIDTH, HEIGHT, walls), rgb(palette[kind % 3]))
    size, gap = 8 + 2 * depth, 17 + 4 * depth
    for row in range(int((470 - top) / gap)):
        for column in range(int((wide - 10) / gap)):
            if rng.random() < 0.42:
                continue
            px = round(left + 9 + column * gap)
            py = round(top + 16 + row * gap)
            if px >= 0 and px + size < WIDTH and py + size < HEIGHT:
                warm = rng.random() < 0.55
                tone = rgb("#f2a65a") if warm else rgb(palette[0])
                share = float(rng.uniform(0.45, 0.95)) if warm else 0.5
                spot = picture[py : py + size + 3, px : px + size]
                over = np.asarray(tone) * share + spot * (1 - share)
                picture[py : py + size + 3, px : px + size] = over.astype(np.uint8)
    return picture, x + side * (wide + float(rng.uniform(-2, 6)))


def _steps(draw: ImageDraw.ImageDraw, s: int) -> None:
    for step in range(6):
        half = 120 + step * 66
        draw.rectangle(
            [(480 - half) * s, (454 + step * 15) * s, (480 + half) * s, HEIGHT * s],
            fill=150 + step * 21,
        )


def _crowd(draw: ImageDraw.ImageDraw, s: int) -> None:
    """The neighbours at the foot of the steps, looking up."""
    rng = np.random.default_rng(44)
    for number in range(40):
        x = number * 25 + rng.uniform(-7, 7)
        away = abs(x - 480)
        if away < 70:
            continue
        head = 520 - min(away, 330) * 0.14 + rng.uniform(-9, 9)
        r = rng.uniform(10, 13)
        draw.ellipse([(x - r) * s, (head - r) * s, (x + r) * s, (head + r * 1.1) * s], fill=255)
        draw.rounded_rectangle(
            [(x - r * 1.9) * s, (head + r * 1.1) * s, (x + r * 1.9) * s, (HEIGHT + 40) * s],
            14 * s, fill=255)  # fmt: skip
