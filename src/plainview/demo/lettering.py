"""Lantern Street's own capitals, drawn from strokes: titles need no font on the machine."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

# Width, then strokes parted by |. A point is x,y; @cx,cy,rx,ry,from,to is an arc in degrees,
# clockwise from the right when `to` is larger. Capitals are 1 high, y grows downwards.
_GLYPHS = {
    "A": (0.76, "0,1 .38,0 .76,1|.15,.66 .61,.66"),
    "B": (0.56, "0,0 0,1 @.3,.74,.26,.26,90,-90 0,.48|0,.48 @.26,.24,.24,.24,90,-90 0,0"),
    "C": (0.84, "@.48,.5,.48,.5,-44,-316"),
    "D": (0.74, "0,0 0,1 @.24,.5,.5,.5,90,-90 0,0"),
    "E": (0.5, ".5,0 0,0 0,1 .5,1|0,.48 .43,.48"),
    "F": (0.48, ".5,0 0,0 0,1|0,.49 .42,.49"),
    "G": (0.96, "@.48,.5,.48,.5,-44,-360 .58,.5"),
    "H": (0.7, "0,0 0,1|.7,0 .7,1|0,.49 .7,.49"),
    "I": (0.0, "0,0 0,1"),
    "J": (0.4, ".4,0 .4,.72 @.12,.72,.28,.28,0,110"),
    "K": (0.62, "0,0 0,1|.6,0 0,.58|.2,.41 .64,1"),
    "L": (0.46, "0,0 0,1 .46,1"),
    "M": (0.9, "0,1 .1,0 .45,.74 .8,0 .9,1"),
    "N": (0.72, "0,1 0,0 .72,1 .72,0"),
    "O": (1.0, "@.5,.5,.5,.5,0,360"),
    "P": (0.55, "0,1 0,0 @.28,.27,.27,.27,-90,90 0,.54"),
    "Q": (1.0, "@.5,.5,.5,.5,0,360|.6,.72 .95,1.04"),
    "R": (0.6, "0,1 0,0 @.28,.27,.27,.27,-90,90 0,.54|.26,.54 .6,1"),
    "S": (0.52, "@.27,.25,.24,.25,-30,-270 @.26,.75,.26,.25,-90,150"),
    "T": (0.62, "0,0 .62,0|.31,0 .31,1"),
    "U": (0.68, "0,0 0,.66 @.34,.66,.34,.34,180,0 .68,0"),
    "V": (0.74, "0,0 .37,1 .74,0"),
    "W": (1.06, "0,0 .26,1 .53,.12 .8,1 1.06,0"),
    "X": (0.64, "0,0 .64,1|.64,0 0,1"),
    "Y": (0.66, "0,0 .33,.5 .66,0|.33,.5 .33,1"),
    "Z": (0.6, "0,0 .6,0 0,1 .6,1"),
    "·": (0.0, "0,.5 0,.5"),
    " ": (0.3, ""),
}

Stroke = list[tuple[float, float]]


def strokes(text: str, *, spacing: float = 0.3) -> tuple[list[Stroke], float]:
    """The strokes of a line of capitals 1 high, and how wide it is.

    `spacing` is the room between letters. Raises KeyError for what isn't drawn (only A to Z, the
    middle dot and the space are).
    """
    drawn: list[Stroke] = []
    x = 0.0
    for letter in text:
        width, shape = _GLYPHS[letter]
        for stroke in filter(None, shape.split("|")):
            points = [point for token in stroke.split() for point in _points(token)]
            drawn.append([(x + px, py) for px, py in points])
        x += width + spacing
    return drawn, max(x - spacing, 0.0)


def line(
    text: str, height: int, *, weight: float = 0.09, spacing: float = 0.3, thin: float = 1.0
) -> Image.Image:
    """A line of capitals `height` pixels high as a mask, with a margin of `height` / 4 around.

    `weight` is the width of the pen in heights; `thin` how much thinner strokes along are than
    strokes down.
    """
    scale = 4
    letters, width = strokes(text, spacing=spacing)
    size, margin = height * scale, height * scale / 4
    pen = max(1.0, weight * size)
    canvas = Image.new(
        "L", (round(width * size + 2 * margin), round((size + 2 * margin) / thin)), 0
    )
    draw = ImageDraw.Draw(canvas)
    for stroke in letters:
        path = [(margin + px * size, (margin + py * size) / thin) for px, py in stroke]
        draw.line(path, fill=255, width=round(pen), joint="curve")
        for px, py in (path[0], path[-1]):
            draw.ellipse((px - pen / 2, py - pen / 2, px + pen / 2, py + pen / 2), fill=255)
    return canvas.resize(
        (canvas.width // scale, round(size + 2 * margin) // scale), Image.Resampling.LANCZOS
    )


def _points(token: str) -> Stroke:
    if not token.startswith("@"):
        x, y = token.split(",")
        return [(float(x), float(y))]
    cx, cy, rx, ry, begin, end = (float(number) for number in token[1:].split(","))
    steps = max(8, round(abs(end - begin) / 6))
    angles = (math.radians(begin + (end - begin) * step / steps) for step in range(steps + 1))
    return [(cx + rx * math.cos(angle), cy + ry * math.sin(angle)) for angle in angles]
