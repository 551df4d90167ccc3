"""The service as people have it, for as long as a bench asks it something."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`plainview serve` at a port, with settings beside those of now.

    Raises SystemExit where it does not answer within two minutes.
    """
    command = [sys.executable, "-m", "plainview", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, **more}, stdout=subprocess.DEVNULL)
    try:
        _awaited(f"http://localhost:{port}/healthz")
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _awaited(address: str) -> None:
    for _ in range(480):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own service
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit("the service did not start")
