"""From a host name to addresses that may be connected to (server-side request forgery, CWE-918).

The name is looked up once, every answer is judged, and the connection goes to the judged address: a
second look-up, which could answer otherwise, never happens.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from typing import NamedTuple

from plainview.platform.outbound import guard
from plainview.platform.outbound.trouble import Trouble, Unreachable

LOOK_UP_SECONDS = 5.0
IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_ASSIGNED = ipaddress.ip_network("192.0.0.0/24")
"""For protocols between neighbours (RFC 6890); one cloud keeps its credentials there. Some
releases of Python call most of it global."""
_GLOBAL = ipaddress.ip_network("2000::/3")
"""All that the whole world was given so far (RFC 4291, 2.5.4); much beside it leads inwards."""


class Forbidden(Trouble):
    """The name leads to a network that nobody outside should reach through us."""

    code = "forbidden"


class Unresolved(Unreachable):
    """The name leads nowhere, or nobody says where in time."""

    code = "unresolved"


class Address(NamedTuple):
    """Where a connection may go: as `socket.connect` takes it, and of which family."""

    family: socket.AddressFamily
    place: tuple[str, int]


def resolve(host: str, port: int, *, private: bool = False) -> list[Address]:
    """The addresses of `host`, all of them judged. `private` lets the operator's own network pass.

    One forbidden address among several condemns them all. Raises Forbidden, Unresolved.
    """
    found: dict[str, Address] = {}
    for family, text in _looked_up(host, port):
        if not permitted(ipaddress.ip_address(text), private=private):
            raise Forbidden("the host leads into a network that is not for the outside")
        found[text] = Address(family, (text, port))
    if not found:
        raise Unresolved("the host leads nowhere")
    return list(found.values())


def permitted(address: IP, *, private: bool) -> bool:
    """Whether a connection may go there; addresses that hold another are judged by that one.

    Link-local and assigned addresses, where clouds keep their credentials, are never permitted.
    """
    inner = _within(address)
    if inner is not None:
        return permitted(inner, private=private)
    if address.is_multicast or address.is_unspecified or address.is_link_local:
        return False
    if address in _ASSIGNED:
        return False
    if address.is_loopback:
        return private
    if address.is_global:
        return isinstance(address, ipaddress.IPv4Address) or address in _GLOBAL
    return private and address.is_private and not address.is_reserved


def _within(address: IP) -> IP | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _looked_up(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Ask the resolver in a thread of its own: a name server that stalls holds up nobody."""
    answers: list[tuple[socket.AddressFamily, str]] = []
    name = host.rstrip(".").lower()

    def look() -> None:
        try:
            with guard.admitting({(name, port)}):
                for family, _, _, _, place in socket.getaddrinfo(
                    name, port, type=socket.SOCK_STREAM
                ):
                    answers.append((family, str(place[0]).partition("%")[0]))
        except (OSError, ValueError):  # no name at all
            return

    try:
        literal = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        pass
    else:
        family = socket.AF_INET if literal.version == 4 else socket.AF_INET6
        return [(family, str(literal))]
    thread = threading.Thread(target=look, daemon=True, name="look-up")
    thread.start()
    thread.join(LOOK_UP_SECONDS)
    return [] if thread.is_alive() else answers
