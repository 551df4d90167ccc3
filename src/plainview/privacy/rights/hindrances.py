"""What somebody must see to before they can leave: rooms above say so, joined in `wiring.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Hindrance(NamedTuple):
    """Why leaving would lock others out, and the page where that is put right."""

    why: str
    remedy: str
    url: str


Ask = Callable[[int], Hindrance | None]
_asked: list[Ask] = []


def asked_of(ask: Ask) -> None:
    """Let `ask(subject)` hold a leave-taking up. It runs under a duty, inside the transaction."""
    if ask not in _asked:
        _asked.append(ask)


def found(subject: int) -> Hindrance | None:
    """The first hindrance there is, if any."""
    return next((each for ask in _asked if (each := ask(subject)) is not None), None)
