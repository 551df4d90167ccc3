"""One HTTP exchange: no redirect is followed, nothing is decompressed, everything has an end.

Within `keeping()` the connection stays open for the next exchange with that host: to the judged
address, until the block ends.
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import SplitResult, urlsplit

from plainview.platform.outbound import keep
from plainview.platform.outbound.addresses import Forbidden
from plainview.platform.outbound.trouble import TooLong, Trouble, Unreachable
from plainview.platform.outbound.wire import Deadline, Wire, connected

Key = tuple[str, str, bool, str | None]
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


def address(url: str, *, private: bool) -> SplitResult:
    """The parts of an address that can be asked. Raises Forbidden, lasting, for another."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:  # no number in the place of a port, a bracket that is not closed
        known = None
    if not known or parts.username:
        raise Forbidden("not an address of the web", lasting=True)
    if parts.scheme == "http" and not private:
        raise Forbidden("data about people does not leave without encryption", lasting=True)
    return parts


def exchange(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    private: bool = False,
    authorities: str | None = None,
    once: bool = False,
) -> Answer:
    """Send one request and read the answer. `authorities` is a file of certificates to trust.

    `private` lets an address of the operator's own network pass, and HTTP without encryption with
    it. Where a kept connection was closed over there meanwhile, it is asked again over a new one,
    unless it may not be heard twice (`once`).

    Raises a Trouble: Forbidden, Unresolved, Unreachable, TooSlow, TooLong.
    """
    limits = limits or Limits()
    parts = address(url, private=private)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    said = {**(headers or {}), "Accept-Encoding": "identity"}
    key = (parts.scheme, parts.netloc, private, authorities)
    kept = keep.taken(key)
    if kept is not None:
        kept.sock.begin(limits.seconds, limits.bytes)
        try:
            return _asked(kept, key, limits, method, target, body, said)
        except _Gone:
            if once:
                raise
            # it was closed over there meanwhile; whoever read it knows it again by its key
    return _asked(_opened(parts, limits, key), key, limits, method, target, body, said)


def doubtful(status: int) -> bool:
    """Whether an answer leaves open that what was sent went on its way: a gateway's, for one."""
    return status >= 500 and status != 503


class _Gone(Unreachable):
    """The other side hung up before it said a word."""

    code = "garbled"


def _opened(parts: SplitResult, limits: Limits, key: Key) -> http.client.HTTPConnection:
    scheme, netloc, private, authorities = key
    host, port = parts.hostname or "", parts.port or _PORTS[scheme]
    deadline = Deadline(limits.seconds)
    wire = connected(host, port, private=private, deadline=deadline, most=limits.bytes)
    if scheme == "https":
        wire = wire.secured(authorities, host)
    line = http.client.HTTPConnection(netloc)
    line.sock = wire
    return line


def _asked(
    line: http.client.HTTPConnection,
    key: Key,
    limits: Limits,
    method: str,
    target: str,
    body: bytes,
    headers: Mapping[str, str],
) -> Answer:
    wire = cast(Wire, line.sock)
    open_ = keep.going()
    whole = asked = False
    try:
        way = "keep-alive" if open_ else "close"
        line.request(method, target, body=body or None, headers={**headers, "Connection": way})
        asked = True
        answer = line.getresponse()
        read = answer.read(limits.bytes + 1)
        if len(read) > limits.bytes:
            raise TooLong("the answer does not end")
        whole = open_ and answer.isclosed() and not answer.will_close
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, read)
    except http.client.RemoteDisconnected:
        raise _Gone("no HTTP is spoken there", unsure=asked) from None
    except Unreachable as broken:
        if wire.silent:
            raise _Gone(str(broken), code=broken.code, unsure=asked) from None
        broken.unsure = asked
        raise
    except Trouble as trouble:
        trouble.unsure = asked
        raise
    except (http.client.HTTPException, OSError, ValueError):
        raise Unreachable("no HTTP is spoken there", code="garbled", unsure=asked) from None
    finally:
        if whole:
            keep.put_back(key, line, wire.shut)
        else:
            wire.shut()
