"""A case as a whole: taken in hand, searched for, or taken at its word where no proof is asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.staff.access import me, staff
from plainview.domains.staff.views.cases import ONE, in_case, in_hand
from plainview.privacy.gate.doors import serves
from plainview.privacy.requests import scanning, services
from plainview.privacy.requests.models import Request


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff("privacy.requests")
@require_POST
@in_case
def hand(request: HttpRequest, row: Request) -> HttpResponse:
    """Takes a request in hand, or puts it back for a colleague."""
    if request.POST.get("act") == "back":
        services.let_go(row.pk, me(request))
    else:
        try:
            services.take(row.pk, me(request))
        except services.InHand as held:
            messages.warning(request, in_hand(held))
    return redirect("desk-request", row.number)


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
@staff("privacy.requests")
@require_POST
@in_case
def word(request: HttpRequest, row: Request) -> HttpResponse:
    """Carries out what nobody has to prove, by the word of whoever wrote (11 CCR 7026(d))."""
    try:
        services.take_word(row.pk, staff=me(request))
    except services.InHand as held:
        messages.warning(request, in_hand(held))
    except services.Impossible:
        messages.warning(
            request,
            _("The request has moved on meanwhile, so nothing was done. This is how it stands."),
        )
    else:
        messages.success(request, _("It holds from now on, and they were told."))
    return redirect("desk-request", row.number)
