"""What two services say to each other when one person's data goes from one straight to the other.

An invitation is an address of the inviting service and a secret that it gave to the person alone.
Who knows the secret proves it by HMAC-SHA256 (RFC 2104) over what is asked and of whom, and never
sends it. docs/portability.md describes it for others; nothing in here knows our rows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

FORMAT = "plainview-invitation"
VERSION = 1
PIECE = 1 << 20
"""Each piece has so many bytes, but the last."""
SCHEME = "Plainview"
PROVE, BEGIN, ADD, TELL = "prove", "begin", "piece", "state"
ACTS = (PROVE, BEGIN, ADD, TELL)
LONGEST_CODE = 500
_SECRET = 32
_PATH = re.compile(r"/privacy/invited/([a-z0-9]{8,40})/")
_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}")


class Unfit(Exception):
    """What was typed is no invitation."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation: the host (with a port where it is not 443), its name there, and the secret."""

    host: str
    name: str
    secret: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """Where it is redeemed; the name of an act follows."""
        return f"https://{self.host}/privacy/invited/{self.name}/"

    @property
    def code(self) -> str:
        """What the person carries from one service to the other."""
        return f"{self.address}#{_text(self.secret)}"

    def proof(self, *said: str) -> str:
        """What only somebody who knows the secret can write under `said`, as hex."""
        lines = "\n".join((f"{FORMAT} {VERSION}", self.host, self.name, *said))
        return hmac.new(self.secret, lines.encode(), hashlib.sha256).hexdigest()

    def proves(self, proof: str, *said: str) -> bool:
        """Whether `proof` stands under `said`."""
        return hmac.compare_digest(self.proof(*said).encode(), proof.encode())

    def signature(self, act: str, body: bytes, offset: int = 0) -> str:
        """The `Authorization` of a request: over its act, its body, and where a piece belongs."""
        return f"{SCHEME} {self.proof(act, str(offset), hashlib.sha256(body).hexdigest())}"


def new_secret() -> bytes:
    """A secret that nobody guesses (256 bits)."""
    return secrets.token_bytes(_SECRET)


def read(code: str, *, anywhere: bool = False) -> Invitation:
    """What a person pasted, as an invitation of an `https` host by name. Raises Unfit.

    Only port 443 is let through, and no number in the place of a name, unless `anywhere`.
    """
    try:
        parts = urlsplit(code.strip())
        port = parts.port
        secret = _bytes(parts.fragment)
    except ValueError:
        raise Unfit from None
    found, host = _PATH.fullmatch(parts.path), (parts.hostname or "").lower()
    if parts.scheme != "https" or parts.query or "@" in parts.netloc or found is None:
        raise Unfit
    if len(code) > LONGEST_CODE or len(secret) != _SECRET or not _HOST.fullmatch(host):
        raise Unfit
    if not anywhere and (port not in (None, 443) or "." not in host or _number(host)):
        raise Unfit
    place = host if port in (None, 443) else f"{host}:{port}"
    return Invitation(place, found[1], secret)


def _number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdecimal()
    return True


def _text(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not base64")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


class Challenge(msgspec.Struct):
    """Body of `prove`: something random, 16 to 64 letters and digits."""

    challenge: str


class Proof(msgspec.Struct):
    """Answer of `prove`: who one is, and that one knows the secret (over `prove`, challenge)."""

    format: str
    version: int
    service: str
    most: int
    proof: str


class Beginning(msgspec.Struct):
    """Body of `begin`: how many bytes will come, and their SHA-256 as hex."""

    size: int
    digest: str


class Progress(msgspec.Struct):
    """Answer of the other acts: how far it is there; `proof` is over `state`, state and digest.

    States are `arriving`, `reading`, `done`, `refused` and `failed` (a person goes on with it).
    """

    state: str
    offset: int
    digest: str
    proof: str
