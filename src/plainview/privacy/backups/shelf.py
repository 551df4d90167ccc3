"""The archives that there are: what stands beside each, how long they live, and their going.

Beside an archive stands what is known of it without its key, and is put there first: what stands
there without an archive is left of a making that ended. An archive without it was brought from
elsewhere; it stays as long as its name lets it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils import timezone

from plainview.platform import days
from plainview.platform.decoding import UNREADABLE
from plainview.platform.storage.whole import put_whole, write_through
from plainview.privacy.backups import ledger
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

PREFIX, KEYS, END = "plainview", "keys", ".age"
MARGIN = dt.timedelta(days=31)
"""So much longer than archives the ledger lives: a copy is replayed within a month."""
YEARS_END = 9000
"""No archive is so new that the day it ends has no date."""
WORK = ".copy"
"""The folder in which a copy of SQLite stands until it is packed."""
_NAME = re.compile(rf"(?:{PREFIX}|{KEYS})-(\d{{8}}T\d{{6}}Z)\.age")


class Label(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What stands beside an archive, in the clear: about its bytes, and about nobody.

    `read` and `opened` are the ISO moments at which its bytes were last compared, and at which it
    was opened with its key and every file in it compared.
    """

    made_at: str
    engine: str
    product: str
    size: int
    sha256: str
    files: int
    gone: int = 0
    to: list[str] = []
    print: str = ""
    read: str = ""
    opened: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for one that was made at no moment."""
        made = dt.datetime.fromisoformat(self.made_at)
        if made.tzinfo is None or not dt.MINYEAR < made.year < YEARS_END:
            raise ValueError("made at no moment")


class Archive(msgspec.Struct, frozen=True):
    """An archive on the shelf."""

    path: Path
    label: Label

    @property
    def made(self) -> dt.datetime:
        """When it was made."""
        return dt.datetime.fromisoformat(self.label.made_at)

    @property
    def ends(self) -> dt.date:
        """The day on which it is removed."""
        return _ends(self.made)


class InUse(Exception):
    """Another backup is being made."""


def named_keys() -> list[str]:
    """The public keys for which backups are encrypted, as they are set."""
    return [each.strip() for each in settings.ENV.backup_to.split(",") if each.strip()]


def place() -> Path:
    """Where archives are put."""
    return Path(settings.ENV.backup_dir or settings.DATA / "backups")


def folder() -> Path:
    """Where archives are put; made if it is missing."""
    found = place()
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


@contextmanager
def alone() -> Iterator[Path]:
    """Hold the shelf, with what dead work left cleared away. Raises InUse."""
    place = folder()
    with (place / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None
        _clear(place)
        yield place


def _clear(place: Path) -> None:
    shutil.rmtree(place / WORK, ignore_errors=True)
    for path in place.glob(".*.partial"):
        if _NAME.match(path.name, 1):
            path.unlink(missing_ok=True)
    for path in place.glob(f"*{END}.json"):
        if _NAME.fullmatch(path.stem) and not path.with_suffix("").exists():
            path.unlink()


def beside(path: Path) -> Path:
    """Where the label of an archive stands."""
    return path.with_name(f"{path.name}.json")


def named(kind: str, made: dt.datetime) -> str:
    """The file name of an archive."""
    return f"{kind}-{made.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}{END}"


def archives(kind: str = PREFIX) -> list[Archive]:
    """The archives on the shelf, the newest first."""
    found = [each for path in folder().glob(f"{kind}-*{END}") if (each := at(path))]
    return sorted(found, key=lambda each: each.label.made_at, reverse=True)


def unlabelled() -> list[Path]:
    """The archives on the shelf of which nothing is known but their names, by these."""
    return sorted(
        path for path in folder().glob(f"*{END}") if _NAME.fullmatch(path.name) and not at(path)
    )


def _ends(made: dt.datetime) -> dt.date:
    """When an archive of a moment is removed: so long does the policy let copies live."""
    return later(timezone.localdate(made), in_force().retention.backups)


def _is_over(path: Path, today: dt.date) -> bool:
    """Whether the life of an archive is over by the moment in its name; of keys, never."""
    kind, _, moment = path.name.removesuffix(END).partition("-")
    try:
        made = dt.datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return kind == PREFIX and _ends(made) <= today


def at(path: Path) -> Archive | None:
    """The archive in a file, on the shelf or elsewhere; None without what stands beside it."""
    try:
        return Archive(path, msgspec.json.decode(beside(path).read_bytes(), type=Label))
    except (FileNotFoundError, *UNREADABLE):
        return None


def write(path: Path, label: Label) -> None:
    """Put a label beside an archive."""
    text = msgspec.json.format(msgspec.json.encode(label), indent=1)
    put_whole(beside(path), text + b"\n", mode=0o666)
    write_through(path.parent)


def digest(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def end_what_is_over(today: dt.date | None = None) -> list[str]:
    """Remove the archives whose life is over, and what the ledger need not know any more.

    An archive of keys goes with the last archive that is older than the next one of keys. Return
    the names of what went. Raises InUse.
    """
    today = today or timezone.localdate()
    went = []
    with alone():
        over = [each.path for each in archives() if each.ends <= today]
        over += [path for path in unlabelled() if _is_over(path, today)]
        keys = archives(KEYS)
        over += [old.path for old, new in zip(keys[1:], keys, strict=False) if new.ends <= today]
        for path in over:
            beside(path).unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            went.append(path.name)
    first = today
    while later(first, in_force().retention.backups) + MARGIN > today:
        first -= dt.timedelta(1)
    ledger.forget(days.start(first).timestamp())
    return went
