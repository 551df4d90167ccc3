"""By which moment a breach of personal data must be told, and to whom: GDPR Arts. 33, 34 and kin.

Hours run without a stop, by night and on Sundays: the stricter reading of Regulation (EEC, Euratom)
1182/71 Art. 3. Days are counted after the day on which they begin, and end with the last second of
the last; no holiday moves one. Of two zones, two calendars of holidays or two laws, and of what is
in doubt, the earlier moment holds.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import get_args

import msgspec

from plainview.engine.clocks import Calendar, length
from plainview.engine.declarations import Duty, Jurisdiction, Telling

OWED: tuple[Duty, ...] = get_args(Duty)
RISKS = ("any", "risk", "high")
_HOURS = re.compile(r"([1-9]\d{0,3}) hours?")
_MOST_DAYS = 9_999
_LAST = dt.time(23, 59, 59)


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One duty under one law, or under several at once of which the strictest holds.

    `telling` is the one that binds first, `within` its time, the shorter of two where it is in
    doubt; `due` is None while what it counts `after` is not done. `risk` and `over` are the least
    of all the laws'.
    """

    duty: Duty
    telling: Telling
    within: str
    due: dt.datetime | None
    risk: str
    over: int

    def holds(self, risk: str, people: int | None) -> bool:
        """Whether the duty holds at a risk of `risk` or `high`, "any" being neither; "" is unknown.

        `people` is how many there may be at most, None where nobody knows.
        """
        grave = not risk or RISKS.index(risk) >= RISKS.index(self.risk)
        return grave and (people is None or people > self.over)


def clocks(
    laws: Sequence[Jurisdiction],
    begun: Mapping[str, dt.datetime],
    calendars: Iterable[Calendar],
) -> list[Clock]:
    """Return each duty that any of these laws knows, with the earliest moment of all of them.

    `begun` says when we became `aware`, and when a duty was done that others count from. Raises
    ValueError for a moment without a zone.
    """
    if any(moment.tzinfo is None for moment in begun.values()):
        raise ValueError("a moment must know its zone")
    calendars = tuple(calendars)
    found = []
    for duty in OWED:
        said = [law.breach[duty] for law in laws if duty in law.breach]
        if not said:
            continue
        ends = [(*_due(each, begun, calendars), n) for n, each in enumerate(said)]
        due, within, first = min(
            ends, key=lambda end: (end[0] is None, end[0] or dt.datetime.max, end[2])
        )
        found.append(
            Clock(
                duty=duty,
                telling=said[first],
                within=within,
                due=due,
                risk=min((each.risk for each in said), key=RISKS.index),
                over=min(each.over for each in said),
            )
        )
    return found


def after(text: str, begun: dt.datetime, calendars: Iterable[Calendar]) -> dt.datetime:
    """Return the last moment of `72 hours`, `30 days` or `3 business days` from a moment on.

    Raises ValueError for what is no such time.
    """
    if match := _HOURS.fullmatch(text):
        return begun.astimezone(dt.UTC) + dt.timedelta(hours=int(match[1]))
    number, unit = length(text)
    if unit == "month" or number > _MOST_DAYS:
        raise ValueError(f"`{text}` is no time by which a breach is told")
    ends = []
    for zone, kept in product(tuple(calendars), repeat=2):
        day = zone.day(begun)
        day = (
            day + dt.timedelta(days=number)
            if unit == "day"
            else kept.working_days_after(day, number)
        )
        ends.append(zone.ends(day, _LAST))
    return min(ends).astimezone(dt.UTC)


def _due(
    telling: Telling, begun: Mapping[str, dt.datetime], calendars: Sequence[Calendar]
) -> tuple[dt.datetime | None, str]:
    moment = begun.get(telling.after)
    if moment is None:
        return None, telling.within
    said = (telling.within, *telling.also.get("within", ()))
    return min((after(text, moment, calendars), text) for text in said)
