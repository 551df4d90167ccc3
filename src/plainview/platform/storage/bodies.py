"""How much a request may bring: what its view takes, and of more not a byte is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import SuspiciousOperation

V = TypeVar("V", bound=Callable[..., Any])
MOST = 32_000_000
"""A picture, subtitle files, a paper, with room for the form around them; in bytes."""
_ATTRIBUTE = "longest_body"


class BrokenOff(SuspiciousOperation):
    """Whoever sent it is gone before all of it was here: what came of it is no form of theirs."""


def takes(most: int) -> Callable[[V], V]:
    """Declare that a view takes bodies of up to `most` bytes, beside the form around them."""

    def declare(view: V) -> V:
        setattr(view, _ATTRIBUTE, most + MOST)
        return view

    return declare


def longest(view: Callable[..., Any]) -> int:
    """How many bytes a view takes."""
    return int(getattr(view, _ATTRIBUTE, MOST))


def is_long(view: Callable[..., Any]) -> bool:
    """Whether a view has declared that it takes more than others."""
    return hasattr(view, _ATTRIBUTE)
