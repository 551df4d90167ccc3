"""Reads what strangers send in a process of its own, which may open nothing and has limits.

`ask` starts a module of ours as `python -I -m …` with the bytes in an open file. The module has
loaded its reader by then; its `answer` gives up every right, and only then looks at the first byte.
Whoever has many texts keeps the module ready (`readied`).
"""

from __future__ import annotations

import os
import site
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from plainview.platform.media import readied, sandbox
from plainview.platform.media.bounds import Bounds
from plainview.platform.media.decoders import ask as ask_child
from plainview.platform.media.decoders import broke
from plainview.platform.media.errors import MediaError

_LINE: Final = 1 << 15
# Readers load parts of themselves when a text first needs them.
_LIBRARIES: Final = (Path(os.__file__).parent, *map(Path, site.getsitepackages()))


class _Orders(msgspec.Struct, frozen=True):
    parent: int
    source: int
    words: list[str]


def ask(module: str, data: bytes, words: list[str], bounds: Bounds) -> bytes:
    """What `module` answers about `data`, of which it is told `words`. Raises MediaError.

    It is `updating` where the code of the module, which the caller has `vintage` follow, was
    replaced since this process began.
    """
    said = bytearray()

    def hear(line: bytes) -> bool:
        said.extend(line)
        if len(said) > bounds.longest_reply:
            raise MediaError("unsupported", "the reader talked too much")
        return True

    with tempfile.TemporaryFile() as file:
        file.write(data[: bounds.most_bytes])
        file.flush()
        ask_child(
            module,
            _Orders(os.getpid(), file.fileno(), words),
            source=file.fileno(),
            seconds=bounds.seconds,
            memory_bytes=bounds.memory_bytes,
            hear=hear,
        )
    if not said:
        raise broke("unsupported", "the reader said nothing")
    return bytes(said)


def answer(read: Callable[[bytes, list[str]], bytes], bounds: Bounds) -> None:
    """Confine this process, say what `read` makes of the bytes and words, and leave.

    A process that is kept ready does so in a fork for each text (`readied`).
    """

    def confine(parent: int) -> None:
        sandbox.confine(
            parent,
            cpu_seconds=bounds.seconds,
            memory_bytes=bounds.memory_bytes,
            readable=_LIBRARIES,
        )

    if sys.argv[1] == readied.EACH:
        readied.answer_each(read, bounds, confine)
    orders = msgspec.json.decode(sys.argv[1], type=_Orders)
    confine(orders.parent)
    with os.fdopen(os.dup(orders.source), "rb") as file:
        reply = read(file.read(bounds.most_bytes), orders.words)
    for at in range(0, len(reply), _LINE):  # whoever hears it takes lines, and no long ones
        sys.stdout.buffer.write(reply[at : at + _LINE] + b"\n")
    sys.stdout.buffer.flush()
    os._exit(0)
