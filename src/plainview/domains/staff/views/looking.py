"""The way into one request at the desk: the log says who looks, and in which case, before that."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff import queries as looking
from plainview.domains.staff import services as desk
from plainview.domains.staff.access import look, me, staff
from plainview.domains.staff.models import Look
from plainview.platform.downloads import download
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.requests import acting, explaining, machine, queries, scanning
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
        closed = row.closed_at if request.method == "POST" else None
        just_now = closed is not None and closed > timezone.now() - looking.OPEN_FOR
        case = "" if row.state in machine.FINAL and not just_now else row.number
        return look(request, row.subject, case) or view(request, row, **named)

    return opened


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff("privacy.requests")
@require_safe
@in_case
def paper(request: HttpRequest, row: Request, key: str) -> HttpResponse:
    """What somebody sent to show that they may act: a download that no browser opens."""
    number = None if row.state in machine.FINAL else number_in(key)
    found = None if number is None else acting.file(row, number)
    if found is None:
        raise Http404("no such paper")
    content, ending = found
    answer = download(f"{row.number}.{ending}", content, "application/octet-stream")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@serves("rights", may=["account", "privacy-choices"], source="staff", everyone=ONE)
@staff("privacy.requests")
@in_case
def why(request: HttpRequest, row: Request) -> HttpResponse:
    """Why each purpose may or may not use this person's data: the rule, the law and the fact."""
    decided = explaining.decided(row.subject, row.purposes.split()) if row.open else None
    return render(request, "staff/request_why.html", {"row": row, "decided": decided})


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff("privacy.requests")
@require_POST
@in_case
def scan(request: HttpRequest, row: Request) -> HttpResponse:
    """Has every table and file searched for whoever asked; what is found becomes a note."""
    if not row.open or not (row.member or "@" in row.contact):
        messages.error(request, _("Only for an open request of somebody known is it searched."))
    else:
        scanning.ask(row.pk, me(request))
        messages.success(request, _("It is being searched. What is found becomes a note here."))
    return redirect("desk-request", row.number)


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff("people.open")
@require_POST
@in_case
def person(request: HttpRequest, row: Request) -> HttpResponse:
    """Opens what is held about whoever asked, on the ground of their open request (P2.1.6a)."""
    with entering("account"):
        there = row.open and row.member and accounts.exists(row.subject)
    if not there:
        messages.error(request, _("Only an open request of somebody with an account opens it."))
        return redirect("desk-request", row.number)
    why = _("Your request %(number)s") % {"number": row.number}
    with entering("account"):
        desk.look(
            staff=me(request),
            person=row.subject,
            kind=Look.Kind.RIGHTS,
            case=row.number,
            reason=why,
        )
    return redirect("desk-person", row.subject)
