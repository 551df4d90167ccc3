"""`kill -9` at any moment of an act: before each statement, and on both sides of each commit."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, connections

from plainview.platform.jobs.models import Job


def due() -> None:
    """Let lease and pause of every job go by at once."""
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until="2020-01-01T00:00Z")
    Job.objects.filter(state=Job.State.WAITING).update(run_at="2020-01-01T00:00Z")


def kill(*args: object, **kwargs: object) -> None:
    """End this process as hard as can be."""
    os.kill(os.getpid(), signal.SIGKILL)


def dies(act: Callable[[], object]) -> None:
    """Run `act` in a process of its own, which must not outlive it."""
    status = _apart(act)
    assert os.WIFSIGNALED(status), "the process was to die in the middle"
    assert os.WTERMSIG(status) == signal.SIGKILL


def moments(act: Callable[[], object]) -> int:
    """How many moments `act` has; it is carried out to count them."""
    reader, writer = os.pipe()

    def counted() -> None:
        seen = _count(lambda number: None)
        act()
        os.write(writer, str(seen[0]).encode())

    _apart(counted)
    os.close(writer)
    with os.fdopen(reader) as told:
        return int(told.read())


def dying(act: Callable[[], object], moment: int) -> bool:
    """Run `act` in a process of its own, which dies at that moment (the first is 1).

    Whether it did: an act can be a statement shorter the second time.
    """

    def short() -> None:
        _count(lambda number: kill() if number == moment else None)
        act()

    return os.WIFSIGNALED(_apart(short))


def some(total: int) -> Iterable[int]:
    """A few moments of so many: one in the middle, and both sides of the last commit."""
    return sorted({total // 2, total - 1, total} - {0})


def _apart(act: Callable[[], object]) -> int:
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def _count(at: Callable[[int], object]) -> list[int]:
    """Call `at` with the number of each moment from now on; how many there were so far."""
    seen = [0]

    def moment() -> None:
        seen[0] += 1
        at(seen[0])

    def statement(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        moment()
        return execute(sql, params, many, context)

    commit = connection._commit

    def committed() -> None:
        moment()
        commit()
        moment()

    connection.execute_wrappers.append(statement)
    connection._commit = committed
    return seen
