"""A file that only grows and that nobody reads without its key: frames under AES-256-GCM.

A frame is its length (4 bytes, big-endian, of what follows), a nonce of 12 bytes and the sealed
bytes. Each is bound to the copy and to its place in the file (associated data), so that none can be
moved, left out or taken from elsewhere. Nonces are random: after a crash another frame is written
at the same place under the same key (NIST SP 800-38D, 8.2.2).
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME = 1 << 20
"""So many bytes stand in a frame at most."""
_LENGTH, _NONCE, _TAG = 4, 12, 16
OVERHEAD = _LENGTH + _NONCE + _TAG


class Broken(Exception):
    """The file was changed, cut off or belongs to another key."""


def new_key() -> bytes:
    """A key for one file."""
    return AESGCM.generate_key(256)


class Sealed:
    """Frames in an open file, for appending and reading; `name` is bound into each of them."""

    def __init__(self, file: BinaryIO, key: bytes, name: str) -> None:
        self._file, self._name, self._box = file, name.encode(), AESGCM(key)

    def append(self, content: bytes) -> tuple[int, int]:
        """Write `content` in as many frames as it takes; where they begin and end."""
        start = self._file.seek(0, os.SEEK_END)
        place = start
        for begin in range(0, len(content), FRAME):
            piece = content[begin : begin + FRAME]
            nonce = secrets.token_bytes(_NONCE)
            box = nonce + self._box.encrypt(nonce, piece, self._bound(place))
            self._file.write(len(box).to_bytes(_LENGTH, "big") + box)
            place += _LENGTH + len(box)
        return start, place

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """What the frames between two places hold, one after the other. Raises Broken."""
        self._file.seek(start)
        place = start
        while place < end:
            length = int.from_bytes(self._file.read(_LENGTH), "big")
            if not _NONCE + _TAG <= length <= _NONCE + FRAME + _TAG:
                raise Broken
            box = self._file.read(length)
            if len(box) < length:
                raise Broken
            try:
                yield self._box.decrypt(box[:_NONCE], box[_NONCE:], self._bound(place))
            except InvalidTag:
                raise Broken from None
            place += _LENGTH + length

    def append_note(self, content: bytes) -> int:
        """Write something that `note` finds again by the place where it begins."""
        return self.append(len(content).to_bytes(8, "big") + content)[0]

    def note(self, place: int) -> tuple[bytes, int]:
        """What was written at a place, and the place where it ends. Raises Broken."""
        end = self._file.seek(0, os.SEEK_END)
        frames = self.read(place, end)
        content = next(frames, b"")
        length = int.from_bytes(content[:8], "big") + 8
        while len(content) < length:
            if not (more := next(frames, b"")):
                raise Broken
            content += more
        frames_used = -(-length // FRAME)
        return content[8:], place + length + frames_used * OVERHEAD

    def cut(self, place: int) -> None:
        """Drop whatever stands from a place on."""
        self._file.truncate(place)

    def settle(self) -> None:
        """Have the disk hold all that was written."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def _bound(self, place: int) -> bytes:
        return self._name + place.to_bytes(8, "big")


class Opened(io.RawIOBase):
    """What full frames hold one after the other, as a file that can be read from any place.

    Each frame but the last holds FRAME bytes; `size` is the length of the whole. Raises Broken.
    """

    def __init__(self, sealed: Sealed, size: int) -> None:
        self._sealed, self._size, self._at = sealed, size, 0
        self._number, self._frame = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        number, within = divmod(self._at, FRAME)
        if self._at >= self._size:
            return 0
        if number != self._number:
            start, length = place_of(number * FRAME), min(FRAME, self._size - number * FRAME)
            self._frame = b"".join(self._sealed.read(start, start + length + OVERHEAD))
            self._number = number
        piece = self._frame[within : within + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def place_of(offset: int) -> int:
    """Where in a file of full frames the frame begins that holds what stands at `offset`."""
    return offset // FRAME * (FRAME + OVERHEAD)
