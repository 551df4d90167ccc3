"""The few acts that may do otherwise, each opened here in `privacy` only and logged.

A test over the syntax tree fails when `duty` is named outside `plainview.privacy`. The log says
which duty, where in the code and when; never about whom.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from plainview.privacy.gate.grants import EVERYTHING
from plainview.privacy.gate.scope import Door, Opened, Scope, refuse_suspending

DUTIES = frozenset({"erasure", "export", "correction", "backup", "migrate", "audit"})
"""The tests and benches join `fixture` to them; in the service nobody can open it."""
ERASING = frozenset({"erasure"})
"""Under these alone the database lets what a ledger says of people be changed or removed."""
EMPTYING: frozenset[str] = frozenset()
"""Under these everything of a ledger may go: none in the service; tests begin with nothing."""
log = logging.getLogger("plainview.privacy.duties")


def erases(name: str) -> str:
    """What of ledgers may go under a duty: nothing (""), what is of "people", or "all"."""
    if name in EMPTYING:
        return "all"
    return "people" if name in ERASING else ""


Witness = Callable[[str, str], None]
_witnesses: list[Witness] = []


def witnessed_by(witness: Witness) -> None:
    """Let `witness(name, place)` be called whenever a duty opens, before it does anything."""
    if witness not in _witnesses:
        _witnesses.append(witness)


class duty(Opened):
    """Open a duty for the length of a `with`. Raises ValueError for a name that is not one.

    A duty may be opened inside a door or outside; it replaces whatever purpose was ambient.
    """

    def __init__(self, name: str) -> None:
        if name not in DUTIES:
            raise ValueError(f"{name} is not a duty; the duties are {', '.join(sorted(DUTIES))}")
        self.name = name

    def __enter__(self) -> Scope:
        frame = sys._getframe(1)
        refuse_suspending(frame)
        place = f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}"
        log.info("duty %s opened by %s", self.name, place)
        for witness in _witnesses:
            witness(self.name, place)
        super().__init__(Door(place, self.name), None, EVERYTHING, self.name)
        return super().__enter__()
