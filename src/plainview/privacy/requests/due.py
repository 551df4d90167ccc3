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
    """The requests whose next day is near, and of which nobody was told yet: P12c."""
    return _waiting(Q(escalated_at=None, next_on__range=(today, today + clock.SOON)))


def too_late(today: dt.date, now: dt.datetime) -> list[int]:
    """The requests whose day is over, and of which nobody was told for a week.

    Nothing ends them but a person: no program refuses whoever proved nothing.
    """
    told = Q(escalated_at=None) | Q(escalated_at__lte=now - clock.SOON)
    return _waiting(told, next_on__lt=today)


def _waiting(*which: Q, **more: object) -> list[int]:
    with Opened(DOOR):
        rows = Request.objects.filter(*which, state__in=machine.RUNNING, **more)
        return list(rows.order_by("next_on", "pk").values_list("pk", flat=True))


def to_remind(now: dt.datetime) -> list[Request]:
    """The requests of which nobody has said yet which account is a child's (P10d).

    Somebody is told again when half the time went by which the policy gives, and when all of it
    did; later each wait is half as long as what went before, or a forgery would write all night.
    While we wait for an answer to our question it is a day at least: nobody may ever answer.
    """
    with Opened(DOOR):
        rows = Request.objects.filter(kind=minors.MINOR, state__in=machine.OPEN)
        return [
            row
            for row in rows.order_by("received_at")
            if row.erasure is None and now >= minors.told_again(row) and not minors.closed(row)
        ]


def to_close(today: dt.date) -> list[int]:
    """The decided requests whose time for an appeal is over.

    What rests until the person takes it back ends with them alone.
    """
    with Opened(DOOR):
        decided = Q(state__in=("answered", "refused"), appeal_until__lt=today)
        settled = Q(state=State.SETTLED, settled_at__lt=timezone.now() - clock.PATIENCE)
        rows = Request.objects.filter(decided | settled)
        return [row.pk for row in rows if not (row.rests and carrying.found(row))]
