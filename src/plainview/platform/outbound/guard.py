"""The guard on sockets: from `close()` on, only what `admitting` opened may connect or look up.

An audit hook (PEP 578) sees every connection that Python makes, whichever library asks, and can't
be taken back. It does not see sockets of C libraries (the database's driver) and of other programs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Place = tuple[str, int]
_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
_admitted: ContextVar[frozenset[Place]] = ContextVar("plainview_outbound", default=frozenset())
_services: set[Place] = set()
_state = {"closed": False}


class Closed(PermissionError):
    """Something other than the door out tried to connect. The text names neither host nor data."""


def close(services: Iterable[Place] = ()) -> None:
    """Refuse connections from here on, but to `services` (host, port) of this installation's own.

    For the whole process and for good. Sockets of this machine's file system stay open.
    """
    _services.update(services)
    if not _state["closed"]:
        _state["closed"] = True
        sys.addaudithook(_look)


@contextmanager
def admitting(places: Iterable[Place]) -> Iterator[None]:
    """Let this thread reach exactly these (host, port) for the length of the block."""
    token = _admitted.set(frozenset(places))
    try:
        yield
    finally:
        _admitted.reset(token)


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple):
            return  # a socket of the file system, or one already connected
        place = (_plain(address[0]), _number(address[1]))
    else:
        port = arguments[1] if event == "socket.getaddrinfo" and len(arguments) > 1 else 0
        place = (_plain(arguments[0]), _number(port))
    if place not in _admitted.get() and place not in _services:
        raise Closed(
            "a connection that does not go through plainview.privacy.disclosures was refused."
            "\n  1. Sending something about people: declare the recipient in policy/recipients.toml"
            " and hand it to disclosures.services.disclose."
            "\n  2. A service of this installation: name it where the guard is closed."
        )


def _plain(host: object) -> str:
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    return text.partition("%")[0].rstrip(".").lower()


def _number(port: object) -> int:
    if isinstance(port, int):
        return port
    text = port.decode("ascii", "replace") if isinstance(port, bytes) else str(port)
    return int(text) if text.isdigit() else 0
