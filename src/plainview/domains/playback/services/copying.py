"""Brings the file of a film to where it is prepared."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from plainview.platform.storage import ROOM


def bring(source: Path, target: Path, *, keep: bool, link: bool) -> None:
    """Move, copy, or give the same file a second name where the file system can.

    A pipe or device, which may have no end, and what leaves no room on the disk, are not copied.
    """
    if source.exists() and not source.is_file():
        raise OSError(errno.EINVAL, "it is no regular file")
    if link:
        with suppress(OSError):
            os.link(source, target)
            return
    if not keep:
        shutil.move(source, target)
        return
    if shutil.disk_usage(target.parent).free < source.stat().st_size + ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    shutil.copyfile(source, target)
