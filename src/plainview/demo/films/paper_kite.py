"""The Paper Kite: a kite folded from an unsent letter breaks loose and delivers itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw

from plainview.demo import paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Picture, ease, rgb

SECONDS = 26.0
_SNAPS, _ARRIVES = 8.6, 19.0
_TRAVEL = 900
_SKY = [(0, "#5d4a86"), (0.28, "#b8698c"), (0.5, "#f0957c"), (0.68, "#fbc78f"), (0.9, "#fdecc4")]
_HILLS = [  # colour, height of the line, how hilly, size of the hills, speed, seed
    ("#e58f7e", 402, 170, 420, 0.22, 3),
    ("#c96a74", 440, 190, 380, 0.36, 4),
    ("#96507a", 466, 160, 460, 0.54, 15),
    ("#5a3a6b", 496, 140, 520, 0.76, 6),
    ("#2c2148", 520, 76, 640, 1.0, 19),
]


def frames() -> Iterator[Picture]:
    """The film, frame by frame."""
    heaven = Image.fromarray(paint.sky(_SKY)).convert("RGBA")
    sun = _sun()
    hills = [_hill(*hill) for hill in _HILLS]
    near = _line(*_HILLS[-1][1:4], _HILLS[-1][5])
    name = paint.title("THE PAPER KITE", 40, weight=0.16, spacing=0.42)
    end = paint.title("LANTERN STREET PICTURES", 15, weight=0.12, spacing=0.8)
    for number in range(round(SECONDS * paint.FPS)):
        t = number / paint.FPS
        camera = ease(t, _SNAPS + 0.3, _ARRIVES) * _TRAVEL
        scene = heaven.copy()
        rise = ease(t, 0, 20)
        scene.alpha_composite(sun, (468 - round(camera * 0.06), 290 - round(210 * rise)))
        kite = _kite_at(t)
        for depth, (hill, (*_, speed, _seed)) in enumerate(zip(hills, _HILLS, strict=True)):
            left = round(camera * speed)
            top = HEIGHT - hill.height
            scene.alpha_composite(hill, (0, top), (left, 0, left + WIDTH, hill.height))
            if depth == 1:
                _birds(scene, t)
        _people(scene, t, camera, near, kite)
        _kite(scene, t, *kite)
        picture = _graded(scene, ease(t, -4, 13))
        shown = ease(t, 0.8, 1.8) * (1 - ease(t, 3.6, 4.4))
        paint.stamp(picture, name, WIDTH / 2, 66, rgb("#fff1d6"), shown)
        paint.stamp(picture, end, WIDTH / 2, 505, rgb("#fff1d6"), ease(t, 23.2, 24.2))
        yield paint.dim(picture, ease(t, 0, 0.8) * (1 - ease(t, 25.0, 25.95)))


def sound(seconds: float) -> tune.Sound:
    """Wind, a music-box tune that lets go with the kite, and open strings over the hills."""
    track = tune.silence(seconds)
    wind = tune.noise(seconds, low=180, high=3200, seed=4, tilt=0.9)
    tune.place(track, wind * tune.sway(seconds, 4.3, depth=0.8), 0, gain=0.35, pan=-0.2)
    tune.place(track, tune.pad([50, 57, 62, 66], 9.0), 0.2, gain=0.2)
    tune.place(track, tune.pad([43, 55, 59, 62, 69], 6.5), 8.6, gain=0.4)
    tune.place(track, tune.pad([45, 57, 61, 64, 71], 5.5), 13.6, gain=0.42)
    tune.place(track, tune.pad([50, 57, 62, 66, 69], 8.0), 18.0, gain=0.42)
    scale = [74, 78, 81, 83, 86, 83, 81, 78]
    for step in range(44):
        at = 0.9 + step * 0.5
        if _SNAPS - 0.6 < at < _SNAPS + 0.9 or at > 22.8:
            continue
        note = scale[(step * 3) % 8] - (12 if step % 4 == 0 else 0)
        tune.place(track, tune.bell(note, 2.6), at, gain=0.26, pan=0.5 * np.sin(step))
    tune.place(track, tune.pluck(38, 4), _SNAPS, gain=0.7)
    for number, note in enumerate((62, 66, 69, 74, 78, 81)):
        tune.place(track, tune.pluck(note, 4), _ARRIVES + number * 0.3, gain=0.45)
    return tune.finish(tune.room(track, wet=0.3))


def _line(base: float, swing: float, cell: int, seed: int) -> paint.Mask:
    return (base - swing * paint.ridge(WIDTH + _TRAVEL, cell=cell, seed=seed, octaves=2)).astype(
        np.float32
    )


def _hill(colour: str, base: float, swing: float, cell: int, _: float, seed: int) -> Image.Image:
    """A sheet of cut paper: grain, a bright cut edge, and its shadow on what lies behind."""
    width = WIDTH + _TRAVEL
    line = _line(base, swing, cell, seed)
    body = paint.below(line, HEIGHT)
    edge = np.clip(body - paint.below(line + 2.2, HEIGHT), 0, 1)
    shadow = paint.blurred(paint.below(line - 7, HEIGHT), 9) * 0.42
    rng = np.random.default_rng(seed)
    grain = rng.normal(0, 2.6, (HEIGHT, width)) + 9 * (
        paint.cloud(HEIGHT, width, cell=7, seed=seed, octaves=2) - 0.5
    )
    light = np.linspace(10, -14, HEIGHT)[:, None]
    tone = np.asarray(rgb(colour)) + (grain + light + edge * 34)[..., None]
    alpha = np.clip(body + shadow * (1 - body), 0, 1)
    sheet = np.concatenate(
        [tone * body[..., None] + 18 * (1 - body[..., None]), alpha[..., None] * 255], 2
    )
    top = int(np.argmax(alpha.max(axis=1) > 0))
    return Image.fromarray(np.clip(sheet[top:], 0, 255).astype(np.uint8))


def _sun() -> Image.Image:
    """A paper sun: discs laid upon each other, each with its shadow."""
    sheet = Image.new("RGBA", (380, 380))
    for radius, colour in ((178, "#fbb27e"), (132, "#fdc78d"), (88, "#fee0a8")):
        disc = paint.disc(380, 380, 190, 190, radius)
        shade = np.roll(paint.blurred(disc, 6), (4, 3), (0, 1)) * 0.3 * (1 - disc)
        light, dark = np.asarray(rgb(colour)), np.asarray(rgb("#8a3f5a"))
        tone = dark + (light - dark) * disc[..., None]
        alpha = np.clip(disc * 0.92 + shade, 0, 1)[..., None] * 255
        sheet.alpha_composite(Image.fromarray(np.concatenate([tone, alpha], 2).astype(np.uint8)))
    return sheet


def _graded(scene: Image.Image, dawn: float) -> Picture:
    """The scene in the light of the hour: violet before dawn, as painted in the morning."""
    table: list[int] = []
    for night in (0.40, 0.36, 0.62):
        level = night + (1 - night) * dawn
        table += [round(value * level) for value in range(256)]
    return np.asarray(scene.convert("RGB").point(table)).copy()


def _kite_at(t: float) -> tuple[float, float, float]:
    """The kite's middle and its lean in radians."""
    held_x, held_y = 520 + 26 * np.sin(t * 1.3), 208 + 18 * np.sin(t * 1.9)
    free_x, free_y = 560 + 60 * np.sin(t * 0.8), 168 + 46 * np.sin(t * 1.35 + 1)
    loose = ease(t, _SNAPS, _SNAPS + 2)
    home = ease(t, _ARRIVES - 2.5, _ARRIVES + 0.6)
    x = held_x + (free_x - held_x) * loose + (566 - free_x) * home
    y = held_y + (free_y - held_y) * loose + (300 - free_y) * home
    spin = (
        0.5
        * np.sin((t - _SNAPS) * 2.4)
        * ease(t, _SNAPS, _SNAPS + 0.4)
        * (1 - ease(t, _SNAPS + 2, _SNAPS + 4))
    )
    return x, y, 0.42 + 0.13 * np.sin(t * 1.7) + spin


