"""The devices of a member: which are linked, what each said, apps and televisions; unlinking."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plainview.privacy import sessions
from plainview.privacy.consent import connected, queries, questions, services
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import in_force
from plainview.privacy.push import services as push
from plainview.privacy.staying import stays
from plainview.privacy.visitors import Visitor, visitor_of

PAGE = "privacy/devices.html"


@serves("privacy-choices", may=["account"], source="form")
@login_required
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Which devices and apps are linked to the account, with what each said (P5.1.3b).

    Unlinking a device signs out there: the account reaches it no more, what it said stays its own.
    """
    visitor = visitor_of(request)
    account = int(request.user.pk or 0)
    if request.method != "POST":
        return _page(request, visitor, account)
    if request.POST.get("connect"):
        with transaction.atomic():
            stays(account)
            if not sessions.lasts(account, request.session.session_key or ""):
                raise PermissionDenied  # signed out elsewhere, which ends every app
            code = connected.offer(account)
        return _page(request, visitor, account, code=code)
    if _undo(request, visitor, account):
        messages.success(request, _("Unlinked."))
    else:
        messages.error(request, _("That is not linked any more. Nothing was changed."))
    return redirect("privacy-devices")


def _undo(request: HttpRequest, visitor: Visitor, account: int) -> bool:
    if key := request.POST.get("disconnect", ""):
        return connected.disconnect(account, key)
    asked = request.POST.get("unlink", "")
    for each in queries.devices(account, visitor.device):
        if each.handle == asked and not each.here:
            services.unlink(each.device)
            if not connected.disconnect(account, each.sitting):
                sessions.end(account, each.sitting)
            push.end_signed_out(account)
            return True
    return False


def _page(request: HttpRequest, visitor: Visitor, account: int, code: str = "") -> HttpResponse:
    linked = [(each, _said(each.answers)) for each in queries.devices(account, visitor.device)]
    context = {
        "linked": linked,
        "apps": connected.apps(account),
        "code": code,
        "minutes": int(connected.CODE_LIFE.total_seconds() // 60),
        "shared": visitor.shared,
        "numbered": visitor.device is not None,
    }
    return render(request, PAGE, context)


def _said(answers: dict[str, str]) -> list[tuple[str, bool]]:
    """The answers of a device by the names of the purposes; those no longer asked are left out."""
    known = in_force().purposes
    return [
        (questions.say(f"purposes.{id_}.name"), said != "denied")
        for id_, said in sorted(answers.items())
        if id_ in known
    ]
