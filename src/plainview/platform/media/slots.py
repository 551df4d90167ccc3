"""Lets as many encoders run at once on this machine as its memory and processors bear.

A slot is a lock on a file in the machine's own temporary folder, so that all workers of a machine
share them, and one that is killed gives its slot back by dying.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from plainview.platform.media.facts import Probe
from plainview.platform.media.ladder import Plan
from plainview.platform.media.machine import free_memory, memory, processors

# Measured (bench/memory.py): what the program takes by itself, and bytes for each pixel of a
# picture that its x264 encoders (veryfast) hold, and its decoder with its filters.
_BASE: Final = 80 * 2**20
_HELD: Final = 125
_READ: Final = 17
_SPARE: Final = 1.15
_FOR_OTHERS: Final = 2**30
_PROCESSORS_EACH: Final = 4
_PAUSE: Final = 0.5
_PATIENCE: Final = 600.0
"""Seconds that a first encoder waits for free memory before it tries all the same."""


def needs(facts: Probe, planned: Plan) -> int:
    """Bytes of memory that encoding a film by such a plan takes, a little more than measured."""
    made = sum(step.width * step.height for step in planned.steps)
    read = facts.video.coded_width * facts.video.coded_height
    deep = 2 if facts.video.hdr else 1
    return int(
        _BASE + _SPARE * (made * _HELD + read * _READ * deep) + (32 * read if deep > 1 else 0)
    )


def count(bytes_each: int) -> int:
    """How many such encoders this machine bears at once: one at least, four processors for each."""
    by_memory = (memory() - _FOR_OTHERS) // bytes_each
    return max(1, min(by_memory, -(-processors() // _PROCESSORS_EACH)))


@contextmanager
def slot(bytes_each: int, folder: Path | None = None) -> Iterator[int]:
    """Hold one of the machine's slots, waiting for it; its number is given."""
    place = folder or Path(tempfile.gettempdir()) / f"plainview-slots-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    deadline = time.monotonic() + _PATIENCE
    while True:
        for number in range(count(bytes_each)):
            descriptor = os.open(place / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            late = number == 0 and time.monotonic() > deadline
            if late or free_memory() >= bytes_each:
                try:
                    yield number
                finally:
                    os.close(descriptor)
                return
            os.close(descriptor)
        time.sleep(_PAUSE)
