"""The officer's queue: what is open, by the day on which the next thing is due, page by page.

Pages are cut by the last row's day and number, so that the last of ten thousand costs what the
first does. What was escalated comes first. A row names nobody: whom it is about opens with the
case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from plainview.platform.identifiers import number_in
from plainview.privacy.places.territories import named_alike, territory_of
from plainview.privacy.requests import carrying, due
from plainview.privacy.requests.machine import RUNNING, State
from plainview.privacy.requests.models import Request

PAGE = 50
MINE, NOBODYS = "mine", "nobody"
_COLUMNS = (
    "id", "number", "kind", "state", "channel", "place", "residence", "language", "officer",
    "member", "by_hand", "proof", "received_at", "acknowledged_at", "due_on", "target_on",
    "next_on", "escalated_at", "erasure",
)  # fmt: skip


class Filters(NamedTuple):
    """What of the queue is asked for; empty is all. `whose` is MINE or NOBODYS."""

    state: str = ""
    kind: str = ""
    place: str = ""
    whose: str = ""

    @property
    def unsorted(self) -> bool:
        """Whether only requests are asked for of which nobody knows yet what they want."""
        return self.kind == UNSORTED


UNSORTED = "-"


class Row(NamedTuple):
    """One open request as the queue shows it."""

    id: int
    number: str
    kind: str
    state: str
    channel: str
    place: str
    residence: str
    language: str
    officer: int | None
    member: bool
    by_hand: bool
    proof: str
    received_at: dt.datetime
    acknowledged_at: dt.datetime | None
    due_on: dt.date | None
    target_on: dt.date | None
    next_on: dt.date
    escalated_at: dt.datetime | None
    erasure: int | None

    @property
    def itself_at(self) -> dt.datetime | None:
        """When it is carried out by itself, if it is."""
        return carrying.itself_at(self)

    @property
    def unproved(self) -> bool:
        """Whether nothing proves who asks and nobody needs to: an officer carries it out."""
        waits = self.state == State.RECEIVED and not self.proof
        return waits and carrying.on_their_word(self.kind)


class Page(NamedTuple):
    """Rows, and what to ask for those after them; empty at the end."""

    rows: list[Row]
    after: str


class Figures(NamedTuple):
    """How the queue stands: open, past their day, due within the week, nobody's, escalated.

    `alone` are the deletions that are done by themselves within a day, unless a person keeps them.
    """

    open: int
    late: int
    week: int
    nobodys: int
    escalated: int
    alone: int


def page(filters: Filters, *, staff: int, after: str = "") -> Page:
    """A page of the queue as `staff` filters it, after the place that a page before named."""
    escalated, day, last = _read(after)
    found: list[Row] = []
    wanted = PAGE + 1
    if escalated:
        found = _rows(_open(filters, staff).filter(escalated_at__isnull=False), day, last, wanted)
        day, last = None, 0
    if len(found) < wanted:
        rest = _open(filters, staff).filter(escalated_at__isnull=True)
        found += _rows(rest, day, last, wanted - len(found))
    more = len(found) > PAGE
    return Page(found[:PAGE], _place(found[PAGE - 1]) if more else "")


def following(number: str, *, staff: int) -> str:
    """The number of the request that stands after another in the queue; "" at its end."""
    here = of_numbers([number])
    if not here or here[0].state not in set(RUNNING):
        return ""
    rows = page(Filters(), staff=staff, after=_place(here[0])).rows
    return rows[0].number if rows else ""


def figures(*, staff: int, today: dt.date) -> Figures:
    """The numbers above the queue."""
    week = today + dt.timedelta(days=7)
    counted = _open(Filters(), staff).aggregate(
        open=Count("id"),
        late=Count("id", filter=Q(next_on__lt=today)),
        week=Count("id", filter=Q(next_on__gte=today, next_on__lte=week)),
        nobodys=Count("id", filter=Q(officer__isnull=True)),
        escalated=Count("id", filter=Q(escalated_at__isnull=False)),
        alone=Count("id", filter=due.by_itself(timezone.now() + dt.timedelta(days=1))),
    )
    return Figures(**counted)


def places() -> list[str]:
    """The places whose laws hold for what is open, to choose from."""
    rows = Request.objects.filter(state__in=RUNNING).values_list("residence", "place").distinct()
    return sorted({territory_of(residence or place) for residence, place in rows} - {""})


def open_about(subject: int) -> list[Row]:
    """The open requests of one person: only they give ground to look at what is held of them."""
    return _rows(Request.objects.filter(subject=subject, state__in=RUNNING), None, 0, PAGE)


def of_numbers(numbers: Iterable[str]) -> list[Row]:
    """Requests by their public numbers."""
    rows = Request.objects.filter(number__in=list(numbers)).order_by("id")
    return [Row(*each) for each in rows.values_list(*_COLUMNS)]


def _open(filters: Filters, staff: int) -> QuerySet[Request]:
    states = [filters.state] if filters.state in set(RUNNING) else [str(each) for each in RUNNING]
    found = Request.objects.filter(state__in=states, next_on__isnull=False)
    if filters.kind:
        found = found.filter(kind="" if filters.unsorted else filters.kind)
    if filters.place:
        named = named_alike(filters.place)
        found = found.filter(Q(residence__in=named) | Q(residence="", place__in=named))
    if filters.whose == MINE:
        found = found.filter(officer=staff)
    elif filters.whose == NOBODYS:
        found = found.filter(officer__isnull=True)
    return found


def _rows(found: QuerySet[Request], day: dt.date | None, last: int, most: int) -> list[Row]:
    if day is not None:
        found = found.filter(Q(next_on__gt=day) | Q(next_on=day, id__gt=last), next_on__gte=day)
    ordered = found.order_by("next_on", "id").values_list(*_COLUMNS)
    return [Row(*each) for each in ordered[:most]]


def _place(row: Row) -> str:
    return f"{'e' if row.escalated_at else 'd'}{row.next_on:%Y%m%d}-{row.id}"


def _read(after: str) -> tuple[bool, dt.date | None, int]:
    """What a place says: whether among the escalated, after which day and number."""
    kind, (day, _dash, row) = after[:1], after[1:].partition("-")
    number = number_in(row)
    if kind not in ("e", "d") or number is None:
        return True, None, 0
    try:
        return kind == "e", dt.datetime.strptime(day, "%Y%m%d").date(), number
    except ValueError:
        return True, None, 0


STATES = tuple(State(each) for each in RUNNING)


def open_from(address: str) -> list[Row]:
    """The open requests of somebody without an account who writes from exactly this address."""
    found = Request.objects.filter(contact=address.lower(), state__in=RUNNING, member=False)
    return _rows(found, None, 0, PAGE)
