"""Keeps the processes of `plainview serve` running until it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import click
from django.conf import settings

from plainview.privacy import policy_reload
from plainview.web.leaving import SERVED_BY

STOP_SECONDS = 10
SOON_SECONDS = 60
PAUSES = (1, 2, 4, 8, 16)
"""Seconds until a process that died is started again; longer each time that it dies soon."""


class _Kept:
    """A process that is started again when it dies; what became of it is said."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.died, self.due = 0, 0.0
        self.start()

    def start(self) -> None:
        self.began, self.due = time.monotonic(), 0.0
        self.process = subprocess.Popen(self.command, env=self.environment)  # noqa: S603

    def look(self) -> None:
        """Start it again if it died and has waited for its turn."""
        now = time.monotonic()
        if self.due:
            if now >= self.due:
                self.start()
        elif self.process.poll() is not None:
            self.died = self.died + 1 if now < self.began + SOON_SECONDS else 1
            pause = PAUSES[min(self.died, len(PAUSES)) - 1]
            self.due = now + pause
            click.echo(f"The {self.name} {self._end()}; the next in {pause} s.", err=True)

    def spent(self) -> bool:
        """Whether it died so often, and so soon, that another start helps nobody."""
        return self.died > len(PAUSES)

    def status(self) -> int:
        """What it ended with, as a shell counts it."""
        code = self.process.returncode
        return 128 - code if code < 0 else code or 1

    def _end(self) -> str:
        code = self.process.returncode
        if code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with status {code}"


def supervise(web: list[str], workers: Sequence[list[str]], policy: Path) -> int:
    """Run the commands until told to stop, and return the status to end with: 0 if it was told.

    One that dies is started again, after a pause that grows; a web server that dies six times, each
    soon after its start, ends them all. SIGHUP publishes the policy's folder, which they follow,
    unless it says that the terminal is gone. `policy` is the copy of it that they start from.
    """
    told, asked = threading.Event(), threading.Event()
    terminal = os.isatty(0)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())

    def hangup(*_: object) -> None:
        (told if terminal and not os.isatty(0) else asked).set()

    signal.signal(signal.SIGHUP, hangup)
    environment = {**os.environ, "PLAINVIEW_POLICY_DIR": str(policy), SERVED_BY: str(os.getpid())}
    site = _Kept("web server", web, environment)
    children = [site, *(_Kept("job worker", each, environment) for each in workers)]
    while not site.spent() and not told.wait(0.5):
        if asked.is_set():
            asked.clear()
            policy_reload.reload(settings.POLICY_DIR, settings.DATA)
        for child in children:
            child.look()
    _stop([each.process for each in children])
    if told.is_set():
        return 0
    click.echo(
        f"The web server died {site.died} times, each soon after its start: this ends with status"
        f" {site.status()}. What it said stands above; `plainview doctor` looks for the cause.",
        err=True,
    )
    return site.status()


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
