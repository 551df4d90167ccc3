"""Whether files and rows agree: no file that no row knows, nothing in a row that is gone."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from django.conf import settings

from plainview.domains.playback.models import Arrival, Ingest, Package
from plainview.domains.playback.services import shelving
from plainview.domains.playback.services.arriving import KEPT
from plainview.domains.playback.services.ingesting import TASK
from plainview.platform.jobs import queue
from plainview.platform.storage.kept import Facts, Unreachable
from plainview.privacy import schema

log = logging.getLogger("plainview.playback")

UNTOUCHED_SECONDS: Final = 3600
_OPEN: Final = (Ingest.State.WAITING, Ingest.State.WORKING)
Shelf = Mapping[str, Mapping[str, Facts]]


class Found(NamedTuple):
    """An orphan (a file or folder that no row knows), or something that a row knows and is gone.

    Its name is its path in the media folder, or says that it is in the bucket.
    """

    name: str
    orphan: bool
    bytes: int


def look_through() -> Iterator[Found]:
    """Everything on which files and rows do not agree, each with its size. Raises Unreachable."""
    shelf = shelving.in_bucket()
    for path in _strangers():
        yield Found(_named(path), True, _size(path))
    for key in _strange(shelf):
        yield Found(_in_bucket(key), True, sum(each.size for each in shelf[key].values()))
    for package in Package.objects.defer("contents"):
        for name in _missing(package, shelf.get(package.key, {})):
            yield Found(_named(package.folder / name), False, 0)
    for ingest in Ingest.objects.filter(state__in=_OPEN):
        there = (ingest.incoming / "source").exists() or ingest.target.exists()
        if not there and queue.awaited(TASK, ingest_id=ingest.pk):  # else it is only announced
            yield Found(_named(ingest.incoming / "source"), False, 0)


def sweep_orphans() -> list[str]:
    """Remove what no row knows (a process was killed before it wrote one); what was removed.

    Only what nobody touched for an hour is judged, so that an upload under way is safe; of forms
    that were being sent too, and of pictures that were being written. A package that stands in
    the folder and the bucket leaves the folder. One from before the database began is another
    database's: it stays, and the log says so.
    """
    removed = []
    began = cache(lambda: schema.began().timestamp())
    half = (Path(settings.MEDIA_ROOT) / "artwork").glob(".*")
    for path in (*_strangers(), *half, *Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*")):
        try:
            touched = _touched(path)
            old = time.time() - touched > _patience(path)
        except FileNotFoundError:
            continue
        # Of a finished film from before the database no other row could know.
        if old and path.parent.name == "packages" and touched < began():
            log.warning(
                "%s is from before this database began, and stays: is PLAINVIEW_DATABASE_URL that"
                " of the films here? What nobody wants can be deleted by hand",
                _named(path),
            )
        elif old:
            _remove(path)
            removed.append(_named(path))
    try:
        removed += _sweep_bucket(shelving.in_bucket())
    except Unreachable as problem:
        log.warning("the bucket was not swept: it is %s", problem.why)
    return removed


def _sweep_bucket(shelf: Shelf) -> Iterator[str]:
    strange = _strange(shelf)
    if len(strange) == len(shelf):
        return  # nothing of ours is in it
    shelving.ours()
    for key in strange:
        if time.time() - max(each.modified for each in shelf[key].values()) > UNTOUCHED_SECONDS:
            shelving.remove(key)
            yield _in_bucket(key)
    for key in shelf.keys() - strange - _open_keys():
        shelving.let_go(key)


def _strange(shelf: Shelf) -> set[str]:
    """What is in the bucket that no row knows. It was looked into before the rows are."""
    return shelf.keys() - _open_keys() - set(Package.objects.values_list("key", flat=True))


def _patience(path: Path) -> float:
    return KEPT.total_seconds() if path.parent.name == "arriving" else UNTOUCHED_SECONDS


def _strangers() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    # Files first, rows after: what gets its row meanwhile is known.
    there = {
        place: sorted((root / place).glob("*"))
        for place in ("incoming", "staging", "packages", "arriving")
    }
    open_keys = _open_keys()
    known = {
        "incoming": open_keys,
        "staging": open_keys,
        "packages": open_keys | set(Package.objects.values_list("key", flat=True)),
        "arriving": set(Arrival.objects.values_list("key", flat=True)),
    }
    for place, paths in there.items():
        yield from (path for path in paths if path.name not in known[place])


def _open_keys() -> set[str]:
    return set(Ingest.objects.filter(state__in=_OPEN).values_list("key", flat=True))


def _named(path: Path) -> str:
    if path.parent == Path(settings.FILE_UPLOAD_TEMP_DIR):
        return f"uploads/{path.name.partition('.')[0]}"  # its end is its sender's word
    return str(path.relative_to(settings.MEDIA_ROOT))


def _in_bucket(key: str) -> str:
    return f"packages/{key} in the bucket"


def _touched(path: Path) -> float:
    """When anything within was last changed."""
    inner = [each.lstat().st_mtime for each in path.rglob("*")] if path.is_dir() else []
    return max([path.lstat().st_mtime, *inner])


def _size(path: Path) -> int:
    if not path.is_dir():
        return path.lstat().st_size
    return sum(each.lstat().st_size for each in path.rglob("*") if not each.is_dir())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _missing(package: Package, there: Mapping[str, Facts]) -> list[str]:
    """Names of a package's files that are neither in its folder nor in the bucket."""
    try:
        said = shelving.described(package.key)
    except (OSError, msgspec.MsgspecError):
        return ["package.json"]
    names = [said.master, said.poster, said.thumbnails.index, *said.thumbnails.sheets]
    tracks = [each.name for each in said.renditions] + [each.name for each in said.audio]
    for track in tracks:
        names += [f"{track}.mp4", f"{track}.m3u8"]
    return [n for n in names if n not in there and not (package.folder / n).exists()]
