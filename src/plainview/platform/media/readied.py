"""A reader that has loaded what it needs and waits: for each text it forks a process of its own.

To start a reader costs more than to read a letter, so whoever has many keeps one ready. It opens no
text itself: it hands each on, as an open file, to a fork that has nothing else open, gives up every
right and answers into a pipe. So no text can see another, nor what was said of it.
"""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import msgspec

from plainview.platform.media import sandbox
from plainview.platform.media.bounds import Bounds
from plainview.platform.media.decoders import SURROUNDINGS, broke
from plainview.platform.media.errors import MediaError

EACH: Final = "--each"
_CHUNK, _WORDS = 1 << 16, 1 << 16
_END: Final = b"\n"


class Readied:
    """A module of ours kept ready to read many texts, one after the other, while a block runs."""

    def __init__(self, module: str, bounds: Bounds) -> None:
        self._module, self._bounds = module, bounds
        self._child: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()

    def ask(self, data: bytes, words: list[str]) -> bytes:
        """What the module answers about `data`, as of `apart.ask`. Raises MediaError."""
        reading, writing = os.pipe()
        try:
            try:
                self._send(data, words, writing)
            finally:
                os.close(writing)
            return self._heard(reading)
        except OSError as error:
            self._stop()
            raise broke("unsupported", "the reader is gone") from error
        except MediaError:  # whoever hangs is killed with it
            self._stop()
            raise
        finally:
            os.close(reading)

    def _send(self, data: bytes, words: list[str], writing: int) -> None:
        """Hand a text on; where the reader has died since the last, to another."""
        with tempfile.TemporaryFile() as file:
            file.write(data[: self._bounds.most_bytes])
            file.flush()
            file.seek(0)
            message = [msgspec.json.encode(words)]
            try:
                socket.send_fds(self._started(), message, [file.fileno(), writing])
            except OSError:
                self._stop()
                socket.send_fds(self._started(), message, [file.fileno(), writing])

    def _started(self) -> socket.socket:
        if self._orders is None:
            self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._child = subprocess.Popen(  # noqa: S603 - the command is ours
                    [sys.executable, "-I", "-m", self._module, EACH, str(os.getpid())],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=SURROUNDINGS,
                    cwd="/",
                )
        return self._orders

    def _heard(self, reading: int) -> bytes:
        said = bytearray()
        ends = time.monotonic() + self._bounds.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(reading, selectors.EVENT_READ)
            while selector.select(max(0.0, ends - time.monotonic())):
                if not (chunk := os.read(reading, _CHUNK)):
                    break
                said += chunk
                if len(said) > self._bounds.longest_reply:
                    raise MediaError("unsupported", "the reader talked too much")
            else:
                raise MediaError("timeout", f"stopped after {self._bounds.seconds} s")
        if not said.endswith(_END):
            raise broke("unsupported", "the reader did not come to its end")
        return bytes(said[: -len(_END)])

    def _stop(self) -> None:
        if self._orders is not None:
            self._orders.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._orders = self._child = None


def answer_each(
    read: Callable[[bytes, list[str]], bytes], bounds: Bounds, confine: Callable[[int], None]
) -> None:
    """Fork for each text that comes, until nobody asks any more; the fork confines itself."""
    sandbox.die_with(int(sys.argv[2]))
    orders, me = socket.socket(fileno=0), os.getpid()
    while True:
        words, files, _flags, _sender = socket.recv_fds(orders, _WORDS, 2)
        if not words:
            os._exit(0)
        child = os.fork()
        if child == 0:
            source, told = files
            orders.close()
            os.dup2(told, 1)
            os.closerange(3, source)
            os.closerange(source + 1, max(source, told) + 1)
            confine(me)
            with os.fdopen(source, "rb") as file:
                reply = read(file.read(bounds.most_bytes), msgspec.json.decode(words))
            _written(reply + _END)
            os._exit(0)
        for file_ in files:
            os.close(file_)
        os.waitpid(child, 0)


def _written(reply: bytes) -> None:
    while reply:
        reply = reply[os.write(1, reply) :]
