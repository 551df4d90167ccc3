"""What an archive is: a tar of files that is encrypted whole by age, with their hashes at its end.

It is written and read as a stream, a block at a time, so its size costs no memory, and nothing of
it ever stands on the disk in the clear. Format: docs/backups.md.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple, TypeVar

import msgspec
import pyrage

from plainview.platform.decoding import UNREADABLE
from plainview.platform.storage.whole import write_through

FORMAT = 1
BLOCK = 1 << 20
_HEAD, _END = "about.json", "manifest.json"
_Label = TypeVar("_Label")


class About(msgspec.Struct, frozen=True):
    """What an archive is of: stands first in it, and beside it in the clear."""

    made_at: str
    """ISO, UTC: the moment of the database's copy, never later."""
    engine: str
    """"sqlite", "postgresql", or "keys" for an archive of keys."""
    product: str
    format: int = FORMAT


class Member(msgspec.Struct, frozen=True):
    """One file of an archive."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What must be in an archive, and what is known not to be: `gone` went while it was made.

    `keys` are hashes of the keys that the service had, by name.
    """

    about: About
    members: dict[str, Member]
    gone: list[str] = []
    keys: dict[str, list[str]] = {}


class Broken(Exception):
    """An archive can't be opened with this key, was changed, or is cut short; the text says."""


def recipients(words: Iterable[str]) -> list[Any]:
    """The public keys. Raises Broken for what is none."""
    try:
        return [pyrage.x25519.Recipient.from_str(word) for word in words]
    except pyrage.RecipientError:
        raise Broken("a public key of age looks like age1…; this is none") from None


def identities(path: Path) -> list[Any]:
    """The secret keys in a file of age-keygen; an editor may have put its mark before them.

    Raises Broken, and OSError.
    """
    try:
        lines = [line.strip() for line in path.read_text("utf-8-sig").splitlines()]
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line and not line.startswith("#")
        ]
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise Broken(f"{path.name} holds no secret key of age (AGE-SECRET-KEY-1…)")
    return found


class Writer:
    """Writes members into an archive, one after another."""

    def __init__(self, stream: BinaryIO) -> None:
        self._tar: Any = tarfile.TarFile.open(fileobj=stream, mode="w|", bufsize=BLOCK)
        vars(self._tar)["copybufsize"] = BLOCK
        self.members: dict[str, Member] = {}
        self.gone: list[str] = []

    def small(self, name: str, content: bytes) -> None:
        """A member that is at hand."""
        self._add(name, len(content), io.BytesIO(content))

    def file(self, name: str, path: Path) -> None:
        """A file, as long as it is when it is opened; one that has gone meanwhile is named so."""
        try:
            with path.open("rb") as file:
                self._add(name, os.fstat(file.fileno()).st_size, file)
        except FileNotFoundError:
            self.gone.append(name)

    def pieces(self, name: str, stream: BinaryIO) -> None:
        """A stream of unknown length, in members `name/000001` and so on, each a few blocks."""
        number = 0
        while piece := _filled(stream, 8 * BLOCK):
            number += 1
            self.small(f"{name}/{number:06}", piece)

    def end(self, about: About, keys: dict[str, list[str]]) -> Manifest:
        """Write the manifest and close."""
        manifest = Manifest(about, dict(self.members), list(self.gone), keys)
        self.small(_END, msgspec.json.encode(manifest))
        self._tar.close()
        return manifest

    def abandon(self) -> None:
        """Write no end: what was begun is thrown away."""
        self._tar.fileobj.closed = True

    def _add(self, name: str, size: int, source: BinaryIO) -> None:
        counted = _Counted(source, size)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, counted)
        self._tar.members = []  # tarfile remembers each
        if counted.short:
            self.gone.append(name)
        else:
            self.members[name] = Member(size, counted.digest.hexdigest())


class _Counted(io.RawIOBase):
    """So many bytes of a source with their hash; what a file that shrank lacks is made up."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._left = source, size
        self.digest, self.short = hashlib.sha256(), False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._source.read(wanted)
        if len(piece) < wanted:
            piece += bytes(wanted - len(piece))
            self.short = True
        self._left -= wanted
        self.digest.update(piece)
        return piece


def _filled(stream: BinaryIO, size: int) -> bytes:
    """So many bytes of a stream, fewer at its end only."""
    parts, left = [], size
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class Made(NamedTuple):
    """An archive that was made, SHA-256 of its bytes in hex, and how many they are."""

    manifest: Manifest
    sha256: str
    size: int


class _Sealed(io.RawIOBase):
    """A file for its owner only, hashed as it is written."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=BLOCK)
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        self.digest.update(piece)
        return self._file.write(piece)

    def close(self) -> None:
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        super().close()


