"""Finds out what a file holds, without trusting it."""

import os
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import msgspec

from plainview.platform.media.decoders import ask, opened
from plainview.platform.media.errors import VERDICTS, MediaError
from plainview.platform.media.facts import DEFAULT_LIMITS, Limits, Probe
from plainview.platform.media.machine import memory_for

_INSPECTOR: Final = "plainview.platform.media.inspector"
_LONGEST_REPLY: Final = 2 * 2**20
_MEMORY: Final = 3 * 2**30


class _Orders(msgspec.Struct, frozen=True):
    parent: int
    source: int
    memory_bytes: int
    limits: Limits


class _Reply(msgspec.Struct, frozen=True):
    facts: Probe | None = None
    verdict: str = ""
    detail: str = ""


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
        _Orders(os.getpid(), source, memory, limits),
        source=source,
        seconds=limits.probe_seconds,
        memory_bytes=memory,
        hear=hear,
    )
    reply = _understood(b"".join(said))
    if reply.verdict in VERDICTS:
        raise MediaError(reply.verdict, reply.detail)
    if reply.facts is None:
        raise MediaError("unsupported", "the inspector gave no facts")
    return reply.facts


def _understood(said: bytes) -> _Reply:
    try:
        return msgspec.json.decode(said, type=_Reply, dec_hook=_fraction)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise MediaError("unsupported", f"the inspector's answer: {problem}") from problem


def _fraction(kind: type, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(str(value))
    raise NotImplementedError(kind)
