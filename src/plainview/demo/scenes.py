"""Places: a sky, a light, land in layers; poster, backdrop and a short film are made of one.

One declaration in the catalogue gives all three, so that they look like one another. Everything
random is seeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
import numpy as np

from plainview.demo import lettering, paint, tune
from plainview.demo.paint import HEIGHT, WIDTH, Mask, Picture

SECONDS = 12.0
STEPS = 48
"""Points of a skyline across a picture."""


def _lettered(name: str, width: int) -> str:
    """A name in one or two lines across the top."""
    words = name.upper().split()
    half = (len(words) + 1) // 2 if len(name) > 10 else len(words)
    lines = [each for each in (" ".join(words[:half]), " ".join(words[half:])) if each]
    drawn = [lettering.strokes(line, spacing=0.34) for line in lines]
    size = min(92.0, *(0.8 * width / wide for _strokes, wide in drawn))
    path = ""
    for number, (strokes, wide) in enumerate(drawn):
        left, top = (width - wide * size) / 2, 84 + number * size * 1.55
        for stroke in strokes:
            points = " ".join(f"{left + x * size:.0f},{top + y * size:.0f}" for x, y in stroke)
            path += f"M{points}"
    return (
        f'<path d="{path}" fill="none" stroke="#fff8ea" stroke-width="{size * 0.1:.1f}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


class Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Land of one colour: its top as a share of the picture's height, and how rough it is."""

    colour: str
    top: float
    rough: float = 0.06
    kind: Literal["hills", "city", "pines", "sea"] = "hills"


