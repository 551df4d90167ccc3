"""What telling people needs from rooms above; `wiring.py` joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol


class Reader(NamedTuple):
    """Somebody to be written to: since when they are here, an address that is proved, a language.

    Address and language are empty where nobody knows.
    """

    joined_at: datetime
    address: str
    language: str


class Readers(Protocol):
    """Knows how accounts are written to. Called in a door of `service-messages`."""

    def __call__(self, accounts: Iterable[int]) -> Mapping[int, Reader]:
        """What is known of each; whoever is not there any more is not in it."""


def _nobody(accounts: Iterable[int]) -> Mapping[int, Reader]:
    return {}


class Ports:
    """The joined rooms; until `wiring` has run, nobody is known."""

    readers: Readers = staticmethod(_nobody)
