"""The way into one request at the desk: the log says who looks, and in which case, before that."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from plainview.domains.staff import queries as looking
from plainview.domains.staff.access import look, staff
from plainview.privacy.gate.doors import serves
from plainview.privacy.requests import acting, explaining, machine, queries
from plainview.privacy.requests.models import Request

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
        written = request.method == "POST" and row.closed_at is not None
        just_now = written and row.closed_at > timezone.now() - looking.OPEN_FOR
        case = "" if row.state in machine.FINAL and not just_now else row.number
        return look(request, row.subject, case) or view(request, row, **named)

    return opened


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff("privacy.requests")
@require_GET
@in_case
def paper(request: HttpRequest, row: Request, key: str) -> HttpResponse:
    """What somebody sent to show that they may act: a download that no browser opens."""
    known = key.isascii() and key.isdecimal() and len(key) < 20 and row.state not in machine.FINAL
    found = acting.file(row, int(key)) if known else None
    if found is None:
        raise Http404("no such paper")
    content, ending = found
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@serves("rights", may=["account", "privacy-choices"], source="staff", everyone=ONE)
@staff("privacy.requests")
@in_case
def why(request: HttpRequest, row: Request) -> HttpResponse:
    """Why each purpose may or may not use this person's data: the rule, the law and the fact."""
    decided = explaining.decided(row.subject, row.purposes.split()) if row.open else None
    return render(request, "staff/request_why.html", {"row": row, "decided": decided})
