"""Processes that end with those that started them, however these went: also by `kill -9`."""

from __future__ import annotations

import os
import signal
import threading
import time

SERVED_BY = "SERVED_BY_PROCESS"
"""In the environment of what `plainview serve` starts: its number."""
_EVERY, _PATIENCE = 1.0, 10.0


def leave_with_parent(parent: int | None = None) -> None:
    """End this process when its parent is gone, and the parent too once `plainview serve` is.

    A web process that stayed would hold the port, and answer for what was started after it.
    """
    watched = parent or os.getppid()
    above = int(os.environ.get(SERVED_BY, "0"))
    threading.Thread(target=_watch, args=(watched, above), daemon=True, name="leaving").start()


def _watch(parent: int, above: int) -> None:
    while os.getppid() == parent:
        if above not in (0, parent) and not lives(above):
            os.kill(parent, signal.SIGTERM)
        time.sleep(_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(1)


def lives(process: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
