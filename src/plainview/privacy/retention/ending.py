"""Rows whose time counts from an event that no column of theirs names, such as a purpose's end.

Whoever owns such rows knows when it was, and tells the sweep; what is told together goes together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from plainview.engine import Schedule
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry
from plainview.privacy.rights.planning import later


class Row(NamedTuple):
    """A row by its table and key, whom it is about, and the day on which its time began."""

    table: str
    key: int
    subject: int
    ended: dt.date


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells which rows of `tables` had their event by a day: `told(day)`, those that go together.

    `forget(devices, until)` says that devices are forgotten, which ends all that they answered:
    what they leave is to be kept until that day and no longer.
    """

    event: str
    tables: tuple[str, ...]
    told: Callable[[dt.date], Iterator[tuple[Row, ...]]]
    forget: Callable[[list[int], dt.date], None]

    @property
    def schedule(self) -> Schedule | None:
        """The longest that the policy keeps any of these rows from the event; None if for ever."""
        tables = [registry().tables[name] for name in self.tables]
        said = {c.mark.category for table in tables for c in table.columns.values()}
        counted = [
            each
            for each in in_force().retention.schedule.values()
            if each.after == self.event and said & set(each.categories)
        ]
        return max(counted, key=lambda each: days(each.keep), default=None)


tellers: list[Teller] = []


def tells(teller: Teller) -> None:
    """Let the sweep ask `teller`."""
    if teller not in tellers:
        tellers.append(teller)


def days(length: str) -> int:
    """How long an ISO 8601 length is, to compare it with another."""
    start = dt.date(2000, 1, 1)
    return (later(start, length) - start).days
