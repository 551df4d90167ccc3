"""A browser's side of Web Push: its keys, and what it makes of a message (RFC 8291, RFC 8188).

Written from the RFCs with the primitives alone, so that it agrees with the product by right.
"""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def plain(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def written(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def stretched(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class Browser:
    """A user agent with a subscription."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": written(point(self.key.public_key())), "auth": written(self.auth)}

    def reads(self, body: bytes) -> bytes:
        """The message in a body of one record; what is not for this browser raises InvalidTag."""
        salt, size, named = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + named], body[21 + named :]
        assert len(record) <= size
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        )
        info = b"WebPush: info\0" + point(self.key.public_key()) + sender
        secret = stretched(self.auth, shared, info, 32)
        key = stretched(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = stretched(salt, secret, b"Content-Encoding: nonce\0", 12)
        filled = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert filled.endswith(b"\2"), "the last record"
        return filled[:-1]

    def shows(self, body: bytes) -> Any:
        return json.loads(self.reads(body))


def vouched(authorization: str) -> tuple[str, dict[str, Any]]:
    """By which key, and with which claims, a sender vouches for itself (RFC 8292)."""
    assert authorization.startswith("vapid ")
    parts = dict(each.strip().split("=", 1) for each in authorization[6:].split(","))
    head, claims, signature = parts["t"].split(".")
    assert json.loads(plain(head))["alg"] == "ES256"
    r, s = (int.from_bytes(half, "big") for half in (plain(signature)[:32], plain(signature)[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, plain(parts["k"]))
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return parts["k"], json.loads(plain(claims))
