"""Calls within calls cost no pages of memory, however deep they begin."""

from __future__ import annotations

import resource
import sys
import threading
from collections.abc import Callable

import pytest

from plainview.platform.frames import roomy

DEPTHS, CALLS = 400, 300


def leaf(a: int, b: int) -> int:
    return a + b


def called_at(depth: int) -> None:
    if depth:
        called_at(depth - 1)
    else:
        for _ in range(CALLS):
            leaf(1, 2)


def pages(begin: Callable[..., object]) -> int:
    """The most pages of memory that a loop of calls took in a thread, of loops at all depths."""
    taken = []

    def work() -> None:
        for depth in range(DEPTHS):
            before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
            begin(depth)
            taken.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

    thread = threading.Thread(target=work)  # this one has room already
    thread.start()
    thread.join()
    return max(taken)


def test_a_loop_of_calls_costs_no_memory_at_whatever_depth_it_stands():
    assert pages(roomy(called_at)) < CALLS / 3
    if sys.version_info < (3, 14):
        assert pages(called_at) >= CALLS, "else there is nothing to make room for any more"


def test_what_is_returned_and_raised_is_as_without():
    assert roomy(leaf)(1, b=2) == 3
    assert roomy(leaf).__name__ == "leaf"
    with pytest.raises(TypeError):
        roomy(leaf)("a", 1)
