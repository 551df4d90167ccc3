"""Files that are there whole or not at all, whatever moment a process dies at."""

from __future__ import annotations

import glob
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

_SECRET = 0o600
_LEFT = 3600
"""Nobody writes so long, in seconds: what is older was left by a process that died."""


def put_whole(path: Path, data: bytes, *, mode: int = _SECRET) -> None:
    """Write a file anew, through to the disk: whoever reads it finds what was, or what is.

    It is for its owner only unless `mode` says otherwise, which then holds less the umask.
    """
    _written(path, data, mode).replace(path)


def put_once(path: Path, data: bytes) -> None:
    """Write a file where there is none, for its owner only; the first of several processes wins."""
    fresh = _written(path, data, _SECRET)
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()


def write_through(folder: Path) -> None:
    """Write a folder's names through to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(path: Path, data: bytes, mode: int) -> Path:
    for left in path.parent.glob(f".{glob.escape(path.name)}-*.partial"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _LEFT:
                left.unlink()
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}.partial")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        fresh.unlink()
        raise
    return fresh
