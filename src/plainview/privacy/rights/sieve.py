"""Finding which of many forms stand in a text, at a cost that hardly grows with their number.

Apart from `searching`, since NumPy takes a tenth of a second that only who searches should pay.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

_SIZES = {8: np.uint64, 4: np.uint32}
"""So many bytes are looked up as one number."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""Spreads numbers over a table: the golden ratio of 64 bits (Knuth, TAOCP 6.4)."""
_LEAST_BITS, _MOST_BITS, _ROOM = 16, 24, 4


class Sieve:
    """Forms that are looked for together.

    Wherever a form of 2n-1 bytes or more stands, it has a run of n that begins at a multiple of n.
    So these runs of the text alone are looked up, among all runs that the forms may have there.
    """

    def __init__(self, forms: Iterable[bytes]) -> None:
        known: dict[int, dict[int, list[bytes]]] = {size: {} for size in _SIZES}
        self._short: list[bytes] = []
        self.longest = 1
        for form in set(forms):
            self.longest = max(self.longest, len(form))
            size = next((size for size in _SIZES if len(form) >= 2 * size - 1), 0)
            if not size:
                self._short.append(form)
            for at in range(size):
                run = int.from_bytes(form[at : at + size], sys.byteorder)
                known[size].setdefault(run, []).append(form)
        self._runs = [_Runs(size, runs) for size, runs in known.items() if runs]

    def within(self, text: bytes) -> list[bytes]:
        """Which of the forms stand in a text."""
        near = set(self._short)
        for runs in self._runs:
            near.update(runs.near(text))
        return [form for form in near if form in text]


class _Runs:
    """Runs of one length with the forms that they are of, and a table that most others miss."""

    def __init__(self, size: int, known: dict[int, list[bytes]]) -> None:
        self._size, self._known = size, known
        bits = min(max(len(known).bit_length() + _ROOM, _LEAST_BITS), _MOST_BITS)
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, np.bool_)
        self._table[self._places(np.array(list(known), np.uint64))] = True

    def _places(self, runs: NDArray[np.uint64]) -> NDArray[np.uint64]:
        return (runs * _GOLDEN) >> self._shift

    def near(self, text: bytes) -> Iterator[bytes]:
        """The forms of which a run stands in a text."""
        count = len(text) // self._size
        runs = np.frombuffer(text, _SIZES[self._size], count).astype(np.uint64, copy=False)
        met = set(runs[self._table[self._places(runs)]].tolist())
        for run in self._known.keys() & met:
            yield from self._known[run]
