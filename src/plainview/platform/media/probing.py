"""Finds out what a file holds, without trusting it."""

import os
from pathlib import Path
from typing import Final

import msgspec

from plainview.platform.media.decoders import ask, broke, opened
from plainview.platform.media.errors import VERDICTS, MediaError
from plainview.platform.media.facts import DEFAULT_LIMITS, Limits, Orders, Probe, Reply, fraction
from plainview.platform.media.machine import memory_for

_INSPECTOR: Final = "plainview.platform.media.inspector"
_LONGEST_REPLY: Final = 2 * 2**20
_MEMORY: Final = 3 * 2**30


def probe(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Probe:
    """Read what `path` holds, in a confined process of its own.

    Raises `MediaError` with a verdict for whatever can't become a film, and `OSError` when the
    file itself can't be opened.
    """
    with opened(path) as source:
        if os.fstat(source).st_size == 0:
            raise MediaError("empty")
        return _ask(source, limits)


def _ask(source: int, limits: Limits) -> Probe:
    memory = memory_for(limits, most=_MEMORY)
    said: list[bytes] = []

    def hear(line: bytes) -> bool:
        if sum(map(len, said)) + len(line) > _LONGEST_REPLY:
            raise MediaError("unsupported", "the inspector talked too much")
        said.append(line)
        return True

    ask(
        _INSPECTOR,
        Orders(os.getpid(), source, memory, limits),
        source=source,
        seconds=limits.probe_seconds,
        memory_bytes=memory,
        hear=hear,
    )
    reply = _understood(b"".join(said))
    if reply.verdict in VERDICTS:
        raise MediaError(reply.verdict, reply.detail)
    if reply.facts is None:
        raise broke("unsupported", "the inspector gave no facts")
    return reply.facts


def _understood(said: bytes) -> Reply:
    try:
        return msgspec.json.decode(said, type=Reply, dec_hook=fraction)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise broke("unsupported", f"the inspector's answer: {problem}") from problem
