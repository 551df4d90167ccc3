"""Reads the boxes of an MP4 file (ISO/IEC 14496-12): our own output, and the heads of sources.

Every loop is bounded by the bytes at hand, so that a lying size ends the walk and nothing else.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_CONTAINERS = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"moof", b"traf", b"mvex", b"rmra")
)
_DEEPEST = 8
_MOST = 100_000


class Box(NamedTuple):
    """One box: its kind and where it lies; `body` is the offset after its header."""

    kind: bytes
    start: int
    body: int
    end: int


def top_level(file: BinaryIO, size: int) -> Iterator[Box]:
    """Yield the boxes at the top of a file of `size` bytes, by seeking from one to the next."""
    at = 0
    for _ in range(_MOST):
        file.seek(at)
        head = file.read(16)
        box = _header(head, 0, at, size)
        if box is None:
            return
        yield box
        at = box.end


def walk(data: bytes, start: int = 0, end: int | None = None, depth: int = 0) -> Iterator[Box]:
    """Yield every box of `data`, parents before children; a `meta`-like unknown stays closed."""
    at, stop = start, len(data) if end is None else end
    while at < stop:
        box = _header(data, at, at, stop)
        if box is None:
            return
        yield box
        if box.kind in _CONTAINERS and depth < _DEEPEST:
            yield from walk(data, box.body, box.end, depth + 1)
        at = box.end


def _header(data: bytes, offset: int, at: int, limit: int) -> Box | None:
    if len(data) < offset + 8:
        return None
    size, kind = struct.unpack_from(">I4s", data, offset)
    body = at + 8
    if size == 1:
        if len(data) < offset + 16:
            return None
        (size,) = struct.unpack_from(">Q", data, offset + 8)
        body = at + 16
    elif size == 0:
        size = limit - at
    if size < body - at:
        return None
    return Box(kind, at, body, min(at + size, limit))


class Segment(NamedTuple):
    """A stretch of a media file that decodes by itself; `ticks` counts in the file's timescale.

    `first` is how many of its bytes hold its description and its first sample: of a picture, the
    key frame alone.
    """

    offset: int
    length: int
    ticks: int
    first: int = 0


class Layout(NamedTuple):
    """Where the parts of a fragmented MP4 file with one track lie."""

    codecs: str
    timescale: int
    header: int
    segments: tuple[Segment, ...]

    @property
    def seconds(self) -> float:
        """How long the track plays."""
        return sum(segment.ticks for segment in self.segments) / self.timescale


def layout(file: BinaryIO, size: int) -> Layout | None:
    """Read the layout of a fragmented file of ours; None when nothing was written into it."""
    codecs, timescale, header = "", 0, 0
    segments: list[Segment] = []
    opened: Box | None = None
    ticks = first = 0
    for box in top_level(file, size):
        if box.kind in (b"moov", b"moof"):
            file.seek(box.start)
            data = file.read(box.end - box.start)
            if box.kind == b"moov":
                codecs, timescale, header = _codecs(data), _timescale(data), box.end
            else:
                opened, ticks, first = box, _ticks(data), _first(data)
        elif box.kind == b"mdat" and opened is not None:
            length = box.end - opened.start
            segments.append(Segment(opened.start, length, ticks, min(first or length, length)))
            opened = None
    if not segments or not timescale:
        return None
    return Layout(codecs, timescale, header, tuple(segments))


def _timescale(moov: bytes) -> int:
    for box in walk(moov):
        if box.kind == b"mdhd":
            where = box.body + (20 if moov[box.body] == 1 else 12)
            return int(struct.unpack_from(">I", moov, where)[0])
    return 0


def _codecs(moov: bytes) -> str:
    """The RFC 6381 name of the track's codec, from what the encoder wrote."""
    found = moov.find(b"avcC")
    if found >= 0:
        return "avc1." + moov[found + 5 : found + 8].hex().upper()
    return "mp4a.40.2" if b"mp4a" in moov else ""


def _ticks(moof: bytes) -> int:
    """The length of one fragment: the sum of its samples' durations."""
    default = total = 0
    for box in walk(moof):
        flags = int.from_bytes(moof[box.body + 1 : box.body + 4], "big")
        if box.kind == b"tfhd":
            default = _default_duration(moof, box, flags)
        elif box.kind == b"trun":
            total += _run(moof, box, flags, default)
    return total


def _first(moof: bytes) -> int:
    """Where the first sample of a fragment ends, counted from the fragment's start; 0 if unsaid."""
    default = 0
    for box in walk(moof):
        flags = int.from_bytes(moof[box.body + 1 : box.body + 4], "big")
        if box.kind == b"tfhd" and flags & 0x10:
            before = sum(size for bit, size in ((0x1, 8), (0x2, 4), (0x8, 4)) if flags & bit)
            (default,) = struct.unpack_from(">I", moof, box.body + 8 + before)
        elif box.kind == b"trun":
            if not flags & 0x1:
                return 0
            (starts,) = struct.unpack_from(">i", moof, box.body + 8)
            entry = box.body + 12 + (4 if flags & 0x4 else 0) + (4 if flags & 0x100 else 0)
            size = struct.unpack_from(">I", moof, entry)[0] if flags & 0x200 else default
            return int(starts + size) if size else 0
    return 0


def _default_duration(moof: bytes, box: Box, flags: int) -> int:
    where = box.body + 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    return int(struct.unpack_from(">I", moof, where)[0]) if flags & 0x8 else 0


def _run(moof: bytes, box: Box, flags: int, default: int) -> int:
    (count,) = struct.unpack_from(">I", moof, box.body + 4)
    if not flags & 0x100:
        return int(count) * default
    entry = 4 * sum(1 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
    first = box.body + 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    return sum(struct.unpack_from(">I", moof, first + number * entry)[0] for number in range(count))
