"""Who has a request in hand: one at a time, for a quarter of an hour after their last act."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Hold, Request

IN_HAND = dt.timedelta(minutes=15)
"""So long a request stays with whoever took it in hand and does nothing."""


class InHand(Exception):
    """A colleague has the request in hand; `staff` is who, `until` when it is free again."""

    def __init__(self, staff: int, until: dt.datetime) -> None:
        super().__init__("a colleague has it in hand")
        self.staff, self.until = staff, until


def take(request: int, staff: int) -> Hold:
    """Take a request in hand, or go on having it. Raises InHand, Request.DoesNotExist."""
    with Opened(DOOR), transaction.atomic():
        return held(Request.objects.select_for_update().get(pk=request), staff)


def held(row: Request, staff: int) -> Hold:
    """The hold of `staff` on a row of this transaction. Raises InHand."""
    now = timezone.now()
    until = now + IN_HAND
    hold, made = Hold.objects.get_or_create(request=row, defaults={"staff": staff, "until": until})
    if made or hold.staff == staff or hold.until <= now:
        free = Hold.objects.filter(request=row, staff=hold.staff, until=hold.until)
        if free.update(staff=staff, until=until):
            hold.staff, hold.until = staff, until
            return hold
        hold = Hold.objects.get(request=row)
    raise InHand(hold.staff, hold.until)


def let_go(request: int, staff: int) -> None:
    """Put a request back, for a colleague to take."""
    with Opened(DOOR):
        Hold.objects.filter(request=request, staff=staff).delete()
