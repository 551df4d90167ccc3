"""The signature of a copy: what it holds by SHA-256, signed with Ed25519 (RFC 8032).

`signed/manifest.txt` is what `sha256sum --check` reads, `signed/manifest.sig` the bare signature of
it and `signed/key.pem` the public key, which also stands at `/legal/copy-key.pem`. The key comes
from the words that the log's keys come from, for this use alone.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from plainview.privacy.log import keys
from plainview.privacy.rights.copies.zips import DEFLATED, Entry

FOLDER = "signed/"
MANIFEST, SIGNATURE, KEY = f"{FOLDER}manifest.txt", f"{FOLDER}manifest.sig", f"{FOLDER}key.pem"
_PIECE = 1 << 20


class Altered(Exception):
    """The copy is not what was signed; the text names the file."""


def manifest(
    entries: Iterable[Entry], read: Callable[[int, int], Iterable[bytes]], head: str
) -> bytes:
    """Each entry with its SHA-256, under a line that says what this is."""
    lines = [f"# plainview-copy 1 {' '.join(head.split())}\n"]
    for entry in entries:
        digest = hashlib.sha256()
        for piece in _plain(entry, read):
            digest.update(piece)
        lines.append(f"{digest.hexdigest()}  {entry.name}\n")
    return "".join(lines).encode()


def _plain(entry: Entry, read: Callable[[int, int], Iterable[bytes]]) -> Iterator[bytes]:
    packed = (piece for start, end in entry.pieces for piece in read(start, end))
    if entry.method != DEFLATED:
        yield from packed
        return
    press = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        rest = piece
        while rest:
            yield press.decompress(rest, _PIECE)
            rest = press.unconsumed_tail


def signature(text: bytes) -> bytes:
    """The signature of a manifest by the newest key."""
    return _signers()[0].sign(text)


def public() -> list[bytes]:
    """The public keys as PEM, the newest first."""
    return [
        each.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for each in _signers()
    ]


def _signers() -> list[Ed25519PrivateKey]:
    return [Ed25519PrivateKey.from_private_bytes(seed) for seed in keys.seeds(b"plainview copies")]


def verified(text: bytes, made: bytes, key: bytes) -> dict[str, str]:
    """The SHA-256 of each file by name, as it was signed with a key. Raises Altered."""
    try:
        known = load_pem_public_key(key)
        if not isinstance(known, Ed25519PublicKey):
            raise Altered(KEY)
        known.verify(made, text)
        lines = [line for line in text.decode().splitlines() if not line.startswith("#")]
    except (InvalidSignature, ValueError, UnicodeDecodeError) as error:
        raise Altered(MANIFEST) from error
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def compare(name: str, file: IO[bytes], said: dict[str, str]) -> None:
    """Hold a file against what was signed. Raises Altered."""
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    if said.get(name) != digest.hexdigest():
        raise Altered(name)
