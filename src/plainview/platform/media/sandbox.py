"""Takes away from the running process what a decoder never needs.

Untrusted films are read by a great deal of C code. Before that code runs, its process gives up:
time, memory, file size and open files beyond a limit; new privileges; the file system but for what
is named (Landlock); every socket (Landlock and seccomp). It also dies when its parent does.

Landlock needs Linux 5.13; where it or seccomp is missing, the rest still holds and
`confinement()` says what is in force. Only the standard library is used, so that this file run by
its name under `python -I -S` starts in milliseconds: as a program it takes its orders as JSON (see
`decoders.py`), confines itself and becomes the decoder. When it can't, it ends with status 125 and
the decoder is not started.
"""

import contextlib
import ctypes
import json
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

# Landlock has the same system call numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH: Final = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_REG, _TRUNCATE = 1 << 5, 1 << 8, 1 << 14
_FILE_RIGHTS: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_RIGHTS_BY_VERSION: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_BIND_AND_CONNECT: Final = 0b11
_SCOPE_SOCKETS_AND_SIGNALS: Final = 0b11

# Per machine: the architecture's audit number, and the calls that a decoder must not make:
# socket, socketpair, ptrace, process_vm_readv, process_vm_writev, io_uring_setup, bpf, keyctl,
# userfaultfd, perf_event_open, mount, unshare, setns.
_FORBIDDEN_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 53, 101, 310, 311, 425, 321, 250, 323, 298, 165, 272, 308)),
    "aarch64": (0xC00000B7, (198, 199, 117, 270, 271, 425, 280, 219, 282, 241, 40, 97, 268)),
}
_X32_CALLS: Final = 0x40000000


UNCONFINED: Final = 125


class ConfinementFailed(Exception):
    """The process could not be confined and must not go on."""


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def confinement() -> str:
    """Say in one sentence what holds a decoder in check on this machine."""
    held = ["limits on time, memory, file size and open files"]
    missing = []
    if sys.platform == "linux":
        held.append("no new privileges, dies with its parent")
    else:
        missing.append("death with its parent (Linux only)")
    version = landlock_version()
    if version:
        held.append(f"no file but its own (Landlock {version})")
    else:
        missing.append(
            "the file system is closed by white lists alone (needs Linux 5.13, Landlock)"
        )
    if sys.platform == "linux" and platform.machine() in _FORBIDDEN_CALLS:
        held.append("no sockets (seccomp)")
    else:
        missing.append("sockets are closed by white lists alone (seccomp: x86-64 and ARM64 Linux)")
    sentence = "Decoders run with " + "; ".join(held) + "."
    return sentence + (" Missing: " + "; ".join(missing) + "." if missing else "")


def set_limits(
    *, cpu_seconds: int, memory_bytes: int, file_bytes: int, open_files: int = 64
) -> None:
    """Lower this process's limits for good; never raises one above what it already has."""
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_NOFILE: open_files,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS refuses some of these; the parent's own watch on time still holds there.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (ceiling, ceiling))
    # The hard limit kills without a word; the soft one below it names the reason by its signal.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))


def die_with(parent: int) -> None:
    """Be killed when the thread that started this process ends.

    Raises ConfinementFailed if it already has.
    """
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise ConfinementFailed("the parent is gone")


def close_the_world(*, readable: Iterable[Path] = (), writable: Iterable[Path] = ()) -> None:
    """Leave this process the named files and folders only, and no way to reach a network.

    Files already open stay open. Raises `ConfinementFailed` when a protection that the kernel
    offers can't be had.
    """
    if sys.platform != "linux":
        return
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise ConfinementFailed("no-new-privileges was refused")
    version = landlock_version()
    if version:
        _landlock(libc, version, readable, writable)
    forbidden = _FORBIDDEN_CALLS.get(platform.machine())
    if forbidden is not None:
        _forbid(libc, *forbidden)


def _landlock(
    libc: ctypes.CDLL, version: int, readable: Iterable[Path], writable: Iterable[Path]
) -> None:
    rights = next(_RIGHTS_BY_VERSION[v] for v in (5, 3, 2, 1) if version >= v)
    attributes = struct.pack("=Q", rights)
    if version >= 4:
        attributes += struct.pack("=Q", _NET_BIND_AND_CONNECT)
    if version >= 6:
        attributes += struct.pack("=Q", _SCOPE_SOCKETS_AND_SIGNALS)
    ruleset = libc.syscall(
        _CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0)
    )
    if ruleset < 0:
        raise ConfinementFailed("Landlock was refused")
    read = _EXECUTE | _READ_FILE | _READ_DIR
    write = _READ_FILE | _READ_DIR | _WRITE_FILE | _MAKE_REG | _REMOVE_FILE | _TRUNCATE
    for paths, allowed in ((readable, read), (writable, write)):
        for path in paths:
            _allow(libc, ruleset, path, allowed & rights)
    if libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint(0)):
        raise ConfinementFailed("Landlock was not accepted")
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    """Add one path to a ruleset; one that is not there needs no permission."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if path.is_dir() else rights & _FILE_RIGHTS
        rule = struct.pack("=Qi", allowed, place)
        if libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, ctypes.c_uint(0)):
            raise ConfinementFailed("a Landlock rule was refused")
    finally:
        os.close(place)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _forbid(libc: ctypes.CDLL, architecture: int, calls: tuple[int, ...]) -> None:
    """Install a seccomp filter that answers EACCES to `calls` and to any foreign call table."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | 13
    steps = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (answer, 0, 0, refuse),
        (load, 0, 0, 0),
        (at_least, len(calls) + 1, 0, _X32_CALLS),
        *((equal, len(calls) - number, 0, call) for number, call in enumerate(calls)),
        (answer, 0, 0, allow),
        (answer, 0, 0, refuse),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
        raise ConfinementFailed("the system call filter was refused")


def confine(parent: int, *, cpu_seconds: int, memory_bytes: int, readable: Iterable[Path]) -> None:
    """All of it, for a process of ours that writes nothing; what can't be confined ends here."""
    try:
        die_with(parent)
        set_limits(cpu_seconds=cpu_seconds, memory_bytes=memory_bytes, file_bytes=0)
        close_the_world(readable=readable)
    except ConfinementFailed as problem:
        sys.stderr.write(f"confinement: {problem}\n")
        sys.exit(UNCONFINED)


def _main(orders: dict[str, Any]) -> None:
    try:
        die_with(orders["parent"])
        set_limits(**orders["limits"])
        os.chdir(orders["folder"])
        close_the_world(
            readable=[Path(path) for path in orders["readable"]],
            writable=[Path(path) for path in orders["writable"]],
        )
        program = orders["command"]
        os.execve(program[0], program, orders["environment"])  # noqa: S606 - what this is for
    except (ConfinementFailed, OSError) as problem:
        sys.stderr.write(f"confinement: {problem}\n")
        sys.exit(UNCONFINED)


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
