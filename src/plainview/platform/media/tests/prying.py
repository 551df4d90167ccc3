"""A reader that looks at what it could see and do besides its text: as one taken over would."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress

import msgspec

from plainview.platform.media import apart
from plainview.platform.media.bounds import Bounds

BOUNDS = Bounds(seconds=20, memory_bytes=1 << 30, most_bytes=1000, longest_reply=2000)


class Pried(msgspec.Struct):
    """What it found: the text, the words, files that are open, and what it could reach."""

    text: str
    words: list[str]
    open: int = 0
    reached: list[str] = []


def pry(raw: bytes, words: list[str]) -> bytes:
    """Look around; a text "die" kills the reader, "wait" has it hang, "talk" says too much."""
    found = Pried(raw.decode(), words)
    if found.text == "die":
        os.abort()
    if found.text == "wait":
        time.sleep(60)
    if found.text == "talk":
        return b"x" * (BOUNDS.longest_reply + 1)
    for number in range(64):
        with suppress(OSError):
            os.fstat(number)
            found.open += 1
    with suppress(OSError):
        open("/etc/hostname").close()
        found.reached.append("a file")
    with suppress(OSError):
        socket.socket().close()
        found.reached.append("the network")
    with suppress(OSError):
        os.write(0, b"as if I were another")
        found.reached.append("who asks")
    return msgspec.json.encode(found)


if __name__ == "__main__":
    apart.answer(pry, BOUNDS)
