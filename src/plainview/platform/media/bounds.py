"""What a reader of strangers' texts may use up and say."""

from __future__ import annotations

from typing import NamedTuple


class Bounds(NamedTuple):
    """Its limits; of what is longer than `most_bytes` it gets that much."""

    seconds: int
    memory_bytes: int
    most_bytes: int
    longest_reply: int
