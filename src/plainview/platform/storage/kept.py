"""What is said of files that are kept in a bucket; who has none loads no library for one."""

from __future__ import annotations

from typing import NamedTuple


class Unreachable(Exception):
    """The bucket can't be used.

    It is `away` (or too slow), `refused` (the key), `untrusted` (its certificate), `no-bucket`, or
    `another's` (service).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Facts(NamedTuple):
    """What a bucket says of a file: bytes, seconds since 1970, and its mark as HTTP writes it."""

    size: int
    modified: int
    etag: str
