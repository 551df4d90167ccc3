"""Runs a decoder as a confined child of ours and says how it ended.

The source is opened here and handed over as a file descriptor, so that the child needs no right to
open anything. What the child writes is read as it comes and kept only up to a bound.
"""

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from plainview.platform.media import sandbox, vintage
from plainview.platform.media.errors import MediaError

SURROUNDINGS: Final = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
"""All that a Python of ours starts with. It lies in a folder of any name, so it reads UTF-8."""
_TAIL: Final = 200
_CHUNK: Final = 65536
_READABLE: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
_LAST_WORDS: Final = (
    ("no space left on device", "disk-full"),
    ("disk quota exceeded", "disk-full"),
    ("cannot allocate memory", "memory"),
    ("memoryerror", "memory"),
    ("pthread_create() failed", "memory"),
    ("file too large", "too-large"),
)
_NO_VERDICT: Final = ("unsupported", "encoder-died")
_SIGNALS: Final = {-signal.SIGXCPU: "timeout", -signal.SIGXFSZ: "too-large"}
_DEVICES: Final = ("/dev/null", "/dev/urandom", "/sys/devices/system/cpu")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What one child may use up."""

    wall_seconds: float
    still_seconds: float
    cpu_seconds: int
    memory_bytes: int
    file_bytes: int = 0


class Ended(NamedTuple):
    """How a child ended: its status as `subprocess` gives it, and the last of what it lamented."""

    status: int
    lament: str


@contextmanager
def opened(source: Path) -> Iterator[int]:
    """Hold `source` open for reading; only a regular file will do.

    Raises `MediaError` (`not-media`) for a folder, a pipe or a device, `OSError` when missing.
    """
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise MediaError("not-media", "not a regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def run_confined(
    command: Sequence[str],
    *,
    source: int,
    folder: Path,
    allowance: Allowance,
    hear: Callable[[bytes], bool],
) -> Ended:
    """Run a program that may read `source` (its own number) and write in `folder` alone.

    Each line of its output goes to `hear`, which answers whether it shows progress. Raises
    `MediaError`: `timeout` when the time is up or nothing progresses.
    """
    orders = {
        "parent": os.getpid(),
        "command": list(command),
        "environment": {"LC_ALL": "C", "MALLOC_ARENA_MAX": "4"},
        "folder": str(folder),
        "readable": [command[0], *_READABLE, *_DEVICES],
        "writable": [str(folder)],
        "limits": {
            "cpu_seconds": allowance.cpu_seconds,
            "memory_bytes": allowance.memory_bytes,
            "file_bytes": allowance.file_bytes,
        },
    }
    launcher = [sys.executable, "-I", "-S", sandbox.__file__, json.dumps(orders)]
    return run_child(launcher, source=source, allowance=allowance, hear=hear)


def run_child(
    command: Sequence[str], *, source: int, allowance: Allowance, hear: Callable[[bytes], bool]
) -> Ended:
    """Run a program that confines itself, as `run_confined` does for those that can't.

    The thread that calls must stay until this returns: the child dies with it. Raises `MediaError`
    (`timeout`).
    """
    os.lseek(source, 0, os.SEEK_SET)
    child = subprocess.Popen(  # noqa: S603 - the command is ours, the film is not in it
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=(source,),
        env=SURROUNDINGS,
        cwd="/",
    )
    try:
        lament = _attend(child, allowance, hear)
        return Ended(child.wait(timeout=allowance.still_seconds), lament)
    except subprocess.TimeoutExpired as late:
        raise MediaError("timeout", "the child closed its output but did not end") from late
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()


def ask(
    module: str,
    orders: msgspec.Struct,
    *,
    source: int,
    seconds: float,
    memory_bytes: int,
    hear: Callable[[bytes], bool],
) -> None:
    """Run a module of ours that confines itself, with `orders` as JSON and `source` open.

    Raises `MediaError` for however it failed.
    """
    command = [sys.executable, "-I", "-m", module, msgspec.json.encode(orders).decode()]
    allowance = Allowance(
        wall_seconds=seconds,
        still_seconds=seconds,
        cpu_seconds=int(seconds),
        memory_bytes=memory_bytes,
    )
    problem = failure(run_child(command, source=source, allowance=allowance, hear=hear))
    if problem is not None:
        raise problem


def _attend(
    child: "subprocess.Popen[bytes]", allowance: Allowance, hear: Callable[[bytes], bool]
) -> str:
    """Read both outputs until they close; return the tail of the second."""
    assert child.stdout is not None  # noqa: S101 - both are pipes, for the type checker
    assert child.stderr is not None  # noqa: S101
    began = sign_of_life = time.monotonic()
    told = rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        selector.register(child.stderr, selectors.EVENT_READ)
        while selector.get_map():
            events = selector.select(timeout=0.5)
            now = time.monotonic()
            if now - began > allowance.wall_seconds:
                raise MediaError("timeout", f"stopped after {allowance.wall_seconds:.0f} s")
            if now - sign_of_life > allowance.still_seconds:
                raise MediaError("timeout", f"stood still for {allowance.still_seconds:.0f} s")
            for key, _ in events:
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is child.stderr:
                    told = (told + chunk)[-_CHUNK:]
                else:
                    *lines, rest = (rest + chunk).split(b"\n")
                    rest = rest[-_CHUNK:]
                    moved = [hear(line) for line in lines]
                    sign_of_life = now if any(moved) else sign_of_life
    last = [line[:500] for line in told.splitlines()[-_TAIL:]]
    return b"\n".join(last).decode("utf-8", "replace")


def failure(ended: Ended) -> MediaError | None:
    """Name why a child failed, by its status and its last words; None when it did not.

    FFmpeg calls it a success to have run out of room in the middle of reading, so its words count
    even then. A child of another version of ours (`updating`) says nothing of the film.
    """
    status, lament = ended
    words = lament.lower()
    codes = [code for phrase, code in _LAST_WORDS if phrase in words]
    if status in _SIGNALS:
        codes = [_SIGNALS[status]]
    elif status < 0 or status == sandbox.UNCONFINED:
        codes = ["encoder-died"]
    elif status > 0:
        codes.append("unsupported")
    return broke(codes[0], f"status {status}: {lament[-2000:]}") if codes else None


def broke(code: str, detail: str) -> MediaError:
    """What to make of a child that broke off, or that nobody understood."""
    if code in _NO_VERDICT and vintage.is_another():
        return MediaError("updating", f"the code was replaced below this process: {detail}")
    return MediaError(code, detail)
