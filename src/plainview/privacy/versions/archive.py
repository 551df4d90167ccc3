"""The bytes of a version: a tar of the folder's files, the same bytes for the same files anywhere.

POSIX ustar, files only, sorted by name, no times and no owners: `sha256sum` of it is the hash in
the log, and anybody can unpack it. Only what the engine reads is in it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import tarfile
import zlib
from collections.abc import Container, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from plainview.engine import Policy, load
from plainview.privacy import page_words

SUFFIXES = frozenset({".toml", ".csv", ".json"})
LARGEST = 32 << 20
"""Bytes of an archive; the shipped policy has one and a half million."""


class NotAnArchive(ValueError):
    """The bytes are no archive of a policy."""


def files_of(folder: Path) -> dict[str, bytes]:
    """What stands in a policy folder: names with slashes, and bytes."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file() and each.suffix in SUFFIXES
    }


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            head = tarfile.TarInfo(name)
            head.size, head.mode, head.mtime = len(files[name]), 0o644, 0
            tar.addfile(head, io.BytesIO(files[name]))
    return stream.getvalue()


@functools.lru_cache(maxsize=2)  # a draft and what it began as: a page asks several times
def unpack(archive: bytes) -> Mapping[str, bytes]:
    """The files of an archive, read once. Raises NotAnArchive."""
    if len(archive) > LARGEST:
        raise NotAnArchive("the archive is larger than a policy is")
    found = dict[str, bytes]()
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
            for head in tar:
                path, content = PurePosixPath(head.name), tar.extractfile(head)
                if content is None or path.is_absolute() or ".." in path.parts:
                    raise NotAnArchive(f"`{head.name}` is no file of a policy")
                found[head.name] = content.read()
    except (tarfile.TarError, UnicodeError):
        raise NotAnArchive("the bytes are no tar") from None
    return MappingProxyType(found)


def digest(archive: bytes) -> str:
    """The SHA-256 of an archive, in hex."""
    return hashlib.sha256(archive).hexdigest()


def written(folder: Path, ours: Container[str]) -> str:
    """The SHA-256 of what its authors wrote in a folder, in hex: without files that are `ours`."""
    return digest(pack({name: each for name, each in files_of(folder).items() if name not in ours}))


def kept(archive: bytes) -> bytes:
    """An archive as a row keeps it; `restored` brings it back."""
    return zlib.compress(archive, 3)  # a tenth larger than at 6, in half the time


def restored(stored: bytes | memoryview) -> bytes:
    """The archive that a row keeps. Raises NotAnArchive."""
    unzip = zlib.decompressobj()
    try:
        return unzip.decompress(bytes(stored), LARGEST)
    except zlib.error:
        raise NotAnArchive("the bytes were not packed by us") from None


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below a folder."""
    for parent in {(folder / name).parent for name in files}:
        parent.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


@functools.lru_cache(maxsize=4)
def policy(archive: bytes, *, passed: bool = False) -> Policy:
    """The policy of an archive, loaded once; `passed` as for `engine.load`.

    Raises PolicyErrors and NotAnArchive.
    """
    return load(unpack(archive), passed=passed, standing=page_words.standing)
