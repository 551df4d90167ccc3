"""Your privacy: what is held, a copy of it, and the way out; for a device without account too."""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.signing import BadSignature
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.platform import languages
from plainview.platform.downloads import JSON, attachment, download
from plainview.platform.identifiers import number_in
from plainview.privacy.consent import cookie, storage
from plainview.privacy.disclosures import named
from plainview.privacy.disclosures import queries as disclosures
from plainview.privacy.gate.doors import serves
from plainview.privacy.models import Erasure
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import controller, in_force
from plainview.privacy.receipts import queries as receipts
from plainview.privacy.retention import lasting
from plainview.privacy.rights import queries, reports, results, services, statements
from plainview.privacy.rights.doorway import (
    DEVICE,
    address,
    confirmed,
    subject_of,
    to_confirm,
)
from plainview.privacy.visitors import visitor_of

LONGEST_SEARCH = 100
LATEST = 3
REPORTS = "whoever holds the key of a report may read it, and it names nobody"


@serves("rights", may=["account"], source="use")
@never_cache
@require_safe
def overview(request: HttpRequest, whose: str = "") -> HttpResponse:
    """What is held now by category, what was chosen, what this device is (P5.2.1.1a)."""
    visitor, subject = visitor_of(request), subject_of(request, whose)
    member = subject is not None and subject == visitor.account
    if subject is None or not (member or queries.device(subject)):
        return render(request, "privacy/rights/nothing.html")
    counts = queries.held(subject)
    lasts = lasting.lasts(subject) if member else None
    return render(
        request,
        "privacy/rights/overview.html",
        {
            "member": member,
            "ends": lasts.course.ends if lasts else None,
            "held": queries.overview(visitor, counts),
            "refused": queries.refused_everything(visitor, counts),
            "chosen": receipts.history(subject)[:LATEST],
            "device": queries.device(visitor.device),
            "linked": queries.linked(visitor.device),
            "held_url": "privacy-held" if member else "privacy-device-held",
            "copy_url": address("" if member else DEVICE, "copy"),
            "leave_url": address("" if member else DEVICE, "leave"),
            "statement_url": address("" if member else DEVICE, "statement"),
            "disclosures_url": address("" if member else DEVICE, "disclosures"),
        },
    )


@serves("rights", may=["account"], source="form")
@same_origin_post
def held(request: HttpRequest, category: str, whose: str = "") -> HttpResponse:
    """Each entry of a category: read it, search it, delete one. What is searched is posted."""
    subject = subject_of(request, whose)
    if subject is None or category not in in_force().categories:
        raise Http404("nothing of this kind is held here")
    if token := request.POST.get("delete", ""):
        _remove(request, subject, token)
    if token and "page" not in request.POST:
        return HttpResponseRedirect(request.path)
    search = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    number = min(number_in(request.POST.get("page", "")) or 1, 100_000)
    found = queries.entries(subject, category, search=search, page=number)
    if token and not found.entries:
        return HttpResponseRedirect(request.path)
    rows = queries.rows_of(subject, category)
    return render(
        request,
        "privacy/rights/held.html",
        {
            "kind": queries.category(visitor_of(request), category, rows),
            "found": found,
            "member": subject == visitor_of(request).account,
            "search": search,
            "back": address(whose, "overview"),
            "before": found.number - 1,
            "after": found.number + 1 if found.more else 0,
        },
    )


def _remove(request: HttpRequest, subject: int, token: str) -> None:
    try:
        services.remove_entry(subject, token)
    except (BadSignature, services.NotRemovable):
        messages.error(request, _("That could not be deleted by itself. Nothing was changed."))
    else:
        messages.success(request, _("Deleted."))


@serves("rights", may=["account"], source="use")
@never_cache
@require_safe
def statement(request: HttpRequest, whose: str = "") -> HttpResponse:
    """Kinds held, and what was disclosed, sold or shared (P5.2.1.1a, P5.2.2.1a, P5.2.2.3a)."""
    subject = subject_of(request, whose)
    if subject is None:
        return redirect("privacy-overview")
    whole = request.GET.get("since") == "all"
    found = statements.of(subject, whole=whole)
    if request.GET.get("as") == "json":
        return download("statement.json", msgspec.json.encode(found), JSON)
    return render(
        request,
        "privacy/rights/statement.html",
        {"statement": found, "whole": whole, "back": address(whose, "overview")},
    )


