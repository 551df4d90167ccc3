"""Signed tree heads as text: checkpoints of C2SP, signed notes with Ed25519 (RFC 8032).

A head is a few lines that can be mailed, printed and kept. The forms are those of
https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note, so that witnesses of other logs
read them too:

    films.example.org/legal/log/1          the log and its epoch
    1002                                   how many entries
    8vUp…=                                 the root, base64
    at 2026-11-26T09:00:00Z                when it was signed
    (from the second epoch on: why and where it goes on from the one before)

    — films.example.org/legal/log/1 rGd…   the signature, base64, behind four bytes of the key's id
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
HASH = 32
DASH = "\u2014"


class NotANote(ValueError):
    """The text is no signed tree head, or no key; it says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Public:
    """A public key under the name of its log, as `name+id+key` (a verifier key of signed-note)."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which signatures name it."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64_of(ED25519 + self.raw)}"

    def made(self, signature: bytes, text: str) -> bool:
        """Whether it signed `text`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def read_key(text: str) -> Public:
    """The public key that `str(Public)` wrote. Raises NotANote."""
    name, _, rest = text.strip().partition("+")
    known, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
        key = Public(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != HASH + 1 or key.id.hex() != known:
            raise ValueError(known)
    except (ValueError, binascii.Error):
        raise NotANote("this is no key of a log: name+id+key") from None
    return key


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under the name of its log."""

    name: str
    seed: bytes

    @property
    def public(self) -> Public:
        """Its public half."""
        return Public(self.name, self._private().public_key().public_bytes_raw())

    def signature(self, text: str) -> str:
        """The line that signs `text`."""
        made = self._private().sign(text.encode())
        return f"{DASH} {self.name} {base64_of(self.public.id + made)}\n"

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a head says: so many entries, under this root, at this time (UTC, to the second)."""

    origin: str
    size: int
    root: bytes
    at: dt.datetime
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines that are signed."""
        lines = (self.origin, self.size, base64_of(self.root), _moment(self.at), *self.more)
        return "".join(f"{line}\n" for line in lines)

    def signed(self, signers: Sequence[Signer]) -> str:
        """The note: the lines, an empty one, and a signature of each signer."""
        return f"{self.text}\n{''.join(each.signature(self.text) for each in signers)}"


def read(note: str) -> TreeHead:
    """The head that a note carries, its signatures unread. Raises NotANote."""
    lines = opened(note)[0].split("\n")[:-1]
    try:
        origin, size, root, at, *more = lines
        head = TreeHead(
            origin,
            int(size),
            base64.b64decode(root, validate=True),
            dt.datetime.strptime(at, "at %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC),
            tuple(more),
        )
    except (ValueError, binascii.Error):
        raise NotANote("these lines are no tree head: name, size, root, time") from None
    if head.text != "".join(f"{line}\n" for line in lines) or len(head.root) != HASH:
        raise NotANote("these lines are no tree head as a log writes it")
    return head


def opened(note: str) -> tuple[str, dict[bytes, bytes]]:
    """The signed lines of a note, and its signatures by the id of their key. Raises NotANote."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NotANote("a signed note ends in an empty line and signatures")
    found = {}
    for line in signatures.split("\n")[:-1]:
        try:
            dash, _name, encoded = line.split(" ")
            both = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise NotANote("a line below the empty one is no signature") from None
        if dash != DASH:
            raise NotANote("a line below the empty one is no signature")
        found[both[:4]] = both[4:]
    return text + "\n", found


def signed_by(note: str, key: Public) -> bool:
    """Whether a note carries a good signature of `key`. Raises NotANote."""
    text, signatures = opened(note)
    signature = signatures.get(key.id)
    return signature is not None and key.made(signature, text)


def endorsement(public: Public, size: int, at: dt.datetime, old: Signer) -> str:
    """A note by which an old key says that heads from `size` entries on are signed by `public`."""
    text = _endorsing(public, size, at)
    return f"{text}\n{old.signature(text)}"


def endorses(note: str, public: Public, size: int, at: dt.datetime, old: Public) -> bool:
    """Whether a note is the `endorsement` of that key by the old one. Raises NotANote."""
    return opened(note)[0] == _endorsing(public, size, at) and signed_by(note, old)


def _endorsing(public: Public, size: int, at: dt.datetime) -> str:
    return f"{public.name}\nkey {public}\nfrom {size}\n{_moment(at)}\n"


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):at %Y-%m-%dT%H:%M:%SZ}"


def base64_of(data: bytes) -> str:
    """Bytes as standard base64."""
    return base64.b64encode(data).decode()
