"""A connected socket with an end: a deadline for all of it, and a most that is read."""

from __future__ import annotations

import functools
import io
import os
import select
import socket
import ssl
import time
from typing import Any

from plainview.platform.outbound import guard
from plainview.platform.outbound.addresses import resolve
from plainview.platform.outbound.trouble import TooLong, TooSlow, Unreachable


class Deadline:
    """A moment after which nothing waits any longer."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TooSlow if none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlow("the other side took too long")
        return left


class Wire:
    """What `http.client` and `smtplib` take for a socket."""

    def __init__(self, plain: socket.socket, deadline: Deadline, most: int) -> None:
        self.socket = plain
        self.deadline = deadline
        self.left = most
        self.readers = 0
        self.over = False
        self.silent = True
        """Whether nothing was heard since the exchange began."""

    def begin(self, seconds: float, most: int) -> None:
        """A new exchange on an open wire, with limits of its own."""
        self.deadline, self.left, self.silent = Deadline(seconds), most, True

    def stirs(self) -> bool:
        """Whether the other side has said something or hung up while nobody asked."""
        if isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return True
        looking = select.poll()
        looking.register(self.socket, select.POLLIN)
        return bool(looking.poll(0))

    def sendall(self, data: Any) -> None:
        """Raises TooSlow, Unreachable."""
        try:
            self.socket.settimeout(self.deadline.left())
            self.socket.sendall(data)
        except TimeoutError:
            raise TooSlow("the other side took too long") from None
        except OSError:
            raise Unreachable("the connection broke") from None

    def makefile(self, mode: str = "rb", *_: object, **__: object) -> io.BufferedReader:
        """For reading alone."""
        return io.BufferedReader(_Reading(self))

    def settimeout(self, _: object) -> None:
        """The deadline decides."""

    def close(self) -> None:
        """Close it, once nobody reads from it any more; as a socket of Python's does."""
        self.over = True
        if not self.readers:
            self.socket.close()

    def shut(self) -> None:
        """Close it now, whoever reads."""
        self.socket.close()

    def secured(self, authorities: str | None, host: str) -> Wire:
        """The same under TLS, its certificate held against `host`. Raises Unreachable.

        The certificate is one of the usual authorities', or of those in a file.
        """
        try:
            self.socket.settimeout(self.deadline.left())
            wrapped = trusting(authorities).wrap_socket(self.socket, server_hostname=host)
        except TimeoutError:
            raise TooSlow("the other side took too long") from None
        except OSError:
            raise Unreachable("no encrypted connection", code="tls") from None
        return Wire(wrapped, self.deadline, self.left)


class _Reading(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        wire.readers += 1

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._wire.readers -= 1
            if self._wire.over:
                self._wire.close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wire = self._wire
        try:
            wire.socket.settimeout(wire.deadline.left())
            count = wire.socket.recv_into(buffer)
        except TimeoutError:
            raise TooSlow("the other side took too long") from None
        except OSError:
            raise Unreachable("the connection broke") from None
        wire.silent = wire.silent and not count
        wire.left -= count
        if wire.left < 0:
            raise TooLong("the answer does not end")
        return count


def trusting(authorities: str | None) -> ssl.SSLContext:
    """How certificates are held against the usual authorities, or a file's. Raises OSError."""
    return _read(authorities, os.stat(authorities).st_mtime_ns if authorities else 0)


@functools.lru_cache(maxsize=16)
def _read(authorities: str | None, changed: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authorities)


def connected(host: str, port: int, *, private: bool, deadline: Deadline, most: int) -> Wire:
    """A wire to one of the judged addresses of `host`.

    Raises Forbidden, Unresolved, Unreachable, TooSlow.
    """
    for address in resolve(host, port, private=private):
        plain = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            plain.settimeout(deadline.left())
            with guard.admitting({address.place}):
                plain.connect(address.place)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            plain.close()
            continue
        return Wire(plain, deadline, most)
    deadline.left()
    raise Unreachable("nobody answers there")
