"""Where a request comes from: a country, or a state where rights depend on it, and no finer.

The address is looked up in a database on this machine and dropped; nothing of it is kept (P1.2.4a).
Whatever is malformed, unlisted or unknown is None, which the policy treats as the strictest place.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from plainview.privacy.places.databases import DAMAGED, configured
from plainview.privacy.policies import in_force

_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def locate(address: str) -> str | None:
    """The ISO 3166 code of the country (`DE`) or state (`US-CA`) of a network address, or None."""
    parsed = _address(address)
    if parsed is None or not parsed.is_global:
        return None
    for database in configured().values():
        if database is None:
            continue
        try:
            code = _code(database.reader.get(parsed))
        except DAMAGED:
            continue
        if code is not None:
            return code
    return None


def _code(record: Any) -> str | None:
    """The place that a record names: MaxMind's own shape, or the flat one of others."""
    if not isinstance(record, dict):
        return None
    country = record.get("country")
    named = country.get("iso_code") if isinstance(country, dict) else country
    code = str(record.get("country_code") or named or "")
    parts = record.get("subdivisions")
    if isinstance(parts, list) and parts and isinstance(parts[0], dict):
        state = f"{code}-{parts[0].get('iso_code', '')}"
        if _CODE.fullmatch(state):
            return state
    return code if _CODE.fullmatch(code) else None


_WITH_PORT = re.compile(r"\[([^\[\]]{1,60})\](?::\d{1,5})?|([\d.]{7,15}):\d{1,5}")


def _address(text: str) -> Address | None:
    try:
        parsed = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def client_address(request: HttpRequest) -> str | None:
    """The address of the client, as far as the proxies in front can be believed.

    Each of the configured proxies appends the address it saw to X-Forwarded-For, so the client is
    that many entries from the right; what stands further left was written by the client. A port
    beside it, which some proxies write, is none of it: limits would count each connection apart. A
    chain too short says that somebody went round a proxy: None, as for what is no address.
    """
    hops = settings.ENV.trusted_proxies
    chain = request.headers.get("X-Forwarded-For", "").split(",")
    if hops > len(chain):
        return None
    said = (chain[-hops] if hops else request.META.get("REMOTE_ADDR", "")).strip()
    if with_port := _WITH_PORT.fullmatch(said):
        said = with_port[1] or with_port[2]
    found = _address(said)
    return None if found is None else str(found)


def presence(request: HttpRequest) -> str | None:
    """Where the request comes from: what the proxy states, else what the address tells.

    An ISO code that the policy names, a state only where it tells states apart, or the id of a
    jurisdiction; else None.
    """
    header = settings.ENV.place_header
    if header and settings.ENV.trusted_proxies:
        return _needed(request.headers.get(header, "").strip())
    address = client_address(request)
    return None if address is None else _needed(locate(address) or "")


def _needed(place: str) -> str | None:
    policy, country = in_force(), place.partition("-")[0]
    if place in policy.jurisdictions:
        return place
    if place in policy.places and policy.jurisdiction(place) != policy.jurisdiction(country):
        return place
    return country if country in policy.places and _CODE.fullmatch(place) else None
