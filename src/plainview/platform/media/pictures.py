"""Pictures in sizes: an untrusted file cut to a ratio, in several widths, as AVIF and WebP."""

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from plainview.platform.media.decoders import ask, opened
from plainview.platform.media.errors import MediaError
from plainview.platform.media.resizer import Line, Orders

_RESIZER: Final = "plainview.platform.media.resizer"
_MEMORY: Final = 2 * 2**30
_SECONDS: Final = 90
_LARGEST: Final = 64 * 2**20


class Sizes(NamedTuple):
    """What became of a picture: bytes by (format, width), and the colour that it has most of."""

    files: dict[tuple[str, int], bytes]
    colour: str


def sizes(
    path: Path, *, ratio: tuple[int, int], widths: Sequence[int], focus: tuple[float, float]
) -> Sizes:
    """Cut `path` around `focus` (0 to 1 from left and top), in a confined process of its own.

    Only the widths that it fills are made, but one at least. Raises MediaError for whatever is no
    picture, OSError if the file can't be opened.
    """
    pieces: dict[tuple[str, int], list[str]] = {}
    last: list[Line] = []
    heard = 0

    def hear(said: bytes) -> bool:
        nonlocal heard
        heard += len(said)
        if heard > _LARGEST:
            raise MediaError("unsupported", "the resizer talked too much")
        line = msgspec.json.decode(said, type=Line)
        if line.piece:
            pieces.setdefault((line.format, line.width), []).append(line.piece)
        else:
            last.append(line)
        return True

    with opened(path) as source:
        orders = Orders(os.getpid(), source, _MEMORY, _SECONDS, ratio, list(widths), focus)
        try:
            ask(
                _RESIZER,
                orders,
                source=source,
                seconds=_SECONDS,
                memory_bytes=_MEMORY,
                hear=hear,
            )
        except msgspec.MsgspecError as problem:
            raise MediaError("unsupported", f"the resizer's answer: {problem}") from problem
    if not last or last[-1].verdict or not pieces:
        raise MediaError("unsupported", last[-1].verdict if last else "no answer")
    files = {key: base64.b64decode("".join(parts)) for key, parts in pieces.items()}
    return Sizes(files, last[-1].colour)
