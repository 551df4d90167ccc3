"""How many requests a year the law makes free, and that somebody asked more often (`clocks.free`).

Nothing follows from it by itself: what a person may decide, a fee or a refusal, they are told.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import clock, identity
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request

YEAR = dt.timedelta(days=365)


class Beyond(NamedTuple):
    """How many of these the law makes free in twelve months, and which in order this one is."""

    free: int
    place: int


def beyond(row: Request) -> Beyond | None:
    """That a request is more than the law there makes free; None while it is free.

    Counted are the proved requests of the same person for the same right in the twelve months to
    its receipt, joined and withdrawn ones excepted. What asks no proof is free however often, and
    so is everything where one of the laws makes all of it free.
    """
    counts = [law.clocks.free for law in clock.laws(row.place, row.residence)]
    theirs = row.theirs()
    if not row.kind or not counts or not all(counts) or identity.needless(row.kind) or not theirs:
        return None
    since = row.received_at - YEAR
    with Opened(DOOR):
        before = Request.objects.filter(
            theirs, kind=row.kind, received_at__gt=since, received_at__lt=row.received_at
        )
        counted = before.exclude(state__in=(State.JOINED, State.WITHDRAWN)).exclude(proof="")
        place = counted.count() + 1
    return Beyond(max(counts), place) if place > max(counts) else None
