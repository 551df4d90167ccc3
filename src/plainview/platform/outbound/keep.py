"""Connections that stay open from one exchange to the next, for the length of a block.

They lead to the address that was judged when they were opened; no name is looked up again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_lines: ContextVar[dict[Hashable, tuple[Any, Callable[[], None]]] | None] = ContextVar(
    "plainview_lines", default=None
)


@contextmanager
def keeping() -> Iterator[None]:
    """Keep what is opened in this block for what follows in it; closed at its end."""
    lines: dict[Hashable, tuple[Any, Callable[[], None]]] = {}
    token = _lines.set(lines)
    try:
        yield
    finally:
        _lines.reset(token)
        for _, leave in lines.values():
            leave()


def going() -> bool:
    """Whether connections are kept now."""
    return _lines.get() is not None


def taken(key: Hashable) -> Any:
    """The open connection kept under `key`, which is the caller's now; None if there is none."""
    lines = _lines.get()
    line, _ = lines.pop(key, (None, None)) if lines else (None, None)
    if line is not None and line.sock.stirs():
        line.sock.shut()  # closed over there, or speaking unasked
        return None
    return line


def put_back(key: Hashable, line: Any, leave: Callable[[], None]) -> None:
    """Keep a connection whose answer was read to its end; `leave` closes it, here or later."""
    lines = _lines.get()
    if lines is None:
        leave()
    else:
        lines[key] = line, leave
