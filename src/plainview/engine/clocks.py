"""When a request must be acknowledged, answered and carried out: one function, `dates`.

Three ways of counting, named by `counts` in a jurisdiction's `[clocks]`:

- `union`: Regulation (EEC, Euratom) 1182/71 Art. 3. The day of receipt is not counted; a month ends
  on the day of the same number or on the last of a shorter month; a period that ends on a day that
  is not a working day ends with the next one.
- `uk`: the same, as the Information Commissioner counts; there proof of identity begins the clock
  anew and a question of ours stops it.
- `calendar`: the day of receipt is not counted, and nothing moves a date that falls on a holiday.

Business days are counted after the day of receipt, without weekends and public holidays. Where two
laws, two zones or two calendars of holidays give two dates, the earlier holds.
"""

import calendar as months_of
import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Iterable
from itertools import product
from typing import Any, Literal, NamedTuple

import msgspec

from plainview.engine.declarations import Clocks, Jurisdiction, RightThere

NEVER = ("", "none")
NOTICE = "notice"
AHEAD = 2
"""How many working days before the law's date we mean to be done."""
APPEAL = "appeal"
_LENGTH = re.compile(r"([1-9]\d*) (day|month|business day)s?")
_DAY = dt.timedelta(days=1)
_ENDLESS = dt.date.max


class Length(NamedTuple):
    """A length of time: so many days, months or business days."""

    number: int
    unit: Literal["day", "month", "business day"]


