"""Whether a disk takes more, of bytes and of files."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from plainview.platform.storage import ROOM

FILES = 1000
"""Files that have to be free: a film is cut into hundreds."""


def full(folder: Path, room: int = ROOM, files: int = FILES) -> bool:
    """Whether fewer bytes or files are free than these. Raises OSError where there is no folder."""
    return shutil.disk_usage(folder).free < room or free_files(folder) < files


def free_files(folder: Path) -> float:
    """How many files the disk still takes; infinity where it has no such limit, as Btrfs."""
    disk = os.statvfs(folder)
    return disk.f_favail if disk.f_files else float("inf")
