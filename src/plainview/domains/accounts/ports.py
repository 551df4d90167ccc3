"""What accounts need from rooms above them; `wiring.py` joins them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol


class Suspension(NamedTuple):
    """When the staff suspended an account, and the reason as they wrote it."""

    since: datetime
    reason: str


class Suspensions(Protocol):
    """Knows why an account is suspended. Called in a door that has entered `account`."""

    def __call__(self, account: int) -> Suspension | None:
        """The suspension that holds; None for an account that its owner closed."""


def _nobody(account: int) -> Suspension | None:
    return None


class Ports:
    """The joined rooms; until `wiring` has run, nobody knows of a suspension."""

    suspension: Suspensions = staticmethod(_nobody)
