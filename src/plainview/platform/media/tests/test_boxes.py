"""What reads the boxes of a film holds out against files that were made to hurt it."""

from __future__ import annotations

import io
import struct

from plainview.platform.media import boxes


def boxed(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def test_boxes_nested_without_end_are_entered_so_deep_and_no_deeper():
    deep = b""
    for _ in range(3000):
        deep = boxed(b"moov", deep)
    assert [box.kind for box in boxes.walk(deep)] == [b"moov"] * 9


def test_only_containers_are_entered():
    """The samples of a film may look like boxes."""
    data = boxed(b"moov", boxed(b"trak", b"")) + boxed(b"mdat", boxed(b"trak", b""))
    assert [box.kind for box in boxes.walk(data)] == [b"moov", b"trak", b"mdat"]


def test_a_box_may_be_longer_than_four_gigabytes_or_go_to_the_end():
    """Its size stands in eight bytes behind its kind then, or is none."""
    long = struct.pack(">I4sQ", 1, b"mdat", 19) + b"abc"
    data = boxed(b"ftyp", b"isom") + long + struct.pack(">I4s", 0, b"free") + b"de"
    found = [(b"ftyp", 0, 8, 12), (b"mdat", 12, 28, 31), (b"free", 31, 39, 41)]
    assert list(boxes.walk(data)) == list(boxes.top_level(io.BytesIO(data), 41)) == found