class Calendar(msgspec.Struct, frozen=True):
    """By which days somebody lives: a time zone, and the country whose holidays they keep.

    Without a country every day from Monday to Friday is a working day.
    """

    zone: str = "UTC"
    country: str = ""

    def day(self, moment: dt.datetime) -> dt.date:
        """Return the date there at a moment that knows its zone."""
        return moment.astimezone(zoneinfo.ZoneInfo(self.zone)).date()

    def ends(self, day: dt.date, at: dt.time) -> dt.datetime:
        """Return the moment at which a clock there shows a time on a day."""
        return dt.datetime.combine(day, at, zoneinfo.ZoneInfo(self.zone))

    def works(self, day: dt.date) -> bool:
        """Whether a day is a working day there."""
        kept = _holidays(self.country)
        return day.weekday() < 5 if kept is None else bool(kept.is_working_day(day))

    def working_days_after(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`th working day there after a day, which is not counted itself."""
        while count:
            day += _DAY
            count -= self.works(day)
        return day


class Pause(msgspec.Struct, frozen=True):
    """What we asked the person, when, and when they answered; None while they have not."""

    ground: Literal["identity", "clarification"]
    asked: dt.datetime
    answered: dt.datetime | None = None


class Dates(msgspec.Struct, frozen=True, kw_only=True):
    """The last days of a request. None where there is none.

    `extended` is the last day if we tell the person, by `due`, why it takes longer;
    `by_notice` says that the law sets no such day and we name one. `opt_out` is the last day for
    others to stop; our own part is done at once. `appeal` is for an appeal that came with this
    request's receipt. `target` is the day by which we mean to answer. `stopped` is what the clock
    waits for: until then there is no `due`.
    """

    received: dt.date
    acknowledge: dt.date | None = None
    due: dt.date | None = None
    extended: dt.date | None = None
    by_notice: bool = False
    opt_out: dt.date | None = None
    appeal: dt.date | None = None
    target: dt.date | None = None
    stopped: str = ""


class NoSuchRight(LookupError):
    """None of these laws, and nothing of ours, gives that right."""


def length(text: str) -> Length:
    """Read `45 days`, `1 month`, `10 business days` or `at once`. Raises ValueError."""
    if text == "at once":
        return Length(0, "day")
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is no length of time")
    return Length(int(match[1]), match[2])  # type: ignore[arg-type]


def dates(
    laws: Iterable[Jurisdiction],
    right: str,
    received: dt.datetime,
    *,
    controller: Calendar,
    person: Calendar | None = None,
    pauses: Iterable[Pause] = (),
) -> Dates:
    """Return the days of a request for `right` that came in at `received`, under all of `laws`.

    Raises NoSuchRight, and ValueError for a moment without a zone.
    """
    if received.tzinfo is None:
        raise ValueError("the moment of receipt must know its zone")
    both = (controller,) if person is None else (controller, person)
    held = [law for law in laws if right in law.rights]
    if not held:
        raise NoSuchRight(right)
    pauses = tuple(pauses)
    found = [
        _Count(law, right, received, zone, kept, pauses)
        for law, zone, kept in product(held, both, both)
    ]
    stopped = next((each.stopped for each in found if each.stopped), "")
    due = None if stopped else _earliest(each.end("answer") for each in found)
    last = _earliest(each.last("answer", "extend") for each in found)
    at_first = min(each.received for each in found)
    return Dates(
        received=at_first,
        acknowledge=_earliest(each.end("acknowledge") for each in found),
        due=due,
        extended=last if due and last and due < last < _ENDLESS else None,
        by_notice=due is not None and last == _ENDLESS,
        opt_out=_earliest(each.end("opt_out") for each in found),
        appeal=_earliest(each.end(APPEAL) for each in found),
        target=None if due is None else max(at_first, min(_ahead(due, each) for each in both)),
        stopped=stopped,
    )


def terms(law: Jurisdiction, right: str, name: str) -> tuple[str, ...]:
    """Return what a jurisdiction says of one length for a right; several where that is in doubt.

    What is said of one right counts before what is said of all.
    """
    if right == APPEAL and name in ("answer", "extend"):
        name = APPEAL if name == "answer" else "appeal_extend"
    there: RightThere | Clocks = law.rights[right]
    if not getattr(there, name):
        there = law.clocks
    said = getattr(there, name)
    return (said, *there.also.get(name, ())) if said else ()


class _Count:
    """One law, one zone and one calendar."""

    def __init__(
        self,
        law: Jurisdiction,
        right: str,
        received: dt.datetime,
        zone: Calendar,
        kept: Calendar,
        pauses: tuple[Pause, ...],
    ) -> None:
        self.law, self.right, self.kept = law, right, kept
        self.received = self.begun = zone.day(received)
        self.halted = dt.timedelta()
        self.stopped = ""
        clocks = law.clocks
        for pause in pauses:
            if pause.ground not in (*clocks.restarts, *clocks.stops):
                continue
            over = self.end("answer")
            if over is not None and zone.day(pause.asked) > over:
                continue  # asked when it had run out: that stops nothing
            if pause.answered is None:
                self.stopped = pause.ground
            elif pause.ground in clocks.restarts:
                self.begun = max(self.begun, zone.day(pause.answered))
                self.halted = dt.timedelta()  # what stood still before is not counted at all
            else:
                self.halted += zone.day(pause.answered) - zone.day(pause.asked)

    def end(self, name: str) -> dt.date | None:
        """Return the last day of a length: of several in doubt, the earliest."""
        said = [text for text in terms(self.law, self.right, name) if text not in NEVER]
        return _earliest(self._after(name, [length(text)]) for text in said)

    def last(self, name: str, more: str) -> dt.date | None:
        """Return the last day when the length `name` is extended by `more`; none is the least."""
        end = self.end(name)
        if end is None:
            return None
        found = []
        for text in terms(self.law, self.right, more) or ("none",):
            if text in NEVER:
                return end
            if text == NOTICE:
                found.append(_ENDLESS)
                continue
            firsts = (each for each in terms(self.law, self.right, name) if each not in NEVER)
            found += [self._after(name, [length(first), length(text)]) for first in firsts]
        return min(found)

    def _after(self, name: str, lengths: list[Length]) -> dt.date:
        halts = name == "answer"
        day = self.begun if halts else self.received
        counts = dict.fromkeys((each.unit for each in lengths), 0)
        for each in lengths:
            counts[each.unit] += each.number
        start = day
        for unit, count in counts.items():
            if unit == "month":
                day = _months_after(day, count)
            elif unit == "day":
                day += count * _DAY
            else:
                day = self.kept.working_days_after(day, count)
        if halts:
            day += self.halted
        if day != start and self.law.clocks.counts != "calendar":
            while not self.kept.works(day):
                day += _DAY
        return day


def _earliest(days: Iterable[dt.date | None]) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def _months_after(day: dt.date, count: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months_of.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _ahead(day: dt.date, kept: Calendar) -> dt.date:
    for _ in range(AHEAD):
        day -= _DAY
        while not kept.works(day):
            day -= _DAY
    return day


@functools.lru_cache(maxsize=256)
def _holidays(country: str) -> Any:
    """Return the public holidays of a country, None where nobody has written them down."""
    if not country:
        return None
    import holidays  # noqa: PLC0415 - half a second, and only who counts a country's days needs it
    from holidays.registry import EntityLoader  # noqa: PLC0415 - reads no other country's days

    if country not in EntityLoader.get_country_codes(include_aliases=True):
        return None
    return holidays.country_holidays(country)
