"""A zip from pieces that were compressed before, so that it can be grown, resumed and streamed.

Each piece is raw deflate that ends in a full flush (RFC 1951, RFC 1979 3.4.1): pieces made by
different processes stand one after the other as one stream. Lengths and sums are known before the
first byte goes out, and so is the length of the whole. The form is that of APPNOTE 6.3.10, its long
fields where they are needed.
"""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator

import msgspec

DEFLATED, STORED = 8, 0
METHODS = frozenset({DEFLATED, STORED})
"""How our zips are packed; other ways ask for gigabytes of memory to unpack a byte."""
SPOILED = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, KeyError, ValueError,
    OverflowError, RuntimeError,
)  # fmt: skip
"""What `zipfile` raises at a zip that no honest program wrote."""
LEVEL = 1
_LONG = 0xFFFFFFFF
_MANY = 0xFFFF
_UTF8 = 0x0800
_END = b"\x03\x00"
"""The empty last block of a deflate stream."""


class Entry(msgspec.Struct):
    """A file of the zip: its name, how it is packed, and where its pieces stand in the store."""

    name: str
    method: int = DEFLATED
    crc: int = 0
    size: int = 0
    packed: int = 0
    pieces: list[tuple[int, int]] = []


Store = Callable[[bytes], tuple[int, int]]


class Packer:
    """Adds to one entry. `flush` puts what was added into the store; then the entry can be kept."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._parts: list[bytes] = []
        self._press = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)

    def add(self, content: bytes) -> None:
        """Add bytes of the file."""
        entry = self.entry
        entry.crc = zlib.crc32(content, entry.crc)
        entry.size += len(content)
        self._parts.append(content if entry.method == STORED else self._press.compress(content))

    def flush(self, store: Store, *, last: bool = False) -> None:
        """Put everything added into the store; `last` ends the file."""
        if self.entry.method == DEFLATED:
            self._parts.append(self._press.flush(zlib.Z_FULL_FLUSH))
            if last:
                self._parts.append(_END)
        content = b"".join(self._parts)
        self._parts = []
        if content:
            start, end = store(content)
            self.entry.packed += len(content)
            pieces = self.entry.pieces
            if pieces and pieces[-1][1] == start:
                start = pieces.pop()[0]
            pieces.append((start, end))


def length(entries: Iterable[Entry]) -> int:
    """How many bytes the zip has."""
    offset, directory, count = 0, 0, 0
    for entry in entries:
        directory += len(_central(entry, offset, 0, 0))
        offset += len(_local(entry, 0, 0)) + entry.packed
        count += 1
    return offset + directory + len(_tail(count, directory, offset))


def stream(
    entries: Iterable[Entry], made: dt.datetime, read: Callable[[int, int], Iterable[bytes]]
) -> Iterator[bytes]:
    """The zip, a piece at a time; `read` gives what stands in the store between two places."""
    day = (max(made.year, 1980) - 1980) << 9 | made.month << 5 | made.day
    hour = made.hour << 11 | made.minute << 5 | made.second // 2
    offset, directory, count = 0, [], 0
    for entry in entries:
        directory.append(_central(entry, offset, day, hour))
        head = _local(entry, day, hour)
        yield head
        for start, end in entry.pieces:
            yield from read(start, end)
        offset += len(head) + entry.packed
        count += 1
    whole = b"".join(directory)
    yield whole
    yield _tail(count, len(whole), offset)


def _local(entry: Entry, day: int, hour: int) -> bytes:
    name = entry.name.encode()
    long = entry.size >= _LONG or entry.packed >= _LONG
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.packed) if long else b""
    sizes = (_LONG, _LONG) if long else (entry.packed, entry.size)
    fixed = struct.pack(
        "<4s5H3I2H", b"PK\3\4", 45 if long else 20, _UTF8, entry.method, hour, day,
        entry.crc, *sizes, len(name), len(extra),
    )  # fmt: skip
    return fixed + name + extra


def _central(entry: Entry, offset: int, day: int, hour: int) -> bytes:
    name = entry.name.encode()
    values = (entry.size, entry.packed, offset)
    long = any(value >= _LONG for value in values)
    extra = struct.pack("<HHQQQ", 1, 24, *values) if long else b""
    size, packed, at = (_LONG,) * 3 if long else values
    fixed = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 45, 45 if long else 20, _UTF8, entry.method, hour, day,
        entry.crc, packed, size, len(name), len(extra), 0, 0, 0, 0, at,
    )  # fmt: skip
    return fixed + name + extra


def _tail(count: int, size: int, offset: int) -> bytes:
    long = count >= _MANY or size >= _LONG or offset >= _LONG
    before = b""
    if long:
        before = struct.pack(
            "<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset
        ) + struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    end = (_MANY, _MANY, _LONG, _LONG) if long else (count, count, size, offset)
    return before + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, *end, 0)
