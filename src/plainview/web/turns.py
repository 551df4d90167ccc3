"""Who is worked for at a time: a few, and nobody who is still sending.

Most threads of the server hold streams and bodies open; a few requests are worked on at once. A
body is read between turns, so that whoever sends a byte a minute keeps no turn from others.

One that breaks off is refused: half a letter, or a form without its last noes, is nobody's word.
One that nobody wanted, such as a form of 60 MB, is read on and thrown away before the answer goes:
a proxy that still sends it takes an answer or an end meanwhile for a fault of ours, and its reader
never learns why (RFC 9112, 9.6). That is done for a few at a time, and ends at so many octets and
seconds; what is beyond stays open for a moment, unread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any

from plainview.platform.identifiers import number_in
from plainview.platform.storage.bodies import BrokenOff

AT_ONCE = 8
"""As many requests as were measured to be quickest; a connection to the database each."""
POSTING = AT_ONCE - 2
"""So many of them with a body: a flood of forms, which hash passwords, leaves turns for pages."""
SENDING = 32
"""So many requests with a body at a time; a further one is told to come back."""
READ_ON = 256_000_000
"""Octets of a body that nobody wanted, which are read so that its answer arrives."""
PATIENCE = 60.0
"""Seconds that an answer waits for them."""
READERS = 8
"""So many of them at a time; whoever sends slowly holds one of these, and no turn."""
LINGERING = 1.0
"""Seconds that a body of which more was left stays open after its answer."""
MUCH = 64 * 1024
"""Octets; what is shorter has arrived with its head, and the connection goes on."""
_COME_BACK = [("Content-Type", "text/plain"), ("Retry-After", "5"), ("Cache-Control", "no-store")]


class Turns:
    """A WSGI application in front of `site`; a response that streams goes on after its turn."""

    def __init__(self, site: Callable[..., Iterable[bytes]]) -> None:
        self._site = site
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._posts = _Posts(self._turns)
        self._sending = threading.BoundedSemaphore(SENDING)
        self._left = _Left()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") in ("", "0"):
            with self._turns:
                return self._site(environ, start_response)
        length = number_in(environ["CONTENT_LENGTH"]) or 0
        body = environ["wsgi.input"] = _Body(environ["wsgi.input"], self._posts, length)
        if not self._sending.acquire(blocking=False):
            start_response("503 Service Unavailable", _COME_BACK)
            self._left.let_go(body)
            return [b"So many are sending at the moment. Please try again in a few seconds.\n"]
        try:
            with self._posts:
                answer = self._site(environ, start_response)
            self._left.let_go(body)
            return answer
        finally:
            self._sending.release()


class _Posts:
    """The turns of those with a body: one of a few, and one of all."""

    def __init__(self, turns: threading.BoundedSemaphore) -> None:
        self._turns = turns
        self._few = threading.BoundedSemaphore(POSTING)

    def acquire(self) -> None:
        self._few.acquire()
        self._turns.acquire()

    def release(self) -> None:
        self._turns.release()
        self._few.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class _Body:
    """The body of a request, for whose bytes is waited without a turn.

    Raises BrokenOff where it ends before its length, of which what came last is still handed out
    to whoever asked for a piece of it.
    """

    def __init__(self, body: Any, turns: _Posts, length: int) -> None:
        self._body = body
        self._turns = turns
        self.left = length

    def read(self, *size: int) -> bytes:
        wanted = min([self.left, *(each for each in size if each >= 0)])
        return self._counted(self._waiting(self._body.read, *size), wanted)

    def readline(self, *size: int) -> bytes:
        return self._counted(self._waiting(self._body.readline, *size), min(self.left, 1))

    def skip(self) -> None:
        """Read a piece for nobody, without a turn."""
        wanted = min(self.left, MUCH)
        self._counted(self._body.read(wanted), wanted)

    def _counted(self, piece: bytes, wanted: int) -> bytes:
        if len(piece) < wanted and (not piece or wanted == self.left):
            raise BrokenOff("the sender is gone")
        self.left -= len(piece)
        return piece

    def _waiting(self, read: Callable[..., bytes], *size: int) -> bytes:
        self._turns.release()
        try:
            return read(*size)
        finally:
            self._turns.acquire()


class _Left:
    """Bodies that were not read to their end, held until their senders can read the answer."""

    def __init__(self) -> None:
        self._readers = threading.BoundedSemaphore(READERS)
        self._room = threading.BoundedSemaphore(SENDING)
        self._kept: SimpleQueue[tuple[float, _Body]] = SimpleQueue()
        threading.Thread(target=self._close, name="unread bodies", daemon=True).start()

    def let_go(self, body: _Body) -> None:
        """Return once the rest of a body is here, or is not waited for any longer."""
        if body.left <= MUCH:
            return
        if body.left > READ_ON or not self._readers.acquire(blocking=False):
            self._keep(body)
            return
        here = threading.Event()
        reader = threading.Thread(target=self._read, args=(body, here), daemon=True)
        reader.start()
        here.wait(PATIENCE)

    def _read(self, body: _Body, here: threading.Event) -> None:
        """Read a body for nobody; a read that waits for its sender is waited for by no one else."""
        until = time.monotonic() + PATIENCE
        try:
            while body.left and time.monotonic() < until:
                body.skip()
            if body.left:
                self._keep(body)
        except BrokenOff:
            pass
        finally:
            here.set()
            self._readers.release()

    def _keep(self, body: _Body) -> None:
        if self._room.acquire(blocking=False):
            self._kept.put((time.monotonic() + LINGERING, body))

    def _close(self) -> None:
        while True:
            until, body = self._kept.get()
            time.sleep(max(0.0, until - time.monotonic()))
            del body
            self._room.release()
