"""Where a request comes from: a country, or a state where rights depend on it, and no finer.

The address is looked up in a database on this machine and dropped; nothing of it is kept (P1.2.4a).
Whatever is malformed, unlisted or unknown is None, which the policy treats as the strictest place.
"""

from __future__ import annotations

import datetime as _dt
import functools
import ipaddress
import logging
import re
from pathlib import Path
from typing import Any, NamedTuple

import maxminddb
from django.conf import settings
from django.http import HttpRequest

from plainview.privacy.policies import in_force

PACKAGED = Path(__file__).parent / "build" / "country.mmdb"
log = logging.getLogger("plainview.privacy.places")
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Database(NamedTuple):
    """A database that is open: its file, and the day it was made (ISO 8601)."""

    path: Path
    kind: str
    made_on: str
    reader: Any


@functools.lru_cache(maxsize=8)
def opened(path: str) -> Database | None:
    """The database at `path`, mapped into memory once a process; None if it can't be read."""
    try:
        reader = maxminddb.open_database(path)
        metadata = reader.metadata()
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        log.warning("the place database %s can't be read: %s", path, type(error).__name__)
        return None
    made = _day(metadata.build_epoch)
    return Database(Path(path), metadata.database_type, made, reader)


def _day(seconds: int) -> str:
    return _dt.datetime.fromtimestamp(seconds, _dt.UTC).date().isoformat()


def databases() -> list[Database]:
    """The databases in use, the finest first."""
    paths = (settings.ENV.state_database, settings.ENV.place_database or str(PACKAGED))
    return [found for path in paths if path and (found := opened(path))]


def locate(address: str) -> str | None:
    """The ISO 3166 code of the country (`DE`) or state (`US-CA`) of a network address, or None."""
    parsed = _address(address)
    if parsed is None or not parsed.is_global:
        return None
    for database in databases():
        try:
            code = _code(database.reader.get(parsed))
        except (ValueError, maxminddb.InvalidDatabaseError):
            continue
        if code is not None:
            return code
    return None


def _code(record: Any) -> str | None:
    """The place that a record names: MaxMind's own shape, or the flat one of others."""
    if not isinstance(record, dict):
        return None
    country = record.get("country")
    named = country.get("iso_code") if isinstance(country, dict) else None
    code = str(named or record.get("country_code") or "")
    parts = record.get("subdivisions")
    if isinstance(parts, list) and parts and isinstance(parts[0], dict):
        state = f"{code}-{parts[0].get('iso_code', '')}"
        if _CODE.fullmatch(state):
            return state
    return code if _CODE.fullmatch(code) else None


def _address(text: str) -> Address | None:
    try:
        parsed = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped or parsed


def client_address(request: HttpRequest) -> str | None:
    """The address of the client, as far as the proxies in front can be believed.

    Each of the configured proxies appends the address it saw to X-Forwarded-For, so the client is
    that many entries from the right; what stands further left was written by the client. A chain
    too short says that somebody went round a proxy: None.
    """
    hops = settings.ENV.trusted_proxies
    if not hops:
        return request.META.get("REMOTE_ADDR") or None
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return chain[-hops] or None if len(chain) >= hops else None


def presence(request: HttpRequest) -> str | None:
    """Where the request comes from: what the proxy states, else what the address tells."""
    header = settings.ENV.place_header
    if header and settings.ENV.trusted_proxies:
        return _stated(request.headers.get(header, ""))
    address = client_address(request)
    return None if address is None else locate(address)


def _stated(text: str) -> str | None:
    """A country, a state or a jurisdiction of the policy, or nothing."""
    text = text.strip()
    return text if text in in_force().jurisdictions or _CODE.fullmatch(text) else None
