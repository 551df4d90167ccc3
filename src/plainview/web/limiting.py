"""How often anybody may read what is everyone's: counted in this process, forgotten in a minute.

Reading is to cost no write. So, unlike the counts of guesses, this one is in memory alone, and each
process gives as much again; whom it counts stands under a hash whose key ends with the minute.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter
from collections.abc import Callable


class Limit:
    """At most `most` times in a window of `seconds` for each name."""

    def __init__(
        self, most: int, seconds: int = 60, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.seconds = most, seconds
        self._clock = clock
        self._window, self._key = -1, b""
        self._counts: Counter[bytes] = Counter()

    def wait(self, name: str) -> int:
        """Count one more; how many seconds to wait before the next one, 0 if there is no need."""
        now = self._clock()
        window = int(now // self.seconds)
        if window != self._window:
            self._window, self._key = window, secrets.token_bytes(16)
            self._counts = Counter()
        digest = hashlib.blake2b(name.encode(), key=self._key, digest_size=8).digest()
        self._counts[digest] += 1
        if self._counts[digest] <= self.most:
            return 0
        return max(1, round((window + 1) * self.seconds - now))
