"""The way into one request at the desk: the log says who looks, and in which case, before that."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from plainview.domains.staff import queries as looking
from plainview.domains.staff.access import look
from plainview.privacy.requests import machine, queries

ONE = "the officer opens one request, and the log says who it was about before anything is shown"


def in_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a view the request of a number once the log says who looks, and in which case.

    A request that is not over is the case; one that is opens in another case about that person
    alone, and leads there. Whoever was writing as it ended gets back what they wrote. Raises
    Http404 for a number of none.
    """

    @wraps(view)
    def opened(request: HttpRequest, number: str, **named: str) -> HttpResponse:
        row = queries.by_number(number)
        if row is None:
            raise Http404("no such request")
        closed = row.closed_at if request.method == "POST" else None
        just_now = closed is not None and closed > timezone.now() - looking.OPEN_FOR
        case = "" if row.state in machine.FINAL and not just_now else row.number
        return look(request, row.subject, case) or view(request, row, **named)

    return opened
