"""One HTTP exchange: no redirect is followed, nothing is decompressed, everything has an end."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from plainview.platform.outbound.addresses import Forbidden
from plainview.platform.outbound.trouble import TooLong, Trouble, Unreachable
from plainview.platform.outbound.wire import Deadline, connected

_PORTS = {"http": 80, "https": 443}


class Limits(NamedTuple):
    """How long an exchange may take in all, and how many bytes of answer are read."""

    seconds: float = 10.0
    bytes: int = 65_536


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    private: bool = False,
    authorities: str | None = None,
) -> Answer:
    """Send one request and read the answer. `authorities` is a file of certificates to trust.

    `private` lets an address of the operator's own network pass, and HTTP without encryption with
    it. Raises a Trouble: Forbidden, Unresolved, Unreachable, TooSlow, TooLong.
    """
    limits = limits or Limits()
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username:
        raise Forbidden("not an address of the web", lasting=True)
    if parts.scheme == "http" and not private:
        raise Forbidden("data about people does not leave without encryption", lasting=True)
    port = parts.port or _PORTS[parts.scheme]
    deadline = Deadline(limits.seconds)
    wire = connected(parts.hostname, port, private=private, deadline=deadline, most=limits.bytes)
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=authorities)
            wire = wire.secured(context, parts.hostname)
        line = http.client.HTTPConnection(parts.netloc)
        line.sock = wire
        target = parts.path or "/"
        line.request(
            method,
            f"{target}?{parts.query}" if parts.query else target,
            body=body or None,
            headers={**(headers or {}), "Connection": "close", "Accept-Encoding": "identity"},
        )
        answer = line.getresponse()
        read = answer.read(limits.bytes + 1)
        if len(read) > limits.bytes:
            raise TooLong("the answer does not end")
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, read)
    except Trouble:
        raise
    except (http.client.HTTPException, OSError, ValueError):
        raise Unreachable("no HTTP is spoken there", code="garbled") from None
    finally:
        wire.shut()