class Scene(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place. `light` is x, y and radius as shares of the picture's height, and its colour."""

    sky: list[str]
    light: tuple[float, float, float, str]
    layers: list[Layer]
    sparks: Literal["", "stars", "snow", "lamps"] = ""
    seed: int = 1

    @property
    def SECONDS(self) -> float:
        return SECONDS

    def svg(self, width: int, height: int, name: str = "") -> bytes:
        """The place as a drawing of that size, with a name in our own capitals above it."""
        x, y, radius, colour = self.light
        stops = "".join(
            f'<stop offset="{number / (len(self.sky) - 1):.2f}" stop-color="{each}"/>'
            for number, each in enumerate(self.sky)
        )
        size = min(height, width * 1.2)
        cx, cy, r = x * width, y * height, radius * size
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}"><defs>'
            f'<linearGradient id="s" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient>'
            f'<radialGradient id="h"><stop offset="0" stop-color="{colour}" stop-opacity=".75"/>'
            f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient></defs>'
            f'<rect width="{width}" height="{height}" fill="url(#s)"/>',
            f'<circle cx="{cx:.0f}" cy="{cy:.0f}" r="{3.4 * r:.0f}" fill="url(#h)"/>'
            f'<circle cx="{cx:.0f}" cy="{cy:.0f}" r="{r:.0f}" fill="{colour}"/>',
        ]
        if self.sparks == "stars":
            parts.append(self._dots(width, height * 0.55, 60, "#fff"))
        for number, layer in enumerate(self.layers):
            line = self.line(number, width / height)
            points = " ".join(
                f"{width * step / (len(line) - 1):.0f},{height * top:.0f}"
                for step, top in enumerate(line)
            )
            path = f'<polygon points="0,{height} {points} {width},{height}" fill="{layer.colour}"/>'
            parts.append(path)
            if layer.kind == "city":
                parts.append(self._windows(number, width, height))
        if self.sparks in ("snow", "lamps"):
            parts.append(
                self._dots(width, height, 90, "#fff" if self.sparks == "snow" else "#ffd28a")
            )
        if name:
            parts.append(_lettered(name, width))
        return "".join([*parts, "</svg>"]).encode()

    def line(self, number: int, shape: float) -> list[float]:
        """The skyline of a layer from left to right, as shares from the top."""
        layer = self.layers[number]
        rng = np.random.default_rng(self.seed * 31 + number)
        steps = max(8, round(STEPS * min(1.0, shape)))
        if layer.kind == "city":
            blocks = rng.uniform(-1, 1, steps // 2)
            return [float(layer.top + layer.rough * h) for h in blocks for _side in (0, 1)]
        if layer.kind == "pines":
            tips = layer.top + layer.rough * rng.uniform(-1, 0.2, steps)
            low = layer.top + layer.rough
            return [float(each) for tip in tips for each in (low, tip)] + [float(low)]
        at = np.linspace(0, 1, steps)
        waves = 1 if layer.kind == "sea" else 3
        line = np.zeros(steps)
        for octave in range(waves, waves + 4):
            phase, reach = rng.uniform(0, 6.3), 1 / (octave - waves + 1.2)
            line += reach * np.sin(at * octave * (2.2 + octave * 0.5) + phase)
        rough = 0.004 if layer.kind == "sea" else layer.rough
        return [float(layer.top + rough * each) for each in line]

    def _windows(self, number: int, width: int, height: int) -> str:
        rng = np.random.default_rng(self.seed * 17 + number)
        line = self.line(number, width / height)
        wide = width / (len(line) - 1)
        lit = []
        for block in range(0, len(line) - 1, 2):
            for _each in range(3):
                x = (block + rng.uniform(0.15, 0.75)) * wide
                y = height * (line[block] + rng.uniform(0.02, 0.2))
                lit.append(
                    f"M{x:.0f},{y:.0f}h{wide * 0.16:.1f}v{wide * 0.22:.1f}h-{wide * 0.16:.1f}z"
                )
        return f'<path d="{"".join(lit)}" fill="#ffd68f" fill-opacity=".8"/>'

    def _dots(self, width: float, height: float, count: int, colour: str) -> str:
        rng = np.random.default_rng(self.seed * 7)
        dots = "".join(
            f"M{rng.uniform(0, width):.0f},{rng.uniform(0, height):.0f}h.01"
            for _each in range(count)
        )
        return (
            f'<path d="{dots}" stroke="{colour}" stroke-width="{width / 220:.1f}"'
            ' stroke-linecap="round" stroke-opacity=".75"/>'
        )

    def frames(self) -> Iterator[Picture]:
        """The film: the view goes slowly past, what is near faster than what is far."""
        x, y, radius, colour = self.light
        count = len(self.sky) - 1
        sky = paint.sky([(number / count, each) for number, each in enumerate(self.sky)])
        glow = paint.glow(round(radius * HEIGHT * 3.4), paint.rgb(colour), core=0.3)
        paint.add(sky, glow, x * WIDTH, y * HEIGHT, 0.9)
        masks = [self._mask(number) for number in range(len(self.layers))]
        rng = np.random.default_rng(self.seed)
        sparks = rng.uniform(0, 1, (70, 3))
        spark = paint.glow(9, paint.rgb("#ffd28a" if self.sparks == "lamps" else "#ffffff"))
        for number in range(round(SECONDS * paint.FPS)):
            t = number / paint.FPS
            picture = sky.copy()
            for depth, (mask, layer) in enumerate(zip(masks, self.layers, strict=True), 1):
                shift = round(t * depth * 3.5)
                picture = paint.cover(
                    picture, mask[:, shift : shift + WIDTH], paint.rgb(layer.colour)
                )
            for sx, sy, speed in sparks if self.sparks else ():
                fall = {"snow": 0.09, "lamps": -0.05}.get(self.sparks, 0.0) * t
                top = (sy + fall * (0.5 + speed)) % 1.0
                if self.sparks != "stars" or top < 0.5:
                    paint.add(picture, spark, sx * WIDTH, top * HEIGHT, 0.3 + 0.5 * speed)
            yield paint.dim(
                picture, paint.ease(t, 0, 1) * (1 - paint.ease(t, SECONDS - 1, SECONDS))
            )

    def _mask(self, number: int) -> Mask:
        wide = WIDTH + round(SECONDS * 3.5 * (number + 1)) + 4
        line = np.array(self.line(number, wide / HEIGHT))
        kind = self.layers[number].kind
        at = np.linspace(0, len(line) - 1, wide)
        heights = (
            line[np.floor(at).astype(int)]
            if kind == "city"
            else np.interp(at, np.arange(len(line)), line)
        )
        return paint.below(heights * HEIGHT, HEIGHT)

    def sound(self, seconds: float) -> tune.Sound:
        """Air, and a few slow chords of the place's own."""
        root = 40 + self.seed % 7
        track = tune.silence(seconds)
        air = tune.noise(seconds, low=80, high=1800, seed=self.seed, tilt=0.8)
        tune.place(track, air, 0, gain=0.25)
        for number, chord in enumerate(([0, 7, 12], [-4, 3, 8], [3, 10, 15])):
            pad = tune.pad([root + each for each in chord], 4.5)
            tune.place(track, pad, number * 3.6, gain=0.35)
            tune.place(track, tune.pluck(root + 24 + chord[1]), number * 3.6 + 1.2, gain=0.4)
        return tune.finish(tune.room(track))
