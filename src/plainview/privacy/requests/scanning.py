"""Having everything searched for whom a request is about; what is found becomes a note."""

from __future__ import annotations

from django.db import transaction

from plainview.platform.jobs import queue
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Request
from plainview.privacy.requests.moving import By, moved
from plainview.privacy.rights import seeking

SCAN, SCANNED = "requests.scan", "scanned"


def ask(request: int, staff: int) -> None:
    """Have a worker look for whom a request is about, and note for the desk what it finds."""
    queue.enqueue(SCAN, request=request, staff=staff)


def note(request: int, staff: int) -> None:
    """Look everywhere for whom a request is about; the note names places alone."""
    with Opened(DOOR):
        row = Request.objects.get(pk=request)
    found = seeking.scan(seeking.whom(str(row.subject) if row.member else row.contact))
    places = seeking.written(found.places) or "-"
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        moved(row, "note", By.OFFICER, staff=staff, reason=SCANNED, note=places)
