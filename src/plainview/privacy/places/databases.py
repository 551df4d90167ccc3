"""The place databases of this machine: which are in use, how old, and by whom they were made."""

from __future__ import annotations

import datetime as _dt
import functools
import logging
import re
import struct
from pathlib import Path
from typing import NamedTuple

import maxminddb
from django.conf import settings

PACKAGED = Path(__file__).parent / "build" / "country.mmdb"
DAMAGED = (
    ArithmeticError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    maxminddb.InvalidDatabaseError,
    struct.error,
)
"""What reading a database whose bytes are damaged may raise."""
log = logging.getLogger("plainview.privacy.places")


class Maker(NamedTuple):
    """Who made a database, the licence it is under, and the link that the licence asks for."""

    licence: str
    words: str
    link: str


DB_IP = Maker("CC BY 4.0", "IP geolocation by DB-IP", "https://db-ip.com")
MAKERS = {
    r"DBIP-\w+-Lite.*": DB_IP,
    r"GeoLite2-.*": Maker(
        "GeoLite End User License Agreement",
        "This product includes GeoLite Data created by MaxMind",
        "https://www.maxmind.com",
    ),
}
"""By the kind that a database states of itself: those that are free and want to be named."""


class Database(NamedTuple):
    """A database that is open: the day it was made, its maker if known, and what reads it."""

    made_on: _dt.date
    maker: Maker | None
    reader: maxminddb.Reader


@functools.lru_cache(maxsize=8)
def opened(path: str) -> Database | None:
    """The database at `path`, mapped into memory once a process; None if it can't be read."""
    try:
        reader = maxminddb.open_database(path, maxminddb.MODE_MMAP)  # the one in C can crash
        metadata = reader.metadata()
        made_on = _dt.datetime.fromtimestamp(metadata.build_epoch, _dt.UTC).date()
    except DAMAGED as error:
        log.warning("the place database %s can't be read: %s", path, type(error).__name__)
        return None
    return Database(made_on, _maker(path, str(metadata.database_type)), reader)


def _maker(path: str, kind: str) -> Maker | None:
    if path == str(PACKAGED):  # it was made anew from DB-IP's list and doesn't state its kind
        return DB_IP
    return next((maker for text, maker in MAKERS.items() if re.fullmatch(text, kind)), None)


def configured() -> dict[str, Database | None]:
    """The databases that the settings name, the finest first; None for one that can't be read."""
    paths = (settings.ENV.state_database, settings.ENV.place_database or str(PACKAGED))
    return {path: opened(path) for path in paths if path}


def credited() -> list[tuple[Maker, _dt.date]]:
    """Whom a page that shows a place must name, and the day their database was made.

    Nobody if the proxy states the place.
    """
    if settings.ENV.place_header and settings.ENV.trusted_proxies:
        return []
    found = [database for database in configured().values() if database]
    return list(dict.fromkeys((each.maker, each.made_on) for each in found if each.maker))
