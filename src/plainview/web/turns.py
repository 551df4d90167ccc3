"""Who is worked for at a time: a few, and nobody who is still sending.

Most threads of the server hold streams and bodies open; a few requests are worked on at once. A
body is read between turns, so that whoever sends a byte a minute keeps no turn from others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

AT_ONCE = 8
"""As many requests as were measured to be quickest; a connection to the database each."""
POSTING = AT_ONCE - 2
"""So many of them with a body: a flood of forms, which hash passwords, leaves turns for pages."""
SENDING = 32
"""So many requests with a body at a time; a further one is told to come back."""
_COME_BACK = [("Content-Type", "text/plain"), ("Retry-After", "5"), ("Cache-Control", "no-store")]


class Turns:
    """A WSGI application in front of `site`; a response that streams goes on after its turn."""

    def __init__(self, site: Callable[..., Iterable[bytes]]) -> None:
        self._site = site
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._posts = _Posts(self._turns)
        self._sending = threading.BoundedSemaphore(SENDING)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") in ("", "0"):
            with self._turns:
                return self._site(environ, start_response)
        if not self._sending.acquire(blocking=False):
            start_response("503 Service Unavailable", _COME_BACK)
            return [b"So many are sending at the moment. Please try again in a few seconds.\n"]
        try:
            with self._posts:
                environ["wsgi.input"] = _Body(environ["wsgi.input"], self._posts)
                return self._site(environ, start_response)
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
    """The body of a request, for whose bytes is waited without a turn."""

    def __init__(self, body: Any, turns: _Posts) -> None:
        self._body = body
        self._turns = turns

    def read(self, *size: int) -> bytes:
        return self._waiting(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        return self._waiting(self._body.readline, *size)

    def _waiting(self, read: Callable[..., bytes], *size: int) -> bytes:
        self._turns.release()
        try:
            return read(*size)
        finally:
            self._turns.acquire()
