"""What stands in the register: each breach with all that is known of it, and how its duties are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from plainview.privacy.breaches.due import Deadline, deadlines
from plainview.privacy.breaches.models import Breach, Line, Mailing
from plainview.privacy.breaches.said import (
    Closed,
    Hidden,
    Letter,
    Opened,
    Said,
    Shown,
    Stated,
    Written,
    read,
)
from plainview.privacy.breaches.services import DIGEST, ENTRY, NUMBER, WHAT, digest
from plainview.privacy.log.inspecting import Damage, compare_with
from plainview.privacy.log.models import Act, Deed
from plainview.privacy.policies import in_force


class Entry(NamedTuple):
    """A row of the register and what it says."""

    row: Line
    said: Said


class Case:
    """A breach as it stands at a moment."""

    def __init__(self, breach: Breach, lines: Iterable[Line], now: dt.datetime) -> None:
        self.breach, self.now = breach, now
        self.entries = [Entry(row, read(row.said)) for row in lines]
        self.said = [each.said for each in self.entries]

    @property
    def facts(self) -> Stated:
        """What is known: the latest statement, which each breach begins with."""
        return next(each for each in reversed(self.said) if isinstance(each, Stated))

    @cached_property
    def deadlines(self) -> list[Deadline]:
        """Its duties, those that are near first."""
        return deadlines(in_force(), self.facts, self.said, self.now)

    @property
    def undone(self) -> list[Deadline]:
        """The duties that are still to be done."""
        return [each for each in self.deadlines if each.open]

    @property
    def due(self) -> dt.datetime | None:
        """The nearest moment by which something is to be done."""
        return next((each.clock.due for each in self.undone if each.clock.due), None)

    @property
    def open(self) -> bool:
        """Whether it was not closed, or taken up again since."""
        last = [each for each in self.said if isinstance(each, Closed | Opened)]
        return not last or isinstance(last[-1], Opened)

    @property
    def shown(self) -> Shown | None:
        """The public communication that stands on the site."""
        last = [each for each in self.said if isinstance(each, Shown | Hidden)]
        return last[-1] if last and isinstance(last[-1], Shown) else None

    @property
    def letters(self) -> Mapping[str, Letter]:
        """The words of the last letter or communication, by language; none before the first."""
        last = [each for each in self.said if isinstance(each, Written | Shown)]
        return last[-1].texts if last else {}


def cases(now: dt.datetime | None = None) -> list[Case]:
    """Every breach: open ones by their nearest moment, then closed ones, the latest first."""
    at = now or timezone.now()
    rows = Breach.objects.prefetch_related("lines")
    found = [Case(row, row.lines.all(), at) for row in rows]
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda each: (not each.open, each.due or last))


def case(number: str, now: dt.datetime | None = None) -> Case | None:
    """One breach by its number; None where there is none."""
    row = Breach.objects.filter(number=number).first()
    return None if row is None else Case(row, row.lines.all(), now or timezone.now())


def mailings(found: Case) -> list[Mailing]:
    """How far its letters are, the latest first."""
    return list(Mailing.objects.filter(line__breach=found.breach).order_by("-line__seq"))


def shown() -> list[Case]:
    """The breaches of which the site tells everybody."""
    numbers = Line.objects.filter(kind=Line.Kind.SHOWN).values("breach")
    rows = Breach.objects.filter(pk__in=numbers).prefetch_related("lines")
    return [each for each in (Case(r, r.lines.all(), timezone.now()) for r in rows) if each.shown]


def authors(entries: Sequence[Entry]) -> dict[int, int]:
    """Who of the staff wrote entries, by their `seq`, as long as the log of acts says it.

    Within a door that may list `access.looks`.
    """
    acts = Act.objects.filter(leaf__in=[each.row.leaf_id for each in entries])
    staff = {leaf: number for leaf, number in acts.values_list("leaf", "staff") if number}
    return {e.row.seq: staff[e.row.leaf_id] for e in entries if e.row.leaf_id in staff}


def by_service(entries: Sequence[Entry]) -> set[int]:
    """The entries that the service wrote by itself, by their `seq`."""
    leaves = [each.row.leaf_id for each in entries]
    mine = set(Deed.objects.filter(leaf__in=leaves).values_list("leaf", flat=True))
    return {each.row.seq for each in entries if each.row.leaf_id in mine}


def _altered() -> Iterator[Damage]:
    """Where an entry is another than the log committed to; under the duty `audit`."""
    bodies = dict[int, str]()
    for table in (Act, Deed):
        bodies |= dict(table.objects.filter(what=WHAT).values_list("leaf", "body"))
    for row in Line.objects.select_related("breach"):
        body = bodies.pop(row.leaf_id, None)
        where = f"entry {row.seq} of breach {row.breach.number}"
        said = {} if body is None else json.loads(body)
        mine = {NUMBER: row.breach.number, ENTRY: str(row.seq), DIGEST: digest(row.said)}
        if body is not None and not mine.items() <= said.items():
            yield Damage(where, "says something else than the log committed to")
    for body in bodies.values():
        said = json.loads(body)
        where = f"entry {said.get(ENTRY)} of breach {said.get(NUMBER)}"
        yield Damage(where, "is gone, and the log committed to it")


def join() -> None:
    """Let an inspection of the log look at the register too."""
    compare_with(_altered)
