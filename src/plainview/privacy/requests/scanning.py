"""Having everything searched for whom a request is about; what is found becomes a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plainview.platform import languages
from plainview.platform.jobs import queue
from plainview.platform.languages import numbers
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.models import Request
from plainview.privacy.requests.moving import By, moved
from plainview.privacy.rights import seeking

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SCAN, SCANNED = "requests.scan", "scanned"


def ask(request: int, staff: int) -> None:
    """Have a worker look for whom a request is about, and note for the desk what it finds."""
    queue.enqueue(SCAN, request=request, staff=staff)


WHAT: dict[str, StrOrPromise] = {
    "held": gettext_lazy("in what is held about them"),
    "stray": gettext_lazy("where nothing leads to them"),
    "claimed": gettext_lazy("in what somebody wrote who did not show who they are"),
    "shared": gettext_lazy("a word that others have too"),
    "hashed": gettext_lazy("under a hash that leads back to nobody"),
    "unknown": gettext_lazy("nobody declared what is there"),
}
"""What a place is, for the officer."""


def in_words(note: str) -> str:
    """A note of a scan as the officer reads it: a place a line, how often, and what it is."""
    lines = [line.split(maxsplit=2) for line in note.splitlines()]
    return "\n".join(
        f"{where}{languages.aside(numbers.written(int(times)))}{languages.colon()}{WHAT[what]}"
        for what, times, where in (each for each in lines if len(each) == 3)
    ) or _("Nothing of them was found anywhere.")


def note(request: int, staff: int) -> None:
    """Look everywhere for whom a request is about; the note names places alone."""
    with Opened(DOOR):
        row = Request.objects.get(pk=request)
    found = seeking.scan(seeking.whom(str(row.subject) if row.member else row.contact))
    places = seeking.written(found.places) or "-"
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        moved(row, "note", By.OFFICER, staff=staff, reason=SCANNED, note=places)
