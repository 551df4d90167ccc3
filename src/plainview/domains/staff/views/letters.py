"""Letters at the desk: copyright notices, each with a decision that its sender is told."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.staff.access import staff
from plainview.domains.staff.forms import OutcomeForm, SettleForm
from plainview.domains.support import queries, services
from plainview.domains.support.models import CopyrightNotice
from plainview.privacy.gate.doors import serves

PAGE = 20
UNPROCESSABLE = 422
REPORTED = "whoever moderates reads every notice; each is about who wrote it, and none by name"


@serves("moderation", may=["account"], source="staff", everyone=REPORTED)
@staff("copyright.settle")
def notices(request: HttpRequest) -> HttpResponse:
    """Every copyright notice, the newest first."""
    return _shown(request)


@serves("moderation", may=["account"], source="staff", everyone=REPORTED)
@staff("copyright.settle")
@require_POST
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Upholds or refuses a notice, for a reason that its sender reads."""
    form = SettleForm(request.POST, auto_id=_ids(number))
    if not form.is_valid():
        return _shown(request, {number: form}, UNPROCESSABLE)
    site = request.build_absolute_uri("/").rstrip("/")
    try:
        services.settle_notice(number, site=site, **form.decided())
    except CopyrightNotice.DoesNotExist:
        raise Http404("no such notice") from None
    except services.AlreadySettled:
        messages.error(request, _("Somebody has decided this notice. Nothing was changed."))
    else:
        messages.success(request, _("Decided, and its sender is told."))
    return redirect("desk-copyright")


@serves("moderation", may=["account"], source="staff", everyone=REPORTED)
@staff("copyright.settle")
@require_POST
def court(request: HttpRequest, number: str) -> HttpResponse:
    """Enters what a court decided: what was taken down stays so, or is put back."""
    form = OutcomeForm(request.POST, auto_id=_ids(number))
    if not form.is_valid():
        return _shown(request, {number: form}, UNPROCESSABLE)
    given = form.cleaned_data
    try:
        services.judge(number, stays=given["outcome"] == "stays", case=given["case"])
    except services.Passed:
        messages.error(request, _("Somebody has decided this notice. Nothing was changed."))
    else:
        messages.success(request, _("Entered, and both sides are told."))
    return redirect("desk-copyright")


def _shown(
    request: HttpRequest, typed: Mapping[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """The list, each open notice with its form: as it was typed, if it could not be taken."""
    page = Paginator(queries.notices(), PAGE).get_page(request.GET.get("page"))
    answers = queries.counters([each.number for each in page])
    rows = [
        (each, (typed or {}).get(each.number) or _form(each), answers.get(each.number))
        for each in page
    ]
    context = {"page": page, "rows": rows, "closed": queries.of_many_strikes()}
    return render(request, "staff/copyright.html", context, status=status)


def _form(notice: CopyrightNotice) -> Form | None:
    """The form that decides an open notice, with the title whose address the claimant wrote.

    For one before a court, the form that says what it decided.
    """
    if notice.state == CopyrightNotice.State.SUED:
        return OutcomeForm(auto_id=_ids(notice.number))
    if notice.state != CopyrightNotice.State.OPEN:
        return None
    title = queries.named_in(notice.where)
    initial = {"place": title.get_absolute_url() if title else ""}
    return SettleForm(auto_id=_ids(notice.number), initial=initial)


def _ids(number: str) -> str:
    return f"{number}_%s"
