"""Help, and the page for copyright notices: the words, and the form that reaches the desk."""

from __future__ import annotations

from typing import cast

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.models import User
from plainview.domains.support import queries, services
from plainview.domains.support.forms import (
    CounterForm,
    CourtForm,
    NoticeForm,
    QuestionForm,
    Topic,
)
from plainview.domains.support.models import Strike
from plainview.platform import languages
from plainview.platform.addresses import absolute
from plainview.privacy import notice, settling
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import in_force
from plainview.privacy.requests import receipt
from plainview.privacy.requests import services as requests
from plainview.privacy.requests.models import Channel
from plainview.privacy.visitors import visitor_of

UNPROCESSABLE, TOO_MANY = 422, 429
COPYRIGHT, HELP = "copyright", "help"
FOLLOWS = "whoever holds the secret of a notice may follow it, signed in or not"
ANSWERS = "an answer to a notice goes on to whoever sent that; the act asks who may write it"
STANDING = "how a notice stands is read off the claimant's row; no name or word of theirs is shown"
CLAIMANTS = "whoever holds a right may say so without an account; a notice is about who wrote it"
Form = forms.Form


@serves("support", may=["account"], source="ticket")
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def help_page(request: HttpRequest) -> HttpResponse:
    """What people ask most, how to send opt-out signals (P5.2.2.2d), and a form to us (P12b).

    A question in which a child says so is also a request of theirs (P10e).
    """
    if request.method != "POST":
        return _page(request, HELP, QuestionForm(initial=_initial(request)))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, HELP, form, UNPROCESSABLE)
    if not _may_write(request, form):
        return _page(request, HELP, form, TOO_MANY)
    number = services.ask(
        email=form.cleaned_data["email"],
        topic=str(Topic(form.cleaned_data["topic"]).label),
        text=form.cleaned_data["text"],
    )
    visitor = visitor_of(request)
    requests.a_childs(
        requests.Asked(
            kind="",
            channel=Channel.FORM,
            language=languages.current(),
            words=form.cleaned_data["text"],
            account=visitor.account,
            contact="" if visitor.account else form.cleaned_data["email"],
            place=visitor.presence or "",
        )
    )
    return redirect(f"{receipt.address('help', number)}#received")


@serves("moderation", may=["account"], source="form", everyone=CLAIMANTS)
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def copyright_page(request: HttpRequest, version: str = "") -> HttpResponse:
    """The copyright policy and the form for a notice, which becomes a case for the desk (P2.9a)."""
    policy = in_force()
    if version and version != notice.dated(policy, policy.documents[COPYRIGHT])[0]:
        raise Http404("no such version")
    if request.method != "POST":
        return _page(request, COPYRIGHT, NoticeForm(initial=_initial(request)))
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _page(request, COPYRIGHT, form, UNPROCESSABLE)
    if not _may_write(request, form):
        return _page(request, COPYRIGHT, form, TOO_MANY)
    account = request.visitor.account  # type: ignore[attr-defined]
    filed = services.file_notice(account=account, **form.letter())
    return redirect(f"{receipt.address('copyright', filed.number)}#received")


@serves("moderation", may=["account"], source="form", everyone=FOLLOWS)
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def followed(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """How a notice stands, what answered it, and what its sender can do (P2.9a)."""
    found = queries.notice_of(number, secret)
    if found is None:
        raise Http404("no such notice")
    act = request.POST.get("act", "")
    form = CourtForm(request.POST if act == "sue" else None)
    passed = False
    if request.method == "POST" and (act == "withdraw" or form.is_valid()):
        try:
            if act == "withdraw":
                services.withdraw(number)
            else:
                services.sue(number, form.cleaned_data["case"])
        except services.Passed:
            passed = True
        else:
            return redirect(request.path)
    context = {
        "row": found,
        "form": form,
        "passed": passed,
        "counter": queries.counters([number]).get(number),
        "settlers": settling.settlers(found.subject) if found.state == found.State.REFUSED else (),
        "may_withdraw": found.state in (found.State.OPEN, *found.STANDS),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "support/followed.html", context, status=status)


@serves("moderation", may=["account"], source="use", everyone=STANDING)
@never_cache
@login_required
def strikes(request: HttpRequest) -> HttpResponse:
    """What somebody put on and was taken down: their strikes, until when, and how to answer."""
    account = _account(request)
    context = {
        "rows": queries.struck(account),
        "settlers": settling.settlers(account),
        "closed": queries.uploads_closed(account),
        "most": queries.MOST,
    }
    return render(request, "support/strikes.html", context)


@serves("moderation", may=["account"], source="form", everyone=ANSWERS)
@same_origin_post
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def counter_notice(request: HttpRequest, number: str) -> HttpResponse:
    """A counter-notice from whoever put on what was taken down (17 U.S.C. §512(g)(3))."""
    account = _account(request)
    strike = next((each for each in queries.strikes(account) if each.notice == number), None)
    if strike is None:
        raise Http404("no such strike")
    if request.method != "POST" and not queries.may_be_answered(number):
        return redirect("strikes")  # which says how it stands
    form = CounterForm(request.POST or None, initial={"material": _material(request, strike)})
    if request.method == "POST" and form.is_valid() and _may_write(request, form):
        try:
            services.answer(account, number, form.letter())
        except services.Passed:
            form.add_error(None, _("The notice has moved on meanwhile, so nothing was sent."))
        else:
            messages.success(request, _("Your counter-notice is on its way to the claimant."))
            return redirect("strikes")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "support/counter.html", {"form": form, "strike": strike}, status=status)


def _account(request: HttpRequest) -> int:
    return int(cast(User, request.user).pk)


def _material(request: HttpRequest, strike: Strike) -> str:
    """What was taken down and where it was, as far as the programme still knows it."""
    if strike.title is None:
        return ""
    address = absolute(strike.title.get_absolute_url())
    return f"{strike.title.name.text}, {address}"


def _page(request: HttpRequest, document: str, form: Form, status: int = 200) -> HttpResponse:
    context = {
        "document": notice.current(document, questions.language()),
        "form": form,
        "received": receipt.number(request),
    }
    return render(request, f"support/{document}.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, str]:
    """A member need not type the address that we have."""
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return {}
    with entering("account", oneself=True):
        return {"email": accounts.address_of(account)}


def _may_write(request: HttpRequest, form: Form) -> bool:
    """Whether this client has not written too often; else the form says so and keeps all of it."""
    if ratelimit.consume(request, action="write"):
        return True
    form.add_error(
        None, _("That was many letters in an hour. What you typed is still here; send it later.")
    )
    return False