def write(
    path: Path,
    to: list[Any],
    about: About,
    fill: Callable[[Writer], dict[str, list[str]]],
    label: Callable[[Made], _Label],
) -> _Label:
    """Make an archive, whole or not at all: it has its name once it is on the disk.

    `fill` puts the members in and returns the hashes of keys; `label` puts beside it what is known
    of it, before it has its name, and what it returns is returned. Raises what they raise, and
    OSError.
    """
    partial = path.with_name(f".{path.name}.partial")
    reader, writer = os.pipe()
    failed: list[BaseException] = []
    manifests: list[Manifest] = []
    digests: list[str] = []

    def encrypt() -> None:
        try:
            with os.fdopen(reader, "rb", buffering=BLOCK) as plain, _Sealed(partial) as sealed:
                pyrage.encrypt_io(plain, sealed, to)
            digests.append(sealed.digest.hexdigest())
        except BaseException as error:  # told in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=encrypt, name="age")
    thread.start()
    try:
        with os.fdopen(writer, "wb", buffering=BLOCK) as plain:
            out = Writer(plain)
            try:
                out.small(_HEAD, msgspec.json.encode(about))
                manifests.append(out.end(about, fill(out)))
            except BaseException:
                out.abandon()
                raise
    except BaseException as error:
        failed.insert(0 if not isinstance(error, BrokenPipeError) else len(failed), error)
    thread.join()
    try:
        if failed:
            raise failed[0]
        labelled = label(Made(manifests[0], digests[0], partial.stat().st_size))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    write_through(path.parent)
    return labelled


class Content:
    """The members of an opened archive, in their order; `manifest` is there when all are read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._tar: Any = tarfile.TarFile.open(fileobj=stream, mode="r|", bufsize=BLOCK)
        self._read: dict[str, Member] = {}
        self.about: About | None = None
        self.manifest: Manifest | None = None

    def members(self) -> Iterator[tuple[str, BinaryIO]]:
        """Each member's name and content, which must be read before the next. Raises Broken."""
        while (info := self._tar.next()) is not None:
            self._tar.members = []  # tarfile remembers each
            name = _safe(info)
            file = self._tar.extractfile(info)
            if file is None:
                raise Broken(f"{name} is no file")
            hashed = _Counted(file, info.size)
            if name == _HEAD:
                self.about = _decoded(hashed.read(), About)
            elif name == _END:
                self.manifest = _decoded(hashed.read(), Manifest)
                break
            else:
                yield name, hashed  # type: ignore[misc]
                while hashed.read(BLOCK):
                    pass
            if name != _END:
                self._read[name] = Member(info.size, hashed.digest.hexdigest())
        self._compare()

    def _compare(self) -> None:
        if self.manifest is None or self.about is None:
            raise Broken("the archive is cut short: it has no list of its files")
        for name, member in self.manifest.members.items():
            if self._read.get(name) != member:
                raise Broken(f"{name} is not as it was put in")
        known = {*self.manifest.members, *self.manifest.gone}
        if extra := sorted(set(self._read) - known):
            raise Broken(f"{extra[0]} was not put in")


def _decoded(text: bytes, type_: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=type_)
    except UNREADABLE:
        raise Broken("the archive was made by a version that this one does not know") from None


def _safe(info: tarfile.TarInfo) -> str:
    """The name of a member, which stays where it is put. Raises Broken."""
    path = PurePosixPath(info.name)
    if path.is_absolute() or ".." in path.parts or not info.isreg():
        raise Broken(f"{info.name!r} is no name of a file in an archive")
    return info.name


@contextmanager
def opened(path: Path, keys: list[Any]) -> Iterator[Content]:
    """The content of an archive, decrypted as it is read. Raises Broken, and OSError."""
    reader, writer = os.pipe()
    failed: list[BaseException] = []

    def decrypt() -> None:
        try:
            with (
                path.open("rb", buffering=BLOCK) as sealed,
                os.fdopen(writer, "wb", buffering=BLOCK) as plain,
            ):
                pyrage.decrypt_io(sealed, plain, keys)
        except BaseException as error:  # told in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=decrypt, name="age")
    thread.start()
    try:
        with os.fdopen(reader, "rb", buffering=BLOCK) as plain:
            yield Content(plain)
            while plain.read(BLOCK):  # what follows the end is proved too
                pass
    except (tarfile.TarError, Broken) as error:
        thread.join()
        raise _told(failed, error) from None
    finally:
        thread.join()
    if failed:
        raise _told(failed, Broken("it can't be read"))


def _told(failed: list[BaseException], otherwise: Exception) -> BaseException:
    error = next((each for each in failed if not isinstance(each, BrokenPipeError)), None)
    if isinstance(error, pyrage.DecryptError):
        return Broken("this secret key does not open it")
    if isinstance(error, FileNotFoundError | PermissionError):
        return error
    if error is not None:
        return Broken("it was changed, or is cut short")
    return otherwise if isinstance(otherwise, Broken) else Broken("it is cut short")
