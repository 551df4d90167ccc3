"""The key pair by which push services know us (VAPID, RFC 8292), and what is encrypted for whom."""

from __future__ import annotations

import functools
import hashlib
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from plainview.privacy.policies import controller

LIFE = 12 * 3600
"""Seconds for which a push service may take our word; RFC 8292 allows a day."""
LENGTH = 1024
"""Bytes of every message before it is encrypted, so that its size tells nothing."""
POINT, SECRET = 65, 16
_CURVE = ec.SECP256R1()


class Unfit(ValueError):
    """What a browser is said to have made is no key of RFC 8291, or the message is too long."""


def public() -> str:
    """Our public key as browsers take it (`applicationServerKey`): base64url without padding."""
    return encoded(_point(_private()))


def fingerprint() -> str:
    """By which a subscription tells for which of our keys it was made."""
    return hashlib.sha256(public().encode()).hexdigest()


def authorization(endpoint: str) -> str:
    """Who we are, signed, for the push service of an address."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + LIFE,
        "sub": f"mailto:{controller().email}",
    }
    signed: Mapping[str, str] = Vapid02(_private()).sign(claims)
    return signed["Authorization"]


def encrypted(message: bytes, p256dh: str, auth: str) -> bytes:
    """A message of JSON so that only one browser can read it; all are of one length. Raises Unfit.

    What is too short is filled up with spaces, which JSON passes over.
    """
    if len(message) > LENGTH:
        raise Unfit("the message is too long")
    return sealed(message.ljust(LENGTH), p256dh, auth)


def sealed(text: bytes, p256dh: str, auth: str, **given: Any) -> bytes:
    """`text` as RFC 8291 encrypts it (aes128gcm). Raises Unfit.

    What is drawn for each message may be `given`: `private_key`, `salt`.
    """
    check(p256dh, auth)
    drawn = {"private_key": ec.generate_private_key(_CURVE), **given}
    record = http_ece.encrypt(
        text,
        dh=decoded(p256dh),
        auth_secret=decoded(auth),
        version="aes128gcm",
        **drawn,
    )
    return cast(bytes, record)


def check(p256dh: str, auth: str) -> None:
    """Raises Unfit unless these are a point of P-256 and a secret of 16 bytes."""
    try:
        point, secret = decoded(p256dh), decoded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    except ValueError:
        raise Unfit("the key is none of RFC 8291") from None
    if len(point) != POINT or len(secret) != SECRET:
        raise Unfit("the key is none of RFC 8291")


def encoded(data: bytes) -> str:
    """base64url without padding, as everything about push is written."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes of it. Raises ValueError."""
    return b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _private() -> ec.EllipticCurvePrivateKey:
    return _derived(settings.PUSH_KEY)


@functools.lru_cache(maxsize=4)
def _derived(word: str) -> ec.EllipticCurvePrivateKey:
    """A private key of P-256 out of a long random word; 16 bytes more than needed, so unbiased."""
    wide = HKDF(SHA256(), length=48, salt=None, info=b"plainview push").derive(word.encode())
    return ec.derive_private_key(1 + int.from_bytes(wide, "big") % (_CURVE.group_order - 1), _CURVE)