def _kite(scene: Image.Image, t: float, x: float, y: float, lean: float) -> None:
    """The kite: two folds of a written sheet, and a tail of paper bows."""
    scale, size = 2, 300
    tile = Image.new("RGBA", (size * scale, size * scale), (255, 246, 224, 0))
    draw = ImageDraw.Draw(tile)
    middle = size / 2

    def spot(u: float, v: float) -> tuple[float, float]:
        px, py = u * np.cos(lean) - v * np.sin(lean), u * np.sin(lean) + v * np.cos(lean)
        return (middle + px) * scale, (middle - 20 + py) * scale

    tail = []
    for step in range(22):
        along = 62 + step * 6
        wave = (step / 22) * 22 * np.sin(step * 0.42 - t * 4.2)
        tail.append(spot(wave - step * 1.6, along))
    draw.line(tail, fill=(255, 240, 214, 220), width=3)
    for step in (5, 10, 15, 20):
        px, py = tail[step]
        for side in (-1, 1):
            draw.polygon(
                [(px, py), (px + side * 16, py - 9), (px + side * 15, py + 10)],
                fill=(222, 74, 72, 255),
            )
    top, right, foot, left = spot(0, -58), spot(40, -14), spot(0, 62), spot(-40, -14)
    draw.polygon([top, left, foot], fill=(255, 246, 224, 255))
    draw.polygon([top, right, foot], fill=(238, 214, 182, 255))
    for row in range(9):
        v = -36 + row * 9
        wide = (40 * (v + 58) / 44 if v < -14 else 40 * (62 - v) / 76) - 7
        for side in (-1, 1):
            reach = wide * (0.55 + 0.4 * ((row * 7 + side) % 3) / 2)
            draw.line([spot(side * 4, v), spot(side * max(reach, 6), v)], (120, 92, 120, 165), 3)
    draw.line([top, foot], fill=(196, 120, 96, 255), width=3)
    draw.line([left, right], fill=(196, 120, 96, 200), width=2)
    tile = tile.resize((size, size), Image.Resampling.BOX)
    shade = Image.new("RGBA", (size, size), (60, 26, 66, 0))
    shade.putalpha(tile.getchannel("A").point([round(value * 0.22) for value in range(256)]))
    left_x, top_y = round(x - middle), round(y - middle)
    for image, dx, dy in ((shade, 9, 12), (tile, 0, 0)):
        _lay(scene, image, left_x + dx, top_y + dy)