@serves("rights", may=["account"], source="use")
@never_cache
@require_safe
def leave(request: HttpRequest, whose: str = "") -> HttpResponse:
    """What leaving would do, line by line, before anything is done."""
    subject = subject_of(request, whose)
    if subject is None:
        return redirect("privacy-overview")
    return render(
        request,
        "privacy/rights/leave.html",
        {
            "member": subject == visitor_of(request).account,
            "told": reports.told(services.plan(subject), planned=True),
            "named": reports.named_by_oneself(named.hosts(subject)),
            "hindrance": services.hindrance(subject),
            "confirm": address(whose, "leave-confirm"),
            "copy": address(whose, "copy"),
            "back": address(whose, "overview"),
        },
    )


@serves("rights", may=["account", "privacy-choices"], source="form")
@same_origin_post
def confirm(request: HttpRequest, whose: str = "") -> HttpResponse:
    """The last step (P5.2.1.4a): a box and a button, behind the password of a member."""
    subject = subject_of(request, whose)
    if subject is None:
        return redirect("privacy-overview")
    if not confirmed(request, whose):
        return to_confirm(request)
    member = subject == visitor_of(request).account
    sure = request.POST.get("sure") == "yes"
    if request.method != "POST" or not sure:
        return render(
            request,
            "privacy/rights/confirm.html",
            {
                "member": member,
                "unsure": request.method == "POST",
                "back": address(whose, "leave"),
            },
            status=422 if request.method == "POST" else 200,
        )
    try:
        key = services.leave(subject)
    except services.NobodyThere:
        return redirect("privacy-overview")
    except services.Hindered:
        return redirect("privacy-leave")  # which says why
    signed_in = not member and visitor_of(request).account is not None
    if member:
        logout(request)
    where = reverse("privacy-left", args=[key], query=_spoken(request))
    response = HttpResponseRedirect(where)
    _forget_browser(response, member=member)
    if not signed_in:
        storage.clear(response)
    return response


def _spoken(request: HttpRequest) -> dict[str, str]:
    """What keeps the next page in the language that was picked, without the cookie of it."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return {"lang": languages.current()} if chosen else {}


def _forget_browser(response: HttpResponse, *, member: bool) -> None:
    """Take back every cookie of ours but that of somebody who is signed in here (P2.1.3b).

    Where a `member` leaves, what was answered on the device stays: it is the device's own.
    """
    for key in storage.keys():  # noqa: SIM118 - a function
        stays = member and key.purpose == "privacy-choices"
        if key.kind == "cookie" and key.name != settings.SESSION_COOKIE_NAME and not stays:
            response.delete_cookie(key.name, samesite="Lax")
    if not member:
        cookie.hand(response, None)


@serves("rights", may=["account"], source="use", everyone=REPORTS)
@never_cache
@require_safe
def left(request: HttpRequest, key: str) -> HttpResponse:
    """How an erasure stands, and at its end the report of it."""
    row = get_object_or_404(Erasure, key=key)
    report = services.read(row)
    return render(
        request,
        "privacy/rights/left.html",
        {
            "row": row,
            "report": report,
            "told": reports.told(report.lines),
            "notes": reports.notes(report.notes, report.named),
            "stores": results.in_words(row.pk),
            "asked": disclosures.asked_by(row.pk),
            "left": [each for each in report.found if each.kind == "left"],
            "unknown": [each for each in report.found if each.kind == "unknown"],
            "elsewhere": [each for each in report.found if each.kind == "elsewhere"],
            "waiting": row.state == Erasure.State.ASKED,
            "complete": services.complete(row.pk),
            "incomplete": row.state == Erasure.State.INCOMPLETE,
            "officer": in_force().controller.officer or controller().email,
        },
    )


@serves("rights", source="use", everyone=REPORTS)
@never_cache
@require_safe
def left_report(request: HttpRequest, key: str) -> HttpResponse:
    """The same to keep, for machines and people."""
    row = get_object_or_404(Erasure, key=key)
    report, asked = services.read(row), disclosures.asked_by(row.pk)
    return JsonResponse(
        {
            "service": controller().name,
            "asked_at": row.asked_at.isoformat(timespec="seconds"),
            "ended_at": row.ended_at and row.ended_at.isoformat(timespec="seconds"),
            "state": row.state,
            "complete": services.complete(row.pk),
            "lines": [
                {
                    "what": each.what,
                    "outcome": each.outcome,
                    "why": each.why,
                    "fields": each.fields,
                    "rows": each.rows,
                }
                for each in reports.told(report.lines)
            ],
            "found": [
                {"where": each.where, "times": each.times, "kind": each.kind}
                for each in report.found
            ],
            "notes": reports.notes(report.notes, report.named),
            "stores": results.of(row.pk),
            "recipients": [{"name": each.name, "state": each.state} for each in asked],
        },
        headers=attachment("report.json"),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
