"""Saying of one fact that it is wrong, and of one decision that a person is to look at it.

At the fact and at the decision themselves, signed in, and without script.
"""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plainview.privacy.consent import questions
from plainview.privacy.decisions.register import REVIEW
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.requests import disputing, reviewing, services
from plainview.privacy.requests import forms as asking
from plainview.privacy.requests.forms import MemberForm, SayForm
from plainview.privacy.requests.models import Channel, Proof, Request
from plainview.privacy.requests.services import Asked
from plainview.privacy.requests.views import TOO_MANY, TOO_OFTEN, UNPROCESSABLE
from plainview.privacy.rights import queries as held
from plainview.privacy.rights import wording
from plainview.privacy.visitors import Visitor, visitor_of

CONFLICT = 409


@serves("rights", may=["account"], source="form")
@same_origin_post
def wrong(request: HttpRequest) -> HttpResponse:
    """What is wrong with one entry, in the words of whom it is about (P5.2.1.3a)."""
    visitor = visitor_of(request)
    account, category = visitor.account, request.POST.get("kind", "")
    if account is None or request.method != "POST" or not held.disputable(category):
        return redirect("privacy-overview")
    try:
        about = disputing.fact(account, request.POST.get("fact", ""), category)
    except (BadSignature, disputing.NoSuchFact):
        gone = _("This entry is not there any more. Nothing was changed.")
        return _gone(request, account, disputing.CORRECT, gone) or redirect(
            "privacy-held", category
        )
    said, problem, status = _words(request, _("Write what is wrong, and what would be right."))
    if said and not problem:
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


def _words(request: HttpRequest, missing: str) -> tuple[str, str, int]:
    """What was written, if it was sent; what is wrong with it, and the status that says so."""
    if request.POST.get("act") != "send":
        return "", "", 200
    form = SayForm(request.POST)
    said = form.cleaned_data["words"].strip() if form.is_valid() else ""
    if not said:
        return "", missing, UNPROCESSABLE
    if not ratelimit.consume(request, action="write"):
        return said, str(TOO_OFTEN), TOO_MANY
    return said, "", 200


@serves("rights", may=["account"], source="form")
@same_origin_post
def decisions(request: HttpRequest) -> HttpResponse:
    """What programs decide about the person at the door, by what, and how to undo it (P6c).

    Posted: a person is asked to look at one of them, which is named by `decision` and `which`.
    """
    visitor = visitor_of(request)
    subject = visitor.subject
    if request.method == "POST" and visitor.account is not None:
        return _review(request, visitor, visitor.account)
    context = {
        "member": visitor.account is not None,
        "known": subject is not None,
        "decisions": reviewing.explained(subject),
        "not_made": reviewing.allowed_and_not_made(),
        "asked": {each.id for each in questions.topics(visitor.facts)},
    }
    return render(request, "privacy/requests/decisions.html", context)


def _review(request: HttpRequest, visitor: Visitor, account: int) -> HttpResponse:
    decision, which = request.POST.get("decision", ""), request.POST.get("which", "")
    try:
        about = reviewing.about(account, decision, which)
    except LookupError:
        gone = _("This decision does not stand any more. Nothing was changed.")
        return _gone(request, account, REVIEW, gone) or redirect("privacy-decisions")
    said, problem, status = _words(request, _("Write what a person should know."))
    if said and not problem:
        row = filed(visitor, REVIEW, said, about)
        messages.success(request, _("A person looks at it."))
        return redirect("privacy-request-mine", row.number)
    context = {
        "decision": decision,
        "which": which,
        "name": questions.say(f"decisions.{decision}.name"),
        "values": about.shown,
        "problem": problem,
        "typed": request.POST.get("words", ""),
    }
    return render(request, "privacy/requests/review.html", context, status=status)


def _gone(request: HttpRequest, account: int, kind: str, why: str) -> HttpResponse | None:
    """What was written of something that has gone, in the form for all else; None for no words."""
    messages.error(request, why)
    words = request.POST.get("words", "").strip()
    if not words:
        return None
    form = MemberForm(initial={"kind": kind, "words": words}, held=disputing.kinds(account))
    return render(request, "privacy/requests/new.html", {"form": form}, status=CONFLICT)


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
