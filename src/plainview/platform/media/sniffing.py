"""Recognises by its bytes what is not a film, before any demuxer sees it.

Demuxers guess generously: a text of file names is a concat script to them, a drawing a film of one
frame. These verdicts come first and name the thing.
"""

import struct
from typing import BinaryIO, Final

from plainview.platform.media.boxes import Box, top_level, walk

HEAD: Final = 64 * 1024
_LARGEST_INDEX: Final = 256 * 2**20

_PICTURES: Final = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"8BPS",
    b"%PDF-",
    b"\0\0\0\x0cjP  ",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\1\0",
    b"qoif",
    b"#?RADIANCE",
    b"SIMPLE  =",
    b"v/1\x01",
    b"%!PS",
)
_PICTURE_BRANDS: Final = (b"mif1", b"msf1", b"heic", b"heix", b"avif", b"heim", b"heis", b"jxl ")
_LOCKED_PICTURES: Final = (b"encv", b"drmi")
_ANIMATED: Final = (b"acTL",)
_SCRIPTS: Final = (
    (b"#extm3u", "playlist"),
    (b"ffconcat version", "playlist"),
    (b"[playlist]", "playlist"),
    (b"[reference]", "playlist"),
    (b"<asx", "playlist"),
    (b"<smil", "playlist"),
    (b"<mpd", "playlist"),
    (b"<smoothstreamingmedia", "playlist"),
    (b"<playlist", "playlist"),
    (b"rtsptext", "playlist"),
    (b"<svg", "picture"),
    (b"file '", "playlist"),
)


def verdict(file: BinaryIO, size: int) -> str | None:
    """Name what `file` is when that is no film by its first bytes; None when it may be one."""
    if size == 0:
        return "empty"
    file.seek(0)
    head = file.read(HEAD)
    if _is_picture(head):
        return "picture"
    if (script := _script(head)) is not None:
        return script
    if head[:4] in (b"PK\3\4", b"\x1f\x8b\x08\0", b"7z\xbc\xaf", b"Rar!", b"\x7fELF"):
        return "not-media"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return _movie(file, size)
    return None


def _is_picture(head: bytes) -> bool:
    if head.startswith((b"\x89PNG", b"\x8aMNG")):
        return not any(mark in head for mark in _ANIMATED)
    if head[:2] == b"BM":
        return len(head) > 18 and struct.unpack_from("<I", head, 14)[0] in (12, 40, 56, 108, 124)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return b"ANIM" not in head[:64]
    if head[4:8] == b"ftyp":
        return head[8:12] in _PICTURE_BRANDS
    return head.startswith(_PICTURES)


def _script(head: bytes) -> str | None:
    """Text that names films or draws them. Only files that are text at their start are asked."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[:4096].decode("utf-16", "ignore").encode()
    else:
        text = head[:2048].removeprefix(b"\xef\xbb\xbf")
    if b"\0" in text:
        return None
    lowered = text.lower().lstrip()
    if lowered.startswith(b"v=0") and b"\no=" in lowered:
        return "playlist"
    for mark, code in _SCRIPTS:
        if lowered.startswith(mark) or (lowered.startswith(b"<") and mark in lowered):
            return code
    return None


def _movie(file: BinaryIO, size: int) -> str | None:
    """Look for what a QuickTime or MP4 file keeps elsewhere, and whether its index is there."""
    index: Box | None = None
    fragments = False
    for box in top_level(file, size):
        if box.kind == b"moov":
            index = box
        fragments = fragments or box.kind == b"moof"
    if index is None:
        return "truncated"
    if index.end - index.start > _LARGEST_INDEX:
        return "too-large"
    file.seek(index.start)
    data = file.read(index.end - index.start)
    for box in walk(data):
        if box.kind == b"cmov":
            return None
        if box.kind in (b"rmra", b"rdrf"):
            return "references-elsewhere"
        if box.kind == b"stsd" and data[box.body + 12 : box.body + 16] in _LOCKED_PICTURES:
            return "encrypted"
        if box.kind == b"dref" and _leaves_the_file(data, box):
            return "references-elsewhere"
    return None


def _leaves_the_file(data: bytes, dref: Box) -> bool:
    """Whether a data reference lacks the flag that says "in this same file"."""
    at = dref.body + 8
    while at + 12 <= dref.end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 12:
            return False
        outside = not data[at + 11] & 1
        if outside and kind in (b"alis", b"url ", b"urn ", b"rsrc") and size > 12:
            return True
        at += size
    return False
