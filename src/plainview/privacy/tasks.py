"""Tasks are declared through here, so that each is a door: `@task("learn", serves=…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error

from plainview.platform.jobs import queue
from plainview.privacy.checks import door_problems
from plainview.privacy.gate.doors import door_of, runs

T = TypeVar("T", bound=Callable[..., Any])


def task(
    name: str,
    *,
    serves: str,
    may: Iterable[str] = (),
    source: str = "",
    everyone: str = "",
    about: str = "",
    attempts: int = 3,
    given_up: Callable[..., None] | None = None,
    every: timedelta | None = None,
    longest: timedelta = queue.LONGEST,
    together: int = 0,
    slow: bool = False,
    waits: bool = False,
) -> Callable[[T], T]:
    """Make the decorated function known to the queue as `name`, behind a door serving `serves`.

    `about` names the argument that holds the subject's id; otherwise `everyone` says why the task
    is not narrowed to one person. Raises Refused unless exactly one of the two is given. A task
    with `every` takes no arguments and is done that often. One of which so many are done `together`
    takes a list of arguments, and returns for each None or what went wrong; a `slow` one lets
    others go first, and one that `waits` for the answers of others has what is not done beside it.
    """

    def declare(function: T) -> T:
        door = runs(serves, may=may, source=source, everyone=everyone, about=about)(function)
        behind = None
        if given_up is not None:
            behind = runs(serves, may=may, source=source, everyone=everyone, about=about)(given_up)
        queue.declare(
            name,
            door,
            attempts=attempts,
            given_up=behind,
            longest=longest,
            every=every,
            together=together,
            slow=slow,
            waits=waits,
        )
        return door

    return declare


def check_tasks(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every task that the queue knows is a door, of purposes that exist."""
    found: list[CheckMessage] = []
    for known in queue.tasks():
        door = door_of(known.run)
        if door is not None:
            found += door_problems(door)
            continue
        found.append(
            Error(
                f"the task {known.name} is not a door",
                hint='declare it with privacy.tasks.task(…, serves="<purpose>")',
                id="privacy.E023",
            )
        )
    return found
