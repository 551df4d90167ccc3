"""How much of this machine a decoder may use."""

import os
from pathlib import Path
from typing import Final

import imageio_ffmpeg

from plainview.platform.media.facts import Limits

_SHARE: Final = 0.75
_LEAST: Final = 2 * 2**30
_CGROUP_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def encoder() -> str:
    """The path of the FFmpeg program. Raises `RuntimeError` when its package has none for here."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def processors() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def memory_for(limits: Limits, *, most: int) -> int:
    """Bytes of address space for a decoder: what is set, else most of what there is."""
    if limits.memory_bytes:
        return min(limits.memory_bytes, most)
    return max(_LEAST, min(most, int(memory() * _SHARE)))


def memory() -> int:
    """Bytes of memory of the machine, or of the container around this process."""
    have = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _CGROUP_LIMITS:
        try:
            have = min(have, int(path.read_text()))
        except (OSError, ValueError):
            continue
    return have


def free_memory() -> int:
    """Bytes that a new process may take without anything being written to swap or killed."""
    return min([_available(), *_within_cgroup()])


def _available() -> int:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return memory()


def _within_cgroup() -> list[int]:
    """What the container around this process leaves; files kept in memory give way."""
    try:
        most = int(Path("/sys/fs/cgroup/memory.max").read_text())
        used = int(Path("/sys/fs/cgroup/memory.current").read_text())
        kept = Path("/sys/fs/cgroup/memory.stat").read_text().split("\n")
        files = [int(line.split()[1]) for line in kept if line.startswith("inactive_file ")]
    except (OSError, ValueError):
        return []
    return [most - used + sum(files)]
