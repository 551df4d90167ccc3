"""The addresses of a film's files: signed, for an hour, the same for everybody who may watch it.

They say nothing about anybody: only which film, until when, and under which key. Whether somebody
may watch is decided by the licence when an address is made, and it never outlives that licence.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from plainview.domains.catalogue.licensing import Availability
from plainview.domains.playback.models import Package
from plainview.platform.storage import signing
from plainview.platform.storage.whole import put_once, put_whole

ROUND_SECONDS = 1800
"""Addresses end at a full half hour, 30 to 60 minutes ahead, so that many readers share one."""
REST_SECONDS = 3600
"""What others than our player get beyond the length of the film: they never ask again."""
STUDIO_SECONDS = 24 * 3600
AHEAD_SECONDS = 600
"""A new key signs so long after it was made: until then proxies learn to accept it."""
FILE = "stream-keys"
KEPT_KEYS = 2


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a film's files are until a moment."""

    folder: str
    until: datetime

    def of(self, name: str) -> str:
        """The address of one file."""
        return f"{self.folder}{name}"

    @property
    def playlist(self) -> str:
        return self.of("master.m3u8")

    @property
    def thumbnails(self) -> str:
        return self.of("thumbnails.vtt")


def addresses(
    package: Package, allowed: Availability, *, whole: bool = False, studio: bool = False
) -> Addresses:
    """Where the files of a package are, for whoever may watch it, as `allowed` says until when.

    Our player asks for fresh ones before they end; for what can't, `whole` lets them hold as long
    as the film and an hour; for who works on it in the `studio`, a day.
    """
    now = time.time()
    until = (int(now) // ROUND_SECONDS + 2) * ROUND_SECONDS
    if whole:
        until += package.duration_ms // 1000 + REST_SECONDS - ROUND_SECONDS
    if studio:
        until += STUDIO_SECONDS
    if allowed and allowed.at is not None:
        until = min(until, int(allowed.at.timestamp()))
    token = signing.sign(package.key, until, keys(), now)
    place = reverse("stream-file", args=[token, package.key, "x"]).removesuffix("x")
    return Addresses(place, datetime.fromtimestamp(until, UTC))


def is_open(token: str, key: str) -> bool:
    """Whether a token opens the files of a package now."""
    return signing.opens(token, key, keys(), time.time())


def keys() -> list[signing.Key]:
    """Every key that is accepted: from the settings, or from a file in the data folder.

    The first of the settings signs; of the file the newest, ten minutes after it was made.
    """
    if settings.STREAM_KEYS:
        many = len(settings.STREAM_KEYS)
        return [signing.key_of(word, many - n) for n, word in enumerate(settings.STREAM_KEYS)]
    return [signing.key_of(word, since) for since, word in _kept()]


def make_key(*, at_once: bool = False) -> None:
    """Put a new key into the data folder. The one of now stays accepted, older ones go.

    `at_once` keeps none: every address that was given out is refused from now on.
    """
    now = int(time.time())
    rows = [] if at_once else sorted(_kept(), reverse=True)[: KEPT_KEYS - 1]
    rows.insert(0, (now if at_once else now + AHEAD_SECONDS, secrets.token_urlsafe(64)))
    put_whole(_path(), _written(rows))


def for_nginx() -> str:
    """What nginx needs to check the addresses by itself: the keys, and where the files are."""
    rows = "".join(f'    {key.id} "{key.secret}";\n' for key in keys())
    packages = Path(settings.MEDIA_ROOT).resolve() / "packages"
    return (
        "# Written by `plainview stream nginx`. It holds secrets: for nginx's own user alone.\n"
        f'map $stream_id $stream_key {{\n    default "";\n{rows}}}\n'
        f'map "" $stream_packages {{\n    default "{packages}";\n}}\n'
    )


_read: tuple[tuple[int, int], list[tuple[int, str]]] | None = None


def _kept() -> list[tuple[int, str]]:
    """(since, word) of the keys in the file, made if it is missing; read again when it changed."""
    global _read
    path = _path()
    try:
        facts = path.stat()
    except FileNotFoundError:
        put_once(path, _written([(0, secrets.token_urlsafe(64))]))
        facts = path.stat()
    seen = (facts.st_mtime_ns, facts.st_ino)
    if _read is None or _read[0] != seen:
        rows = [line.split() for line in path.read_text().splitlines()]
        _read = (seen, [(int(since), word) for since, word in rows])
    return _read[1]


def _written(rows: list[tuple[int, str]]) -> bytes:
    return "".join(f"{since} {word}\n" for since, word in rows).encode()


def _path() -> Path:
    return Path(settings.DATA) / FILE
