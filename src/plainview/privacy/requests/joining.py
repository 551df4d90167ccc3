"""Which request runs already for what is asked again, and so speaks for both."""

from __future__ import annotations

from plainview.privacy.requests import disputing, machine, objecting
from plainview.privacy.requests.deciders import COMPLAINT
from plainview.privacy.requests.models import Event, Request


def same(row: Request, matter: disputing.About | None) -> Request | None:
    """The request of the same person for the same that runs already, locked; None if none does.

    What is about one fact, or one decision, is the same as what is about that one alone. A
    complaint is the same in the same words: another may be about anything else.
    """
    theirs = row.theirs()
    if theirs is None or not row.kind or row.kind == objecting.OBJECT or row.agent:
        return None
    alike = {"kind": row.kind, "restricts": row.restricts, "agent": ""}
    running = Request.objects.filter(theirs, **alike, state__in=machine.OPEN)
    if matter is None:
        running = running.filter(matter=None)
    else:
        running = running.filter(matter__name=matter.name, matter__entry=matter.entry)
    locked = running.exclude(pk=row.pk).select_for_update(of=("self",)).order_by("received_at")
    if row.kind != COMPLAINT:
        return locked.first()
    words = _words(row)
    return next((each for each in locked if _words(each) == words), None)


def _words(row: Request) -> str:
    """What was written as it was asked, whatever its spaces and capitals."""
    filed = Event.objects.filter(request=row, step=machine.FILE)
    return " ".join(filed.values_list("said", flat=True).get().split()).casefold()
