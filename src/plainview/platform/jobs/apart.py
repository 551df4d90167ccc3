"""What is done for one person after the other, so that none of them keeps the others waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError

from plainview.platform.jobs.queue import LeaseLost, NotNow

EVERYBODYS = (OperationalError, InterfaceError, LeaseLost, NotNow)
"""A database that is away, or a job that is another's: the next one would meet the same."""


@contextmanager
def apart() -> Iterator[Callable[..., Any]]:
    """Within, `tried(act, …)` does one thing: what it returns is what `act` does, None if it fails.

    Raises at the end an ExceptionGroup of what failed, so that the job is known to have failed.
    """
    failed = list[Exception]()

    def tried(act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        try:
            return act(*arguments, **named)
        except EVERYBODYS:
            raise
        except Exception as error:
            failed.append(error)
            return None

    yield tried
    if failed:
        raise ExceptionGroup("what was done one by one", failed)
