"""Signatures of what we send and of what is sent to us.

Webhooks are signed as Standard Webhooks 1.0 says (HMAC-SHA256 over id, time and body); requests to
a bucket as AWS Signature Version 4 says.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import SplitResult, quote

from django.utils.crypto import constant_time_compare

from plainview.platform.identifiers import number_in

TOLERANCE = 300
"""Seconds by which clocks may differ, and for which a message is fresh."""


class Unsigned(Exception):
    """The message is not signed with the key agreed, or too long ago. Nothing more is said."""


def _signature(key: str, id_: str, moment: str, body: bytes) -> str:
    signed = f"{id_}.{moment}.".encode() + body
    digest = hmac.new(key.encode(), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(key: str, id_: str, body: bytes, now: float) -> dict[str, str]:
    """The headers that sign `body`; `id_` stays the same when it is sent again."""
    moment = str(int(now))
    return {
        "webhook-id": id_,
        "webhook-timestamp": moment,
        "webhook-signature": _signature(key, id_, moment, body),
    }


def verified(key: str, given: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a message signed with `key`. Raises Unsigned."""
    id_, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    at = number_in(moment)
    if not id_ or at is None:
        raise Unsigned
    right = _signature(key, id_, moment, body)
    offered = given.get("webhook-signature", "").split()
    if not any(constant_time_compare(right, each) for each in offered):
        raise Unsigned
    if abs(now - at) > TOLERANCE:
        raise Unsigned
    return id_


def aws(
    method: str,
    url: SplitResult,
    body: bytes,
    *,
    access: str,
    secret: str,
    region: str,
    now: float,
) -> dict[str, str]:
    """The headers of a request to a bucket (Signature Version 4, header form, payload signed)."""
    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    stamp, day = moment.strftime("%Y%m%dT%H%M%SZ"), moment.strftime("%Y%m%d")
    digest = hashlib.sha256(body).hexdigest()
    signed = {"host": url.netloc, "x-amz-content-sha256": digest, "x-amz-date": stamp}
    names = ";".join(signed)
    query = "&".join(sorted(url.query.split("&"))) if url.query else ""
    canonical = "\n".join(
        [
            method,
            quote(url.path or "/", safe="/-_.~"),
            query,
            *(f"{name}:{value}" for name, value in signed.items()),
            "",
            names,
            digest,
        ]
    )
    scope = f"{day}/{region}/s3/aws4_request"
    asked = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{asked}"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return {
        "X-Amz-Content-Sha256": digest,
        "X-Amz-Date": stamp,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={access}/{scope},"
        f" SignedHeaders={names}, Signature={signature}",
    }
