"""Keeps the processes of `plainview serve` running until it is told to stop.

They are forked from it: what it has loaded they need not load again, and hold only once.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import click
from django.conf import settings
from django.db import connections

from plainview.privacy import policy_reload
from plainview.web.leaving import SERVED_BY

STOP_SECONDS = 10
SOON_SECONDS = 60
PAUSES = (1, 2, 4, 8, 16)
"""Seconds until a process that died is started again; longer each time that it dies soon."""
TOLD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Run = Callable[[], object]
"""What a process does; it ends with it."""
_FORKED = multiprocessing.get_context("fork")


class _Kept:
    """A process that is started again when it dies; what became of it is said."""

    def __init__(self, name: str, run: Run, policy: Path) -> None:
        self.name, self.run, self.policy = name, run, policy
        self.died, self.due = 0, 0.0
        self.start()

    def start(self) -> None:
        self.began, self.due = time.monotonic(), 0.0
        connections.close_all()  # no two processes may use one
        signal.pthread_sigmask(signal.SIG_BLOCK, TOLD)  # what comes before it listens is for it
        self.process = _FORKED.Process(target=self._begin, name=self.name)
        self.process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD)

    def _begin(self) -> None:
        for name in TOLD:
            signal.signal(name, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD)
        with suppress(OSError):  # what `ps` and `top` call it, where there is such a file
            Path("/proc/self/comm").write_text(self.name)
        settings.POLICY_DIR = self.policy
        os.environ |= {"PLAINVIEW_POLICY_DIR": str(self.policy), SERVED_BY: str(os.getppid())}
        self.run()

    def look(self) -> None:
        """Start it again if it died and has waited for its turn."""
        now = time.monotonic()
        if self.due:
            if now >= self.due:
                self.start()
        elif not self.process.is_alive():
            self.died = self.died + 1 if now < self.began + SOON_SECONDS else 1
            pause = PAUSES[min(self.died, len(PAUSES)) - 1]
            self.due = now + pause
            click.echo(f"The {self.name} {self._end()}; the next in {pause} s.", err=True)

    def spent(self) -> bool:
        """Whether it died so often, and so soon, that another start helps nobody."""
        return self.died > len(PAUSES)

    def status(self) -> int:
        """What it ended with, as a shell counts it."""
        code = self._code()
        return 128 - code if code < 0 else code or 1

    def _code(self) -> int:
        return self.process.exitcode or 0

    def _end(self) -> str:
        code = self._code()
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with status {code}"


def supervise(web: Run, workers: Sequence[Run], policy: Path) -> int:
    """Run each in a process of its own until told to stop, and return the status to end with.

    That is 0 if it was told. One that dies is started again, after a pause that grows; a web server
    that dies six times, each soon after its start, ends them all. SIGHUP publishes the policy's
    folder, which they follow, unless it says that the terminal is gone. `policy` is the copy of it
    that they start from.
    """
    told, asked = threading.Event(), threading.Event()
    terminal = os.isatty(0)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())

    def hangup(*_: object) -> None:
        (told if terminal and not os.isatty(0) else asked).set()

    signal.signal(signal.SIGHUP, hangup)
    importlib.import_module(settings.ROOT_URLCONF)
    gc.freeze()  # so that looking for garbage does not write to what they share
    children: list[_Kept] = []
    try:
        children.append(site := _Kept("web server", web, policy))
        children += [_Kept("job worker", each, policy) for each in workers]
        while not site.spent() and not told.wait(0.5):
            if asked.is_set():
                asked.clear()
                policy_reload.reload(settings.POLICY_DIR, settings.DATA)
            for child in children:
                child.look()
    finally:
        _stop([each.process for each in children])
    if told.is_set():
        return 0
    click.echo(
        f"The web server died {site.died} times, each soon after its start: this ends with status"
        f" {site.status()}. What it said stands above; `plainview doctor` looks for the cause.",
        err=True,
    )
    return site.status()


def _stop(children: Sequence[multiprocessing.process.BaseProcess]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.join(max(0.1, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()
            child.join()
