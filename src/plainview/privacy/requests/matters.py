"""Saying of one fact that it is wrong, at the fact itself, signed in; without script."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.requests import disputing, services
from plainview.privacy.requests import forms as asking
from plainview.privacy.requests.forms import SayForm
from plainview.privacy.requests.models import Channel, Proof, Request
from plainview.privacy.requests.services import Asked
from plainview.privacy.requests.views import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from plainview.privacy.rights import queries as held
from plainview.privacy.rights import wording
from plainview.privacy.visitors import Visitor


@serves("rights", may=["account"], source="form")
@never_cache
@same_origin_post
def wrong(request: HttpRequest) -> HttpResponse:
    """What is wrong with one entry, in the words of whom it is about (P5.2.1.3a)."""
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    account, category = visitor.account, request.POST.get("kind", "")
    if account is None or request.method != "POST" or not held.disputable(category):
        return redirect("privacy-overview")
    try:
        about = disputing.fact(account, request.POST.get("fact", ""), category)
    except (BadSignature, LookupError):
        messages.error(request, _("This entry is not there any more. Nothing was changed."))
        return redirect("privacy-held", category)
    sent = request.POST.get("act") == "send"
    words = SayForm(request.POST)
    said = words.cleaned_data["words"].strip() if words.is_valid() else ""
    problem = _("Write what is wrong, and what would be right.") if sent and not said else ""
    status = UNPROCESSABLE if problem else 200
    if said and sent and not ratelimit.consume(request, action="write"):
        problem, status = str(TOO_OFTEN), TOO_MANY
    if sent and not problem:
        row = filed(visitor, disputing.CORRECT, said, about)
        messages.success(request, _("It is set aside, and a person looks at it."))
        return redirect("privacy-request-mine", row.number)
    context = {
        "kind": category,
        "name": wording.category(category),
        "fact": request.POST.get("fact", ""),
        "values": about.shown,
        "problem": problem,
        "typed": request.POST.get("words", ""),
    }
    return render(request, "privacy/requests/wrong.html", context, status=status)


def filed(visitor: Visitor, kind: str, words: str, about: disputing.About) -> Request:
    """Open the request of somebody signed in about one fact, or one decision."""
    return services.file(
        Asked(
            kind=kind,
            channel=Channel.ACCOUNT,
            language=asking.language(),
            words=words,
            account=visitor.account,
            place=visitor.presence or "",
            residence=visitor.facts.residence or "",
            proof=Proof.SESSION,
            matter=about,
        )
    )
