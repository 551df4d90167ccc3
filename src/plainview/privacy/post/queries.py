"""What can be asked of letters: by whoever reads those that wait, and by their requests."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from plainview.privacy.gate.scope import Opened
from plainview.privacy.post import services
from plainview.privacy.post.models import Letter


def letters(state: str) -> QuerySet[Letter]:
    """The letters in a state: those that wait by age, since their clock runs; others the newest.

    Without what they say and who sent them: a list finds a case, and opens none.
    """
    order = "arrived_at" if state == Letter.State.WAITING else "-arrived_at"
    shown = ("key", "state", "why", "language", "arrived_at", "request__number")
    found = Letter.objects.filter(state=state).select_related("request").only(*shown)
    return found.order_by(order, "pk")


def one(key: str) -> Letter:
    """A letter by its name in addresses. Raises Letter.DoesNotExist."""
    return Letter.objects.select_related("request").get(key=key)


def waiting(*, before: datetime | None = None) -> int:
    """How many letters wait for a person, of those alone that came `before` a moment, if given."""
    found = Letter.objects.filter(state=Letter.State.WAITING)
    return (found if before is None else found.filter(arrived_at__lt=before)).count()


def last_came() -> datetime | None:
    """When the newest letter came that is still kept; None if there is none."""
    with Opened(services.DOOR):
        newest = Letter.objects.order_by("-arrived_at")
        return newest.values_list("arrived_at", flat=True).first()


def of_request(request: int) -> QuerySet[Letter]:
    """The letters that belong to a request, the first one first."""
    mine = Letter.objects.filter(request=request, state=Letter.State.REQUEST)
    return mine.order_by("arrived_at")
