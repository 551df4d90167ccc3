"""The barrier: after a restore nothing is answered until what must not come back has gone again.

A file says how far a restore is; while it is there the site answers 503 and no worker takes a job.
Another is renewed when a restore is over: a process that began before it holds a database which is
none any more, and stays shut until it is started anew.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import Literal

import msgspec
from django.conf import settings

from plainview.platform.decoding import UNREADABLE
from plainview.platform.storage.whole import put_whole
from plainview.privacy.backups import ledger

_STATE, _OVER = "restoring", "restored"


class State(msgspec.Struct, frozen=True):
    """How far a restore is. `since` (seconds since 1970) is how new the copy surely is.

    "files": the archive is being unpacked and the database must not be touched. "placing": it is
    being put into its place, which is done whole or not at all. "replay": it is there, and the
    ledger has still to be replayed on it, which is named `base` if it is known; `unknown` if parts
    of the ledger are lost.
    """

    stage: Literal["files", "placing", "replay"]
    archive: str = ""
    since: float = 0
    unknown: bool = False
    base: str = ""


def state() -> State | None:
    """How far a restore is; None if there is none under way."""
    try:
        return msgspec.json.decode((ledger.place() / _STATE).read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except UNREADABLE:
        return State("files")  # cut short as it was written


def put_up(state: State) -> None:
    """Shut the site, or say that the restore has come further."""
    _written(_STATE, msgspec.json.encode(state))


def take_down() -> None:
    """Open the site for every process that begins from now on."""
    _written(_OVER, os.urandom(8).hex().encode())
    (ledger.folder() / _STATE).unlink(missing_ok=True)


def lift() -> None:
    """Open the site for the processes that run: they hold the database that is the right one."""
    (ledger.folder() / _STATE).unlink(missing_ok=True)


def room() -> Path:
    """The folder in which an archive is unpacked, on the disk of the data folder."""
    return Path(settings.DATA) / "unpacking"


def clear() -> None:
    """Let nothing of an unpacked archive stay."""
    shutil.rmtree(room(), ignore_errors=True)


def base() -> str:
    """The name of the database of this process."""
    return str(settings.DATABASES["default"]["NAME"])


def put_back(at: dt.datetime | None) -> None:
    """Called when the log begins anew since the database was put back; `at` is of its last head.

    Where it has none it may be as old as can be; 0 would say that nobody has looked yet.
    """
    if state() is None:
        put_up(State("replay", since=at.timestamp() if at is not None else 1))


def shut() -> bool:
    """Whether the site must not answer."""
    place = ledger.place()
    return _over(place) != _BEGUN[0] or (place / _STATE).exists()


def unpacks() -> bool:
    """Whether the database must not be touched: it is not in its place yet."""
    found = state()
    return found is not None and found.stage != "replay"


def begin() -> None:
    """Called as a process begins to serve: it holds the database of now."""
    _BEGUN[0] = _over(ledger.place())


def _over(place: Path) -> int:
    try:
        return (place / _OVER).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


_BEGUN = [0]


def _written(name: str, text: bytes) -> None:
    put_whole(ledger.folder() / name, text)
