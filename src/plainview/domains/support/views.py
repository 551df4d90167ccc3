"""Help, and the page for copyright notices: the words, and the form that reaches the desk."""

from __future__ import annotations

from allauth.core import ratelimit
from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plainview.domains.accounts import queries as accounts
from plainview.domains.support import services
from plainview.domains.support.forms import NoticeForm, QuestionForm, Topic
from plainview.privacy import notice
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import in_force

UNPROCESSABLE, TOO_MANY = 422, 429
SALT = "plainview.domains.support.receipt"
COPYRIGHT, HELP = "copyright", "help"
CLAIMANTS = "whoever holds a right may say so without an account; a notice is about who wrote it"
Form = forms.Form


@serves("support", may=["account"], source="ticket")
@never_cache
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def help_page(request: HttpRequest) -> HttpResponse:
    """What people ask most, how to send opt-out signals (P5.2.2.2d), and a form to us (P12b)."""
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
    return _received("help", number)


@serves("moderation", may=["account"], source="form", everyone=CLAIMANTS)
@never_cache
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
    filed = services.file_notice(account=account, site=_site(request), **form.letter())
    return _received("copyright", filed.number)


def _page(request: HttpRequest, document: str, form: Form, status: int = 200) -> HttpResponse:
    context = {
        "document": notice.current(document, questions.language()),
        "form": form,
        "received": _number(request),
    }
    return render(request, f"support/{document}.html", context, status=status)


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


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


def _received(name: str, number: str) -> HttpResponse:
    """To the page with the number of the receipt, which loading it again does not send twice."""
    token = urlencode({"received": signing.dumps(number, salt=SALT)})
    return HttpResponseRedirect(f"{reverse(name)}?{token}#received")


def _number(request: HttpRequest) -> str:
    """The receipt's number that the address carries, if we wrote it."""
    try:
        return str(signing.loads(request.GET.get("received", ""), salt=SALT))
    except signing.BadSignature:
        return ""
