"""Room for the frames of deep calls, once for all of them.

CPython keeps the frames of a thread in pieces of 16 KiB (3.11 to 3.13, `Python/pystate.c`,
`push_chunk`). A call that crosses the end of a piece has a new one mapped, and its return unmaps
it: two questions to the kernel and a page of zeros. Whatever is called in a loop across such an end
pays that each time, and a page has deep calls in loops: as its depth happened to be, a tenth to a
half of its time (decision 87). A piece is as large as the frame that begins it needs, and twice
that at most, so one large frame makes room for all that it calls.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

SLOTS = 70_000
"""Of 8 bytes: more than half of the mebibyte that is mapped then; nothing of it is touched."""


def _within(function: Callable[..., Any], given: Any, named: Any) -> Any:
    return function(*given, **named)


_within.__code__ = _within.__code__.replace(co_stacksize=SLOTS)


def roomy(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with room for some thousand calls within each other."""

    @wraps(function, updated=())
    def run(*given: P.args, **named: P.kwargs) -> R:
        result: R = _within(function, given, named)
        return result

    return run
