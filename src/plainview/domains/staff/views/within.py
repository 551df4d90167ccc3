"""What is looked into within a case: why each use is as it is, and where something of them is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.staff.access import me, staff
from plainview.domains.staff.views.looking import ONE, in_case
from plainview.privacy.gate.doors import serves
from plainview.privacy.requests import deleting, explaining
from plainview.privacy.requests.models import Request


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff("privacy.requests")
@require_POST
@in_case
def scan(request: HttpRequest, row: Request) -> HttpResponse:
    """Has every table and file searched for whoever asked; what is found becomes a note."""
    if not row.open or not (row.member or "@" in row.contact):
        messages.error(request, _("Only for an open request of somebody known is it searched."))
    else:
        deleting.ask_scan(row.pk, me(request))
        messages.success(request, _("It is being searched. What is found becomes a note here."))
    return redirect("desk-request", row.number)


@serves("rights", may=["account", "privacy-choices"], source="staff", everyone=ONE)
@staff("privacy.requests")
@in_case
def why(request: HttpRequest, row: Request) -> HttpResponse:
    """Why each purpose may or may not use this person's data: the rule, the law and the fact."""
    decided = explaining.decided(row.subject, row.purposes.split()) if row.open else None
    return render(request, "staff/request_why.html", {"row": row, "decided": decided})
