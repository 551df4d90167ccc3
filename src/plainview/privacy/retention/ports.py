"""What keeping no longer needs from rooms above; `wiring.py` joins them."""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class Accounts(Protocol):
    """Knows accounts that are open and nobody's on the staff. Called behind a duty."""

    def __call__(
        self, last: dt.date, *, account: int | None = None, held: bool = False
    ) -> list[int]:
        """Those of the day `last` or before; with `account` that one alone.

        If `held`, nobody signs in to them or confirms them until the transaction ends.
        """


def _nobody(last: dt.date, *, account: int | None = None, held: bool = False) -> list[int]:
    return []


class Ports:
    """The joined rooms; until `wiring` has run, there is no account.

    `unconfirmed` are those made by then whose address nobody confirmed, `idle` those that were made
    by then, and that nobody signed in to since.
    """

    unconfirmed: Accounts = staticmethod(_nobody)
    idle: Accounts = staticmethod(_nobody)
