"""Which requests are due for what the service does by itself."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import carrying, clock, machine, minors
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request


def being_erased() -> list[int]:
    """The deletions that were begun and are not answered."""
    with Opened(DOOR):
        rows = Request.objects.filter(
            erasure__isnull=False, state__in=(State.WORKING, State.PAUSED)
        )
        return list(rows.values_list("pk", flat=True))


def by_itself(now: dt.datetime) -> Q:
    """The deletions that are carried out by themselves by a moment, if nobody objects."""
    return Q(
        kind=carrying.DELETE,
        state=State.WORKING,
        by_hand=False,
        member=True,
        erasure=None,
        channel__in=carrying.OWN,
        proof__in=carrying.SHOWN,
        received_at__lte=now - carrying.GRACE,
    )


def to_carry_out(now: dt.datetime) -> list[int]:
    """The deletions whose time of grace is over, and which nobody objected to."""
    with Opened(DOOR):
        rows = Request.objects.filter(by_itself(now))
        return list(rows.order_by("received_at").values_list("pk", flat=True))


def to_escalate(today: dt.date) -> list[int]:
    """The requests whose next day is near, and of which nobody was told since it is: P12c.

    Each has several such days, one after the other: to say that it came, to answer, a later one.
    """
    with Opened(DOOR):
        rows = Request.objects.filter(state__in=machine.RUNNING, next_on__lte=today + clock.SOON)
        near = rows.order_by("next_on", "pk").values_list("pk", "next_on", "escalated_at")
        return [
            request
            for request, day, told in near
            if told is None or (day is not None and clock.day(told) < day - clock.SOON)
        ]


def to_remind(now: dt.datetime) -> list[Request]:
    """The requests of which nobody has said yet which account is a child's (P10d).

    Somebody is told again when half the time went by which the policy gives, and when all of it
    did; later each wait is half as long as what went before, or a forgery would write all night.
    """
    looked_for = (State.RECEIVED, State.IDENTIFYING, State.WORKING)
    with Opened(DOOR):
        rows = Request.objects.filter(kind=minors.MINOR, state__in=looked_for)
        return [
            row
            for row in rows.order_by("received_at")
            if row.erasure is None and now >= minors.told_again(row) and not minors.closed(row)
        ]


def to_close(today: dt.date) -> list[int]:
    """The decided requests whose time for an appeal is over."""
    with Opened(DOOR):
        decided = Q(state__in=("answered", "refused"), appeal_until__lt=today)
        settled = Q(state=State.SETTLED, settled_at__lt=timezone.now() - clock.PATIENCE)
        return list(Request.objects.filter(decided | settled).values_list("pk", flat=True))
