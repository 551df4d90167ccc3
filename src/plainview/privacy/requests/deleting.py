"""Deletions and scans that a worker does for a request: begun, looked after, answered when done."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import override

from plainview.platform.jobs import queue
from plainview.platform.languages import code
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import carrying
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Request
from plainview.privacy.requests.moving import By, moved
from plainview.privacy.rights import seeking

SCAN, SCANNED = "requests.scan", "scanned"
"""The work of a scan, and the word of the note that has what it found."""


def carry_out(request: int) -> bool:
    """Do what a request asks without anybody, its time of grace being over (P5.2c).

    False if a person has to, who then finds it marked so. It is answered once all of it is done.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if row.state != State.WORKING or row.by_hand or row.erasure is not None:
            return False
        with override(code(row.language)):
            try:
                words = carrying.leave(row)
            except carrying.Aside:
                moved(row, "by-hand", By.SERVICE, reason="hindered")
                return False
            moved(row, "act", By.SERVICE, said=words)
    return True


def finish(request: int) -> bool:
    """Answer a deletion of which no step is failed or open any more; whether it was so."""
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if row.state not in (State.WORKING, State.PAUSED) or not carrying.erased(row):
            return False
        moved(row, "answer", By.SERVICE)
    return True


def being_erased() -> list[int]:
    """The deletions that were begun and are not answered."""
    with Opened(DOOR):
        rows = Request.objects.filter(
            erasure__isnull=False, state__in=(State.WORKING, State.PAUSED)
        )
        return list(rows.values_list("pk", flat=True))


def due_to_carry_out(now: dt.datetime) -> list[int]:
    """The deletions whose time of grace is over, and which nobody objected to."""
    with Opened(DOOR):
        rows = Request.objects.filter(
            kind=carrying.DELETE,
            state=State.WORKING,
            by_hand=False,
            member=True,
            erasure=None,
            channel__in=carrying.OWN,
            proof__in=carrying.SHOWN,
            received_at__lte=now - carrying.GRACE,
        )
        return list(rows.order_by("received_at").values_list("pk", flat=True))


def ask_scan(request: int, staff: int) -> None:
    """Have a worker look for whom a request is about, and note for the desk what it finds."""
    queue.enqueue(SCAN, request=request, staff=staff)


def note_scan(request: int, staff: int) -> None:
    """Look everywhere for whom a request is about; the note names places alone."""
    with Opened(DOOR):
        row = Request.objects.get(pk=request)
    found = seeking.scan(seeking.whom(str(row.subject) if row.member else row.contact))
    note = seeking.written(found.places) or "-"
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        moved(row, "note", By.OFFICER, staff=staff, reason=SCANNED, note=note)
