"""Where finished packages are: in the media folder, or in the bucket of PLAINVIEW_FILMS_URL.

A package is made in the media folder either way. With a bucket its files are put there before it
is made known, and the folder goes afterwards, so that at any moment one of the two is whole. What
stands in the folder is read first: films from before there was a bucket stay where they are until
they are moved.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from plainview.domains.playback.models import Package
from plainview.platform import media
from plainview.platform.identifiers import secret_keys
from plainview.platform.media.outlining import DESCRIPTION as OUTLINE
from plainview.platform.media.packaging import DESCRIPTION
from plainview.platform.storage import ranges
from plainview.platform.storage.kept import Facts, Unreachable

if TYPE_CHECKING:
    from plainview.platform.storage.bucket import Bucket

log = logging.getLogger("plainview.playback")


def bucket() -> Bucket | None:
    """The bucket, if there is one."""
    return _opened(settings.FILMS_URL) if settings.FILMS_URL else None


@lru_cache(maxsize=1)
def _opened(url: str) -> Bucket:
    from plainview.platform.storage.bucket import Bucket  # noqa: PLC0415 - only where there is one

    return Bucket(url, "packages")


def content(key: str, name: str) -> ranges.Content:
    """A file of a package, to be sent. Raises FileNotFoundError, Unreachable."""
    try:
        return ranges.File(_folder(key) / name)
    except FileNotFoundError:
        place = bucket()
        if place is None:
            raise
        return place.content(key, name)


def has(key: str, name: str) -> bool:
    """Whether a package has that file. Raises Unreachable."""
    try:
        content(key, name).close()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def at_hand(key: str, *names: str) -> Iterator[Path]:
    """A folder of this machine with those files of a package in it, while the block runs.

    Without a bucket it is the package's own. Raises FileNotFoundError, Unreachable.
    """
    place = bucket()
    if place is None:
        yield _folder(key)
        return
    staging = Path(settings.MEDIA_ROOT) / "staging"
    staging.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=staging, prefix="hand-") as name:
        folder = Path(name)
        for each in names:
            try:
                os.link(_folder(key) / each, folder / each)
            except FileNotFoundError:
                place.fetch(key, each, folder)
        yield folder


def described(key: str) -> media.Package:
    """What a package says of itself. Raises OSError, msgspec.MsgspecError, Unreachable."""
    with at_hand(key, DESCRIPTION) as folder:
        return media.read_package(folder)


def outline_of(package: Package) -> media.Outline | None:
    """The outline of a package, if it was made. Raises msgspec.MsgspecError, Unreachable."""
    with suppress(FileNotFoundError), at_hand(package.key, OUTLINE) as folder:
        return media.read_outline(folder)
    return None


def keeper() -> str:
    """The host name of another service whose the bucket is; empty if it is ours or nobody's yet.

    Who has other keys or another public address is another service, so a copy for trials sweeps
    nothing of the one it was made of. Raises Unreachable.
    """
    place = bucket()
    found = place.keeper() if place is not None else ""
    return "" if found in ("", *_whose()) else found.rpartition(" ")[2]


def take_bucket() -> str:
    """Let the bucket be kept for this service; for whom it was, if for another.

    Raises Unreachable.
    """
    before, place = keeper(), bucket()
    if place is not None:
        place.keep_for(_whose()[0])
    return before


def ours() -> Bucket | None:
    """The bucket, to write to: from the first time on it is ours, and so it says.

    Raises Unreachable where it is another's.
    """
    place = bucket()
    if place is not None:
        whose = _whose()
        if (found := place.keeper()) != whose[0] and found in ("", *whose):
            place.keep_for(whose[0])
            found = place.keeper()  # of two who say so at once, whoever did last has it
        if found not in whose:
            raise Unreachable("another's")
    return place


def _whose() -> list[str]:
    """What says that the bucket is this service's, by each of our secret keys."""
    host = str(settings.PUBLIC.hostname)
    said = (salted_hmac("plainview.films", host, secret=each) for each in secret_keys())
    return [f"{each.hexdigest()} {host}" for each in said]


def put(key: str) -> None:
    """Put the files in a package's folder into the bucket, if there is one.

    What describes it goes last, and what is there goes not again. Raises Unreachable.
    """
    if (place := ours()) is not None:
        there = place.files(key)
        paths = sorted(_folder(key).iterdir(), key=lambda path: path.name == DESCRIPTION)
        for path in paths:
            if _lacks(there, path):
                place.put(key, path)


def add(key: str, *paths: Path) -> None:
    """Add files to a package in the bucket; without one they lie in its folder already."""
    if (place := ours()) is not None:
        for path in paths:
            place.put(key, path)


def let_go(key: str) -> bool:
    """Remove a package's folder if all that is in it is in the bucket too; whether it did.

    It vanishes by one rename, into a place that is swept. Raises Unreachable.
    """
    place, local = bucket(), _folder(key)
    if place is None or not local.exists():
        return False
    there = place.files(key)
    if DESCRIPTION not in there or any(_lacks(there, path) for path in local.iterdir()):
        return False
    gone = Path(settings.MEDIA_ROOT) / "staging" / f"{key}.gone"
    gone.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(gone, ignore_errors=True)
    with suppress(FileNotFoundError):  # another worker was faster
        os.replace(local, gone)
    shutil.rmtree(gone, ignore_errors=True)
    return True


def remove(key: str) -> None:
    """Remove a package wherever it is. What can't be removed now is swept later."""
    shutil.rmtree(_folder(key), ignore_errors=True)
    try:
        if (place := ours()) is not None:
            place.remove(key)
    except Unreachable as problem:
        log.warning("package %s stays in the bucket for now: it is %s", key, problem.why)


def move() -> Iterator[str]:
    """Move every package that stands in the folder into the bucket; the key of each one moved.

    Raises Unreachable; what was not moved by then is where it was.
    """
    for key in list(Package.objects.order_by("pk").values_list("key", flat=True)):
        if _folder(key).exists():
            put(key)
            if let_go(key):
                yield key


def in_bucket() -> Mapping[str, Mapping[str, Facts]]:
    """The files of every package in the bucket; none without one. Raises Unreachable."""
    place = bucket()
    return {} if place is None else place.folders()


def _lacks(there: Mapping[str, Facts], path: Path) -> bool:
    return path.name not in there or there[path.name].size != path.stat().st_size


def _folder(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "packages" / key
