"""What the staff see of people at doors that see everybody: enough to find a case, and no more.

A door whose input comes from the staff says in `lists` which categories it may show without a case.
Whatever else is read behind it, in whichever room, needs a look that was recorded in the same
request: whom it was about, and in which case. Else nothing of the page leaves. A door about one
person (`about`) needs a warrant instead, which names the case (`warrants.py`).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from plainview.privacy.gate.filters import READ
from plainview.privacy.gate.grants import Key
from plainview.privacy.gate.refusals import Caseless
from plainview.privacy.gate.scope import Door, Scope, current
from plainview.privacy.registry import registry

DESK = "staff"
"""The source of doors at which the staff sit."""


@dataclass(slots=True)
class Looks:
    """What was read of everybody behind a door of the staff, and the cases that were opened."""

    door: Door
    read: list[tuple[Door, AbstractSet[Key]]] = field(default_factory=list)
    cases: dict[int, str] = field(default_factory=dict)

    def refuse_unlisted(self) -> None:
        """Raise Caseless where more was read than the door lists, and no case was opened."""
        if self.cases:
            return
        for inner, columns in self.read:
            listed = self.door.lists | inner.lists
            unlisted = sorted(each for each in categories_of(columns) if not _within(each, listed))
            if unlisted:
                raise Caseless(
                    f"door {self.door.name} shows the staff {', '.join(unlisted)} of somebody, and"
                    " no case about them was opened."
                    "\n  1. If it is about one person, say about=… and let the gate ask for a case."
                    "\n  2. If a case leads here, open it first: accounting.staff_sees(…, case=…)."
                    "\n  3. If it only finds the case, read fewer columns, or add what it needs to"
                    " lists=[…] and let the privacy officer review it."
                )


def met(scope: Scope, columns: AbstractSet[Key], rows: int, *, read: bool = True) -> None:
    """Note what a statement used, and what it read of everybody behind a door of the staff."""
    life = scope.life
    if life.records:
        life.uses.append((scope.purpose, columns, rows))
    if life.looks is not None and read and rows and scope.everyone and not scope.duty:
        life.looks.read.append((life.door, columns))


def watch(door: Door) -> None:
    """From here on what is read behind the open door of the staff is held against its lists."""
    scope = current()
    if scope is not None and scope.life.looks is None and not door.about:
        scope.life.looks = Looks(door)


def opened(person: int, case: str) -> None:
    """A look at somebody was recorded, in a case about them."""
    scope = current()
    if scope is not None and scope.life.looks is not None and case:
        scope.life.looks.cases[person] = case


def leads_elsewhere() -> None:
    """What was read so far only told that there is no case: the answer leads to where one opens."""
    scope = current()
    if scope is not None and scope.life.looks is not None:
        scope.life.looks.read.clear()


def categories_of(columns: AbstractSet[Key]) -> set[str]:
    """The kinds of data about people that these columns hold, rows by their family."""
    found: set[str] = set()
    for name, column in columns - READ:
        table = registry().tables.get(name)
        if table is None or not table.personal:
            continue
        mark = table.columns[column].mark if column in table.columns else None
        found.add((mark.category if mark else "") if column else table.row)
    return found - {""}


def _within(category: str, listed: AbstractSet[str]) -> bool:
    """Whether a category is listed, or is the family of one that is."""
    return category in listed or any(each.startswith(f"{category}.") for each in listed)
