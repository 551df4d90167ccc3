"""Declaring background work: a task is a door, so it names its purpose before it gets a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plainview.platform.jobs import queue
from plainview.privacy.gate.doors import runs


def declare(
    name: str,
    run: Callable[..., None],
    *,
    serves: str,
    may: Iterable[str] = (),
    everyone: str = "",
    about: str = "",
    attempts: int = 3,
    given_up: Callable[..., None] | None = None,
) -> None:
    """Make `run` known as the task `name`, open for `serves` for the length of each attempt.

    What follows the last attempt, `given_up`, is the same door. `everyone` and `about` are those of
    `runs`: exactly one is given. Raises Refused otherwise.
    """
    door = runs(serves, may=may, source="derived", everyone=everyone, about=about)
    queue.declare(
        name, door(run), attempts=attempts, given_up=door(given_up) if given_up else None
    )
