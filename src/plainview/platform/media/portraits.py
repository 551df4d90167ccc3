"""A small square picture out of what somebody uploads, with nothing of the file but its look."""

from __future__ import annotations

import struct
import threading
import warnings
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from plainview.platform.media.resizer import MOST_PIXELS, on_white, upright

SIDE = 320
LARGEST_BYTES = 10 * 2**20
LARGEST_PIXELS = 50_000_000
MOST_DECODED = 25_000_000
"""So many pixels are unfolded at most, some 20 bytes each of a WebP; a JPEG is read smaller."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_ALONE = threading.Lock()
"""A file of two kilobytes can unfold to half a gigabyte: a process draws one at a time."""


class NotAPicture(Exception):
    """The file is none of FORMATS, broken, or larger than the limits."""


def portrait(file: BinaryIO) -> bytes:
    """A WebP of SIDE by SIDE pixels. The file's metadata, thumbnail and colour profile stay behind.

    Raises NotAPicture.
    """
    data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise NotAPicture("larger than 10 MB")
    try:
        with _ALONE, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(data)
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        struct.error,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        raise NotAPicture("can't be read as a picture") from None


def opens(file: BinaryIO) -> bool:
    """Whether a file for the programme begins as a picture does, of MOST_PIXELS pixels at most.

    Its look is not drawn; that happens elsewhere, apart from everything (`pictures.sizes`).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=(*FORMATS, "AVIF")) as image:
                return image.width * image.height <= MOST_PIXELS
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError):
        return False
    finally:
        file.seek(0)


def _drawn(data: bytes) -> bytes:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > LARGEST_PIXELS:
            raise ValueError("more pixels than a portrait needs")
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        if image.width * image.height > MOST_DECODED:
            raise ValueError("more pixels than are decoded in memory")
        whole = upright(image).convert("RGBA")
    square = ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    on_white(square, square.getchannel("A")).save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
