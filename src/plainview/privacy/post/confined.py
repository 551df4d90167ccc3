"""Reading a letter in a process of its own (`platform.media.apart`).

A letter that takes more than it may is one for a person, with nothing read of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import msgspec

from plainview.platform.media import apart, vintage
from plainview.platform.media.bounds import Bounds
from plainview.platform.media.errors import UPDATING, MediaError
from plainview.platform.media.readied import Readied
from plainview.privacy.post.letters import LONGEST, Letter, read

_BOUNDS = Bounds(seconds=20, memory_bytes=1 << 30, most_bytes=LONGEST + 1, longest_reply=4 << 20)
vintage.follow(Path(__file__).parent)

_ready: ContextVar[Readied | None] = ContextVar("a reader that is kept ready", default=None)


@contextmanager
def many() -> Iterator[None]:
    """Keep a reader ready while the block runs: to start one costs more than to read a letter."""
    with Readied(__name__, _BOUNDS) as reader:
        token = _ready.set(reader)
        try:
            yield
        finally:
            _ready.reset(token)


def read_confined(raw: bytes) -> Letter:
    """As `letters.read`, for what strangers send. A flaw `costly` says that it gave up.

    Raises MediaError (updating) alone, where the code was replaced below this process.
    """
    reader = _ready.get()
    try:
        said = reader.ask(raw, []) if reader else apart.ask(__name__, raw, [], _BOUNDS)
        return msgspec.json.decode(said, type=Letter)
    except MediaError as problem:
        if problem.code == UPDATING:
            raise
    except msgspec.DecodeError:
        pass
    return Letter(flaws=("costly",))


def main() -> None:
    """Read as the child that `read_confined` waits for."""
    apart.answer(lambda raw, _: msgspec.json.encode(read(raw)), _BOUNDS)


if __name__ == "__main__":
    main()
