"""Reading a copy that anybody may have made: nothing in it is believed, and all of it is bounded.

The zip is never unpacked: two kinds of entries are read by the names that the form gives them, a
line at a time, and no more of each than is allowed.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import msgspec

from plainview.platform.decoding import UNREADABLE
from plainview.privacy.rights.copies import form, signing, zips

LONGEST_FILE = 1 << 30
MOST_ENTRIES = 20_000
LONGEST_DIRECTORY = 4 << 20
LONGEST_ACCOUNT = 16 << 20
LONGEST_TABLE = 512 << 20
LONGEST_LINE = 64 << 10
MOST_ROWS = 1_000_000
_LONGEST_END = 22 + 0xFFFF


class NotACopy(Exception):
    """The file is no copy in the form that we know, or it was damaged."""


class TooMuch(Exception):
    """The file holds more than is taken at once."""


class Brought:
    """A copy that was brought, open for reading."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        with _entry(zipped, "data.json", LONGEST_ACCOUNT) as file:
            content = file.read(LONGEST_ACCOUNT + 1)
        if len(content) > LONGEST_ACCOUNT:
            raise TooMuch
        try:
            self.about = msgspec.json.decode(content, type=form.Copy)
        except UNREADABLE as error:
            raise NotACopy from error
        if self.about.version != form.VERSION:
            raise NotACopy

    def unaltered(self, tables: Iterable[str]) -> bool:
        """Hold what is read of these tables against the signature; False if none came along.

        It tells a slip or a meddler on the way; who made the copy, the key alone does not say.
        Raises NotACopy.
        """
        if signing.MANIFEST not in self._zipped.namelist():
            return False
        try:
            text, made, key = (
                self._small(name) for name in (signing.MANIFEST, signing.SIGNATURE, signing.KEY)
            )
            said = signing.verified(text, made, key)
            for name in ("data.json", *(f"data/{each}.json" for each in tables)):
                with _entry(self._zipped, name, LONGEST_TABLE) as file:
                    signing.compare(name, file, said)
        except signing.Altered as error:
            raise NotACopy from error
        return True

    def _small(self, name: str) -> bytes:
        with _entry(self._zipped, name, LONGEST_DIRECTORY) as file:
            return file.read(LONGEST_DIRECTORY)

    def rows(self, name: str, after: int = 0) -> Iterator[dict[str, Any]]:
        """The rows of a table behind so many, one line each. Raises NotACopy and TooMuch."""
        if name not in self.about.tables:
            return
        read = 0
        with _entry(self._zipped, f"data/{name}.json", LONGEST_TABLE) as file:
            if file.readline(3) != b"[\n":
                raise NotACopy
            while (line := file.readline(LONGEST_LINE + 1)) != b"]\n":
                read += len(line)
                if len(line) > LONGEST_LINE or read > LONGEST_TABLE:
                    raise TooMuch
                if not line:
                    raise NotACopy
                if after:
                    after -= 1
                    continue
                try:
                    yield msgspec.json.decode(line.rstrip(b",\n"), type=dict[str, Any])
                except UNREADABLE as error:
                    raise NotACopy from error


@contextmanager
def _entry(zipped: zipfile.ZipFile, name: str, most: int) -> Iterator[IO[bytes]]:
    """An entry that says of itself that it is short enough; what it is, is counted besides."""
    try:
        entry = zipped.getinfo(name)
        if entry.compress_type not in zips.METHODS:
            raise NotACopy
        if entry.file_size > most:
            raise TooMuch
        with zipped.open(entry) as file:
            yield file
    except zips.SPOILED as error:
        raise NotACopy from error


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Brought]:
    """A file that was sent, as a copy. Raises NotACopy and TooMuch."""
    _look_at_directory(file)
    try:
        zipped = zipfile.ZipFile(file)
    except zips.SPOILED as error:
        raise NotACopy from error
    with zipped:
        yield Brought(zipped)


def _look_at_directory(file: IO[bytes]) -> None:
    """Hold back a list of contents that would fill the memory before anything of it is read.

    APPNOTE 6.3.10, 4.3.14 to 4.3.16; the long form counts wherever it stands, as for `zipfile`.
    """
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise NotACopy
    found = [struct.unpack_from("<HI", tail, at + 10)]
    if start + at >= 76:
        file.seek(start + at - 20)
        locator = file.read(20)
        if locator.startswith(b"PK\6\7"):
            file.seek(min(struct.unpack_from("<Q", locator, 8)[0], size))
            records = (file.read(56), _read_at(file, start + at - 76, 56))
            found += [
                struct.unpack_from("<QQ", record, 32)
                for record in records
                if record.startswith(b"PK\6\6") and len(record) == 56
            ]
    for entries, length in found:
        long = len(found) > 1 and (entries == 0xFFFF or length == 0xFFFFFFFF)
        if not long and (entries > MOST_ENTRIES or length > LONGEST_DIRECTORY):
            raise TooMuch
    file.seek(0)


def _read_at(file: IO[bytes], place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)
