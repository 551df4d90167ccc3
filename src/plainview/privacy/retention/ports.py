"""What keeping no longer needs from rooms above; `wiring.py` joins them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Protocol


class Unconfirmed(Protocol):
    """Knows accounts that are open and nobody's on the staff. Called behind a duty."""

    def __call__(
        self, last: dt.date, *, among: Collection[int] | None = None, held: bool = False
    ) -> list[int]:
        """Those made by the day `last` whose address nobody confirmed; of `among` alone, if given.

        If `held`, nobody signs in to them or confirms them until the transaction ends.
        """


class Idle(Protocol):
    """As `Unconfirmed`; in the order of their numbers, so that they are read a page at a time."""

    def __call__(
        self,
        last: dt.date,
        *,
        after: int,
        most: int,
        among: Collection[int] | None = None,
        held: bool = False,
    ) -> list[int]:
        """Those made by `last` that nobody signed in to since: the first `most` beyond `after`."""


def _nobody(last: dt.date, **_options: object) -> list[int]:
    return []


class Ports:
    """The joined rooms; until `wiring` has run, there is no account."""

    unconfirmed: Unconfirmed = staticmethod(_nobody)
    idle: Idle = staticmethod(_nobody)
