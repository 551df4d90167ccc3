"""The child that cuts and shrinks an untrusted picture, and writes the results to its output.

`pictures.py` starts it as `python -I -m …resizer` with its orders. It loads what reads pictures,
then gives up every right but the one open file, and only then looks at that file's first byte.
"""

import base64
import os
import struct
import sys
import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
import PIL
from PIL import ExifTags, Image, ImageCms

from plainview.platform.media import sandbox

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF")
MOST_PIXELS: Final = 60_000_000
PIECE: Final = 24_000
_LIBRARIES: Final = (Path(PIL.__file__).parent, Path(os.__file__).parent)
_SAVED: Final[dict[str, dict[str, int]]] = {
    "avif": {"quality": 58, "speed": 7, "max_threads": 1},
    "webp": {"quality": 80, "method": 4},
}


_TURNED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by what its EXIF says of the camera (EXIF 2.3, 4.6.4)."""


class Orders(msgspec.Struct, frozen=True):
    """Whose child this is, the open file, and the cut: ratio, widths, what matters (0 to 1)."""

    parent: int
    source: int
    memory_bytes: int
    cpu_seconds: int
    ratio: tuple[int, int]
    widths: list[int]
    focus: tuple[float, float]


class Line(msgspec.Struct, frozen=True):
    """A piece of a result; one with a `colour` or a `verdict` is the last."""

    format: str = ""
    width: int = 0
    piece: str = ""
    colour: str = ""
    verdict: str = ""


def upright(image: Image.Image) -> Image.Image:
    """A picture as it was seen, with eight bits of grey where it has sixteen.

    Pillow's own way writes all else that the EXIF says anew, and fails where one entry is odd; of
    sixteen bits it would make white of whatever is lighter than black.
    """
    turned = None
    with suppress(SyntaxError, ValueError, struct.error):  # of EXIF that is none
        turned = _TURNED.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda level: level / 257).convert("L")
    return image if turned is None else image.transpose(turned)


def flat(image: Image.Image) -> Image.Image:
    """A picture in the colours of screens (sRGB, IEC 61966-2-1), white where it is clear.

    Its own colours are what its profile says of them (ICC.1), as of a poster made for print. A
    profile that makes no sense says nothing.
    """
    profile = image.info.get("icc_profile")
    clear = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    if image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("L" if image.mode == "LA" else "RGB")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            shown = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
            image = shown or image  # typed as if it were drawn in place
    image = image.convert("RGB")
    return image if clear is None else on_white(image, clear)


def on_white(image: Image.Image, opaque: Image.Image) -> Image.Image:
    """A picture on white, as far as a mask of its size says that it is opaque."""
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=opaque)
    return white


def cut(image: Image.Image, ratio: tuple[int, int], focus: tuple[float, float]) -> Image.Image:
    """The largest part of `image` in `ratio` that holds `focus` as near its middle as it can be."""
    width, height = image.size
    wide = min(width, height * ratio[0] / ratio[1])
    high = wide * ratio[1] / ratio[0]
    left = min(max(focus[0] * width - wide / 2, 0), width - wide)
    top = min(max(focus[1] * height - high / 2, 0), height - high)
    box = (round(left), round(top), round(left + wide), round(top + high))
    return image.crop(box)


def dominant(image: Image.Image) -> str:
    """The colour that most of a picture has, as #rrggbb."""
    few = image.convert("RGB").resize((64, 64)).quantize(6)
    palette = few.getpalette() or [0, 0, 0]
    counts = few.histogram()
    most = 3 * counts.index(max(counts))
    red, green, blue = palette[most : most + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def work(orders: Orders) -> None:
    """Write each size in each format, then the colour; only sizes that the picture fills.

    Raises ValueError for too many pixels, and whatever Pillow does for what is no picture.
    """
    with os.fdopen(orders.source, "rb") as file:
        image = Image.open(file, formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("more pixels than a picture needs")
        whole = flat(upright(image))
    part = cut(whole, orders.ratio, orders.focus)
    fitting = [each for each in orders.widths if each <= part.width] or [part.width]
    for width in fitting:
        size = (width, round(width * orders.ratio[1] / orders.ratio[0]))
        small = part.resize(size, Image.Resampling.LANCZOS)
        for form, options in _SAVED.items():
            out = BytesIO()
            small.save(out, form.upper(), **options)
            data = base64.b64encode(out.getvalue()).decode()
            for start in range(0, len(data), PIECE):
                _say(Line(form, width, data[start : start + PIECE]))
    _say(Line(colour=dominant(part)))


def _say(line: Line) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Confine this process, work, and leave without running anything that is left."""
    orders = msgspec.json.decode(sys.argv[1], type=Orders)
    Image.init()
    sandbox.confine(
        orders.parent,
        cpu_seconds=orders.cpu_seconds,
        memory_bytes=orders.memory_bytes,
        readable=_LIBRARIES,
    )
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        work(orders)
    except Exception as problem:
        _say(Line(verdict=f"{type(problem).__name__}: {problem}"[:200]))
    os._exit(0)


if __name__ == "__main__":
    main()
