"""The paint box of the films: gradients, paper and cloud, ridges, glows and titles, in numpy.

Pictures are arrays of bytes, height x width x 3; masks are floats from 0 to 1. Everything random
is seeded, so that a film is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from plainview.demo import lettering

WIDTH, HEIGHT, FPS = 960, 540, 24

Picture = NDArray[np.uint8]
Mask = NDArray[np.float32]
Colour = tuple[float, float, float]


def rgb(code: str) -> Colour:
    """`#rrggbb` as three numbers from 0 to 255."""
    return float(int(code[1:3], 16)), float(int(code[3:5], 16)), float(int(code[5:7], 16))


def ease(time: float, begin: float, end: float) -> float:
    """0 before `begin`, 1 after `end` (seconds), smoothly between."""
    share = min(max((time - begin) / (end - begin), 0.0), 1.0)
    return share * share * (3 - 2 * share)


def gradient(stops: Sequence[tuple[float, str]], height: int) -> Mask:
    """Colours from top (0) to bottom (1), one row each: height x 3."""
    at = np.linspace(0, 1, height)
    places = [place for place, _ in stops]
    bands = [np.interp(at, places, [rgb(code)[band] for _, code in stops]) for band in range(3)]
    return np.stack(bands, axis=1).astype(np.float32)


def sky(stops: Sequence[tuple[float, str]], height: int = HEIGHT, width: int = WIDTH) -> Picture:
    """A gradient as a picture, dithered so that it doesn't band when encoded."""
    grain = np.random.default_rng(3).uniform(-0.9, 0.9, (height, width, 1))
    return np.clip(gradient(stops, height)[:, None, :] + grain, 0, 255).astype(np.uint8)


def cloud(height: int, width: int, *, cell: int, seed: int, octaves: int = 4) -> Mask:
    """Soft noise from 0 to 1; `cell` is the size in pixels of its largest shapes."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        size = max(2, cell >> octave)
        grid = rng.random((height // size + 3, width // size + 3)).astype(np.float32)
        wide = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(wide) / 2**octave
    total -= np.min(total)
    scaled: Mask = total / np.max(total)
    return scaled


def ridge(width: int, *, cell: int, seed: int, octaves: int = 5) -> Mask:
    """A line of hills: heights from 0 to 1 for each column."""
    return cloud(4, width, cell=cell, seed=seed, octaves=octaves)[1]


def below(heights: NDArray[np.floating], height: int) -> Mask:
    """A mask of what lies below a line given as y for each column, with soft edges."""
    rows = np.arange(height, dtype=np.float32)[:, None]
    return np.clip(rows - heights[None, :].astype(np.float32) + 0.5, 0, 1).astype(np.float32)


def drawn(
    width: int, height: int, painter: Callable[[ImageDraw.ImageDraw, int], None], *, blur: float = 0
) -> Mask:
    """A mask that `painter(draw, scale)` fills with 255, `scale` times larger; then smoothed."""
    scale = 3
    canvas = Image.new("L", (width * scale, height * scale), 0)
    painter(ImageDraw.Draw(canvas), scale)
    small = canvas.resize((width, height), Image.Resampling.BOX)
    if blur:
        small = small.filter(ImageFilter.GaussianBlur(blur))
    return (np.asarray(small, np.float32) / 255).astype(np.float32)


def disc(width: int, height: int, x: float, y: float, radius: float, *, blur: float = 0) -> Mask:
    """A mask of a round spot."""

    def painter(draw: ImageDraw.ImageDraw, s: int) -> None:
        box = [(x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s]
        draw.ellipse(box, fill=255)

    return drawn(width, height, painter, blur=blur)


def blurred(mask: Mask, radius: float) -> Mask:
    """A mask, softened."""
    image = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
    soft = image.filter(ImageFilter.GaussianBlur(radius))
    return (np.asarray(soft, np.float32) / 255).astype(np.float32)


def cover(picture: Picture, mask: Mask, colour: Colour | NDArray[np.floating] | Picture) -> Picture:
    """The picture with a colour (or another picture) laid over it where the mask says."""
    over = np.asarray(colour, np.float32)
    base = picture.astype(np.float32)
    return (base + (over - base) * mask[..., None]).astype(np.uint8)


def glow(radius: int, colour: Colour, *, core: float = 0.12) -> Picture:
    """A light as a sprite to be added: a bright core and a wide, soft halo."""
    reach = np.arange(-radius, radius + 1, dtype=np.float32) / radius
    away = np.sqrt(reach[:, None] ** 2 + reach[None, :] ** 2)
    halo = np.clip(1 - away, 0, 1) ** 2.6 * 0.55 + np.clip(1.4 - away / core, 0, 1)
    light = np.clip(halo, 0, 1)[..., None] * np.asarray(colour, np.float32)
    white = np.clip(1.2 - away / core, 0, 1)[..., None] * 120
    return np.clip(light + white, 0, 255).astype(np.uint8)


def add(picture: Picture, sprite: Picture, x: float, y: float, strength: float = 1.0) -> None:
    """Add light to the picture in place, the sprite's middle at x, y; cut off at the edges."""
    height, width = sprite.shape[:2]
    left, top = round(x) - width // 2, round(y) - height // 2
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, picture.shape[1]), min(top + height, picture.shape[0])
    if x0 >= x1 or y0 >= y1 or strength <= 0:
        return
    part = sprite[y0 - top : y1 - top, x0 - left : x1 - left]
    if strength < 1:
        part = (part * strength).astype(np.uint8)
    spot = picture[y0:y1, x0:x1]
    picture[y0:y1, x0:x1] = np.maximum(spot + part, spot) | -((spot + part) < spot).astype(np.uint8)


def dim(picture: Picture, level: float) -> Picture:
    """The picture at a share of its brightness, for fades."""
    if level >= 1:
        return picture
    table = (np.arange(256) * max(level, 0)).astype(np.uint8)
    return table[picture]


def title(text: str, height: int, *, weight: float, spacing: float, thin: float = 1.0) -> Mask:
    """A line of capitals as a mask."""
    drawn_line = lettering.line(text, height, weight=weight, spacing=spacing, thin=thin)
    return (np.asarray(drawn_line, np.float32) / 255).astype(np.float32)


def stamp(
    picture: Picture, mask: Mask, x: float, y: float, colour: Colour, strength: float = 1.0
) -> None:
    """Lay a colour over the picture in place, through a small mask whose middle is at x, y."""
    height, width = mask.shape
    left, top = round(x - width / 2), round(y - height / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, picture.shape[1]), min(top + height, picture.shape[0])
    if x0 >= x1 or y0 >= y1 or strength <= 0:
        return
    part = mask[y0 - top : y1 - top, x0 - left : x1 - left] * strength
    picture[y0:y1, x0:x1] = cover(picture[y0:y1, x0:x1], part, colour)
