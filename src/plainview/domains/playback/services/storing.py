"""Whether files and rows agree: no file that no row knows, nothing in a row that is gone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from django.conf import settings

from plainview.domains.playback.models import Arrival, Ingest, Package
from plainview.domains.playback.services.arriving import KEPT
from plainview.platform import media

UNTOUCHED_SECONDS: Final = 3600
_OPEN: Final = (Ingest.State.WAITING, Ingest.State.WORKING)


class Found(NamedTuple):
    """An orphan (a file or folder that no row knows), or something that a row knows and is gone."""

    path: Path
    orphan: bool
    bytes: int
    untouched: float


def look_through() -> Iterator[Found]:
    """Everything in the media folder on which files and rows do not agree, each with its size."""
    for path in _strangers():
        yield Found(path, True, _size(path), time.time() - _touched(path))
    for package in Package.objects.defer("contents"):
        for name in _missing(package.folder):
            yield Found(package.folder / name, False, 0, 0)
    for ingest in Ingest.objects.filter(state__in=_OPEN):
        if not (ingest.incoming / "source").exists() and not ingest.target.exists():
            yield Found(ingest.incoming / "source", False, 0, 0)


def sweep_orphans() -> list[Path]:
    """Remove what no row knows (a process was killed before it wrote one); what was removed.

    Only what nobody touched for an hour is judged, so that an upload under way is safe.
    """
    removed = []
    for path in _strangers():
        try:
            old = time.time() - _touched(path) > _patience(path)
        except FileNotFoundError:
            continue
        if old:
            _remove(path)
            removed.append(path)
    return removed


def _patience(path: Path) -> float:
    return KEPT.total_seconds() if path.parent.name == "arriving" else UNTOUCHED_SECONDS


def _strangers() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    # Files first, rows after: what gets its row meanwhile is known.
    there = {
        place: sorted((root / place).glob("*"))
        for place in ("incoming", "staging", "packages", "arriving")
    }
    open_keys = set(Ingest.objects.filter(state__in=_OPEN).values_list("key", flat=True))
    known = {
        "incoming": open_keys,
        "staging": open_keys,
        "packages": open_keys | set(Package.objects.values_list("key", flat=True)),
        "arriving": set(Arrival.objects.values_list("key", flat=True)),
    }
    for place, paths in there.items():
        yield from (path for path in paths if path.name not in known[place])


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


def _missing(folder: Path) -> list[str]:
    """Names of a package's files that are not there."""
    try:
        said = media.read_package(folder)
    except (OSError, msgspec.MsgspecError):
        return ["package.json"]
    names = [said.master, said.poster, said.thumbnails.index, *said.thumbnails.sheets]
    tracks = [each.name for each in said.renditions] + [each.name for each in said.audio]
    for track in tracks:
        names += [f"{track}.mp4", f"{track}.m3u8"]
    return [name for name in names if not (folder / name).exists()]