def _lay(scene: Image.Image, image: Image.Image, left: int, top: int) -> None:
    """Lay an image over the scene, as much of it as is inside."""
    right, foot = min(image.width, WIDTH - left), min(image.height, HEIGHT - top)
    cut = (max(-left, 0), max(-top, 0), right, foot)
    if cut[0] < cut[2] and cut[1] < cut[3]:
        scene.alpha_composite(image, (max(left, 0), max(top, 0)), cut)


def _people(
    scene: Image.Image, t: float, camera: float, line: paint.Mask, kite: tuple[float, float, float]
) -> None:
    """The child who lets go, the child who looks up, and the string between."""
    scale = 2
    for ground, running in ((236, True), (600 + _TRAVEL, False)):
        x = ground - camera
        if not -80 < x < WIDTH + 80:
            continue
        foot = float(line[int(ground)]) + 3
        waving = running or t > _ARRIVES - 4
        tile = Image.new("RGBA", (90 * scale, 120 * scale))
        coat = (214, 68, 70, 255) if running else (250, 190, 84, 255)
        _child(ImageDraw.Draw(tile), scale, t if running else t * 0.6, coat, raised=waving)
        tile = tile.resize((90, 120), Image.Resampling.BOX)
        if not running:
            tile = tile.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        _lay(scene, tile, round(x - 45), round(foot - 112))
        hand = (x + (27 if running else -27), foot - 92)
        if (running and t < _SNAPS) or (not running and t > _ARRIVES):
            _string(scene, hand, (kite[0], kite[1] + 8))


def _string(scene: Image.Image, hand: tuple[float, float], end: tuple[float, float]) -> None:
    points = []
    for step in range(15):
        share = step / 14
        sag = 26 * np.sin(np.pi * share)
        points.append(
            (hand[0] + (end[0] - hand[0]) * share, hand[1] + (end[1] - hand[1]) * share + sag)
        )
    ImageDraw.Draw(scene).line(points, fill=(255, 240, 220), width=1)


def _child(
    draw: ImageDraw.ImageDraw, s: int, t: float, coat: tuple[int, int, int, int], *, raised: bool
) -> None:
    """A child of cut paper on a tile of 90 x 120, facing right."""
    ink = (28, 20, 48, 255)
    stride = 5 * np.sin(t * 3)
    for side in (-1, 1):
        draw.line(
            [(45 * s, 86 * s), ((45 + side * (4 + stride)) * s, 112 * s)], fill=ink, width=5 * s
        )
    draw.polygon([(p * s, q * s) for p, q in ((38, 56), (52, 56), (59, 92), (31, 92))], fill=coat)
    reach = (72, 28) if raised else (58, 78)
    draw.line([(48 * s, 61 * s), (reach[0] * s, reach[1] * s)], fill=coat, width=5 * s)
    draw.line([(42 * s, 61 * s), (33 * s, 80 * s)], fill=coat, width=5 * s)
    draw.ellipse([36 * s, 37 * s, 55 * s, 57 * s], fill=(240, 206, 176, 255))
    draw.chord([34 * s, 35 * s, 56 * s, 58 * s], 165, 345, fill=ink)


def _birds(scene: Image.Image, t: float) -> None:
    draw = ImageDraw.Draw(scene)
    for number in range(6):
        x = (t * 26 + number * 41 + 17 * (number % 3)) % (WIDTH + 200) - 100
        y = 130 + 17 * (number % 4) + 8 * np.sin(t + number)
        lift = 7 * np.sin(t * 6 + number * 1.3)
        for side in (-1, 1):
            draw.polygon(
                [(x, y), (x + side * 13, y - 5 - lift), (x + side * 4, y + 4)],
                fill=(255, 240, 220, 255),
            )
