"""Reading a letter in a process of its own (`platform.media.apart`).

A letter that takes more than it may is one for a person, with nothing read of it.
"""

from __future__ import annotations

import msgspec

from plainview.platform.media import apart
from plainview.platform.media.errors import MediaError
from plainview.privacy.post.letters import LONGEST, Letter, read

_BOUNDS = apart.Bounds(
    seconds=20, memory_bytes=1 << 30, most_bytes=LONGEST + 1, longest_reply=4 << 20
)


def read_confined(raw: bytes) -> Letter:
    """As `letters.read`, for what strangers send. Never raises; a flaw `costly` says it gave up."""
    try:
        return msgspec.json.decode(apart.ask(__name__, raw, [], _BOUNDS), type=Letter)
    except (MediaError, msgspec.DecodeError):
        return Letter(flaws=("costly",))


def main() -> None:
    """Read as the child that `read_confined` waits for."""
    apart.answer(lambda raw, _: msgspec.json.encode(read(raw)), _BOUNDS)


if __name__ == "__main__":
    main()
