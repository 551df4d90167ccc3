"""The Merkle tree of RFC 9162 section 2.1 with SHA-256: roots, inclusion and consistency proofs.

Knows no database: blocks of 64 hashes come from a `fetch(level, number)`, so that a proof in a tree
of n leaves reads at most 2 log64 n blocks. A node's level is its height above the leaves; block
`number` of a level holds its nodes 64 * number and following, as many as are complete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

WIDTH = 6
"""A block has 2**WIDTH hashes; only levels that are multiples of it are stored."""
EMPTY = hashlib.sha256(b"").digest()
Fetch = Callable[[int, int], Sequence[bytes]]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root of a complete subtree over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


class Tree:
    """A tree of `size` leaves, whose hashes are fetched as they are needed, each block once."""

    def __init__(self, size: int, fetch: Fetch) -> None:
        self.size = size
        self._fetch = fetch
        self._blocks: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves, all by default (MTH, section 2.1.1)."""
        size = self.size if size is None else size
        self._judge(size)
        return self._over(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The path from leaf `index` to the root (PATH, section 2.1.3.1), lowest first.

        Raises IndexError for a leaf that the tree of that size does not have.
        """
        size = self.size if size is None else size
        self._judge(size)
        if not 0 <= index < size:
            raise IndexError(f"a tree of {size} leaves has no leaf {index}")
        low, high, path = 0, size, []
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """The proof that the first `first` leaves begin the tree (PROOF, section 2.1.4.1).

        Raises IndexError unless 0 < first <= second <= size. Nothing has to be proved of equals.
        """
        second = self.size if second is None else second
        self._judge(second)
        if not 0 < first <= second:
            raise IndexError(f"a tree of {second} leaves has no beginning of {first}")
        low, high, path, whole = 0, second, [], True
        while first != high:
            middle = low + _split(high - low)
            if first <= middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low, whole = middle, False
        if not whole:
            path.append(self._over(low, high))
        return path[::-1]

    def grown(self, before: int) -> Iterator[tuple[int, int, bytes]]:
        """The nodes to store, as (level, number, hash), that were not complete at size `before`."""
        level = 0
        while self.size >> (level + WIDTH):
            for number in range(before >> (level + WIDTH), self.size >> (level + WIDTH)):
                made = folded(self._block(level, number))
                yield level + WIDTH, number, made
            level += WIDTH

    def _judge(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise IndexError(f"the tree has {self.size} leaves, not {size}")

    def _over(self, low: int, high: int) -> bytes:
        """The hash over leaves low to high (not included), which begin a subtree."""
        count = high - low
        level = count.bit_length() - 1
        if count == 1 << level:
            return self._node(level, low >> level)
        middle = low + _split(count)
        return node_hash(self._over(low, middle), self._over(middle, high))

    def _node(self, level: int, number: int) -> bytes:
        above = level % WIDTH
        start = number << above
        block = self._block(level - above, start >> WIDTH)
        within = start & ((1 << WIDTH) - 1)
        return folded(block[within : within + (1 << above)])

    def _block(self, level: int, number: int) -> Sequence[bytes]:
        key = (level, number)
        if key not in self._blocks:
            self._blocks[key] = self._fetch(level, number)
        return self._blocks[key]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1
