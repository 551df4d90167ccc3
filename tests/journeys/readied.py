"""A `plainview` that is loaded, and runs each command it is told of in a fork of itself.

To load takes 2.5 s of the processor, and a journey gives several commands to one service; that
each starts by itself is shown where it is tested.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


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
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            print(
                json.dumps([out.name, err.name, *arguments]), file=self._process.stdin, flush=True
            )
            status = int(self._process.stdout.readline())
            done = subprocess.CompletedProcess(arguments, status, out.read(), err.read())
        if check:
            done.check_returncode()
        return done

    def end(self) -> None:
        self._process.communicate()


def _forked(out: str, err: str, *arguments: str) -> int:
    """Run it as the console would; returns the status it ends with."""
    if process := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    for number, path in enumerate((os.devnull, out, err)):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND), number)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "w" if n else "r") for n in range(3))
    sys.argv = ["plainview", *arguments]
    raise _Own


class _Own(BaseException):
    """Said in a fork: it goes on by itself."""


def _listen() -> None:
    from django.db import connections  # noqa: PLC0415 - whoever tells it loads nothing

    from plainview.cli import cli, main  # noqa: PLC0415 - likewise

    cli.get_command(click.Context(cli), "work")
    try:
        for line in sys.stdin:
            connections.close_all()
            sys.stdout.write(f"{_forked(*json.loads(line))}\n")
            sys.stdout.flush()
    except _Own:
        main()


if __name__ == "__main__":
    _listen()
