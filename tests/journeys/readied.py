"""A `plainview` that is loaded, and runs each command it is told of in a fork of itself.

To load takes 2.5 s of the processor, and a journey gives several commands to one service, starts it
and its workers, and again; that each starts by itself is shown where it is tested.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """A process that was started and stays; whoever started it collects it when it ends."""

    pid: int

    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float = 60) -> None:
        """Return once it has ended. Raises TimeoutError if that takes longer."""
        until = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > until:
                raise TimeoutError(f"process {self.pid} did not end in {seconds} s")
            time.sleep(0.05)


class Readied:
    """One such process, with the environment of a service. It ends with its input."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: Sequence[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        """Run a command to its end. Raises CalledProcessError if it fails and is to be checked."""
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            status = self._tell("run", out.name, err.name, *arguments)
            done = subprocess.CompletedProcess(arguments, status, out.read(), err.read())
        if check:
            done.check_returncode()
        return done

    def start(self, arguments: Sequence[str], log: Path) -> Running:
        """Start a command that stays, as the head of a session of its own; it writes to `log`."""
        return Running(self._tell("start", str(log), str(log), *arguments))

    def _tell(self, *words: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(words), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()


def _run(out: str, err: str, *arguments: str) -> int:
    """Run it as the console would; returns the status it ends with."""
    return os.waitstatus_to_exitcode(os.waitpid(_forked(out, err, arguments), 0)[1])


def _start(out: str, err: str, *arguments: str) -> int:
    """Start it; returns its number."""
    _STAY.add(process := _forked(out, err, arguments))
    _collect()  # one that ended before it was noted
    return process


_STAY = set[int]()
"""The processes that were started and not yet collected."""


def _collect(*_: object) -> None:
    for each in [*_STAY]:
        try:
            ended, _status = os.waitpid(each, os.WNOHANG)
        except ChildProcessError:  # another signal came meanwhile, and collected it
            ended = each
        if ended:
            _STAY.discard(each)


def _forked(out: str, err: str, arguments: Sequence[str]) -> int:
    if process := os.fork():
        return process
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, path in enumerate((os.devnull, out, err)):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT), number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "w" if n else "r") for n in range(3))
    sys.argv = ["plainview", *arguments]
    raise _Own


class _Own(BaseException):
    """Said in a fork: it goes on by itself."""


def _listen() -> None:
    from django.db import connections  # noqa: PLC0415 - whoever tells it loads nothing

    from plainview.cli import cli, main  # noqa: PLC0415 - likewise

    cli.get_command(click.Context(cli), "work")
    signal.signal(signal.SIGCHLD, _collect)
    try:
        for line in sys.stdin:
            connections.close_all()
            how, *words = json.loads(line)
            sys.stdout.write(f"{(_start if how == 'start' else _run)(*words)}\n")
            sys.stdout.flush()
    except _Own:
        main()


if __name__ == "__main__":
    _listen()
