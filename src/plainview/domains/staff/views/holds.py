"""Legal holds at the desk: which stand and end soon, and in a case those of one person."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.models import Role
from plainview.domains.staff import queries
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms.holds import HoldForm
from plainview.domains.staff.forms.shared import form_page
from plainview.platform import languages
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.models import LegalHold
from plainview.privacy.policies import in_force
from plainview.privacy.rights import holds as standing
from plainview.privacy.rights import services as rights
from plainview.privacy.rights import wording

PAGE = 100
SOON = dt.timedelta(days=30)
STANDS = "which holds stand and when they end; no row says whom it is about, or why"


class Shown(NamedTuple):
    """A hold as a page has it: what it covers in words, who answers for it, if it ends soon."""

    row: LegalHold
    covers: str
    owner: str
    soon: bool


@serves("rights", may=["account"], source="staff", everyone=STANDS, lists=["requests.rights"])
@staff("privacy.requests")
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """The holds that stand, those that end first first. It names nobody, and says no reason."""
    page = Paginator(standing.standing(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _shown(list(page.object_list))}
    return render(request, "staff/holds.html", context)


@serves("rights", may=["account"], source="staff", everyone=STANDS, lists=["requests.rights"])
@staff("privacy.requests")
@require_safe
def opened(request: HttpRequest, hold: int) -> HttpResponse:
    """To the person of a hold, which opens in a case alone."""
    found = next((each.subject for each in standing.standing() if each.pk == hold), None)
    if found is None:
        raise Http404("no such hold stands")
    return redirect("desk-person-holds", found)


@serves("rights", may=["account"], source="staff", about="person")
@staff("privacy.requests", about="person")
def person(request: HttpRequest, person: int) -> HttpResponse:
    """The holds of somebody: puts one, or releases one so that what it kept goes on."""
    with entering("account", oneself=True):
        roles = {Role.OFFICER, Role.ADMINISTRATOR}
        colleagues = [
            (each.account, each.email) for each in accounts.staff() if roles & set(each.roles)
        ]
        warrant = queries.warrant(staff=me(request), person=person)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "release":
        _release(request, person)
        return redirect("desk-person-holds", person)
    form = HoldForm(
        request.POST if act == "hold" else None,
        colleagues=colleagues,
        initial={"owner": me(request)},
    )
    if form.is_bound and form.is_valid():
        standing.put(person, **form.cleaned_data)
        messages.success(request, _("It is held from now on. An erasure keeps it and says so."))
        return redirect("desk-person-holds", person)
    context = {
        "form": form,
        "person": person,
        "warrant": warrant,
        "rows": _shown(standing.of(person)),
    }
    return form_page(request, "staff/person_holds.html", context)


def _release(request: HttpRequest, person: int) -> None:
    """Release one of a person's holds, if it stands."""
    number = request.POST.get("hold", "")
    theirs = {str(each.pk): each.pk for each in standing.of(person)}
    if number in theirs:
        rights.release(theirs[number])
        messages.success(request, _("It is over. What waited for it goes on."))
    else:
        messages.error(request, _("This hold is over already."))


def _shown(rows: list[LegalHold]) -> list[Shown]:
    with entering("account", oneself=True):
        names = accounts.colleagues({each.owner for each in rows if each.owner})
    end, known = timezone.localdate() + SOON, in_force().categories
    return [
        Shown(
            row,
            languages.listed(
                [wording.category(each) for each in row.categories.split() if each in known]
            ),
            names.get(row.owner or 0, ""),
            row.until <= end,
        )
        for row in rows
    ]
