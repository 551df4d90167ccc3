"""Where letters come from: a folder of this machine, or a mailbox elsewhere.

A letter is taken away from there once it stands in the database, so a process that dies between the
two takes it twice and keeps it once.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from plainview.privacy.disclosures import collecting
from plainview.privacy.post import confined, services
from plainview.privacy.post.letters import LONGEST

MOST = 200
"""So many letters are taken in one visit."""
Trouble = collecting.Trouble


class NoPlace(ValueError):
    """`PLAINVIEW_POST_URL` names neither a maildir nor a mailbox with encryption."""


def fetch() -> int:
    """Take in what waits; return how many letters were new. Raises NoPlace, Trouble, OSError."""
    new = 0

    def take(raw: bytes, whole: bool) -> None:
        nonlocal new
        new += services.take(raw, whole=whole)

    url = settings.POST_URL
    kind, _, rest = url.partition(":")
    with confined.many():
        if kind == "maildir" and rest:
            _from_folder(Path(rest), take)
        elif kind in ("imaps", "imap"):
            collecting.collect(
                urlsplit(url), lambda each: take(each.raw, each.whole), longest=LONGEST, most=MOST
            )
        else:
            raise NoPlace("PLAINVIEW_POST_URL is neither maildir:FOLDER nor imaps://…")
    return new


def waiting() -> int:
    """How many letters wait where they come from. Raises NoPlace, Trouble, OSError."""
    kind, _, rest = settings.POST_URL.partition(":")
    if kind == "maildir" and rest:
        folder = Path(rest)
        if not os.access(folder if folder.exists() else folder.parent, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(f"{folder} can't be read and written")
        return sum(
            entry.is_file(follow_symlinks=False)
            for name in ("new", "cur")
            if (folder / name).exists()
            for entry in os.scandir(folder / name)
        )
    if kind in ("imaps", "imap"):
        return collecting.waiting(urlsplit(settings.POST_URL))
    raise NoPlace("PLAINVIEW_POST_URL is neither maildir:FOLDER nor imaps://…")


def _from_folder(folder: Path, take: Callable[[bytes, bool], None]) -> None:
    """The letters of a maildir, those that came first before the others.

    One that is too long is taken by its beginning, and stays beside the others in `long`.
    """
    for path in list(_delivered(folder))[:MOST]:
        found = _read(path)
        if found is None:
            continue
        raw, whole = found
        take(raw, whole)
        if whole:
            path.unlink(missing_ok=True)
        else:
            kept = folder / "long"
            kept.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileNotFoundError):
                path.rename(kept / path.name)


def _delivered(folder: Path) -> Iterator[Path]:
    """What lies there, without what another fetch has just taken away."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    found = list[tuple[int, Path]]()
    for name in ("new", "cur"):
        for entry in os.scandir(folder / name):
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False):
                    moment = entry.stat(follow_symlinks=False).st_mtime_ns
                    found.append((moment, Path(entry.path)))
    return (path for _moment, path in sorted(found))


def _read(path: Path) -> tuple[bytes, bool] | None:
    """The bytes of a letter and whether they are all; None if it has gone, or is no plain file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        raw = file.read(LONGEST + 1)
    return raw[:LONGEST], len(raw) <= LONGEST
