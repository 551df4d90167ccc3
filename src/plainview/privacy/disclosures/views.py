"""Doors of what leaves: who got what, for the person; and the calls of recipients and mailers."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from anymail.signals import tracking
from anymail.webhooks import base as anymail
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from plainview.platform.languages import numbers
from plainview.privacy.consent import news
from plainview.privacy.disclosures import connections, feedback, feeds, letters, queries, recalls
from plainview.privacy.disclosures.signing import Unsigned, verified
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import comes_from_here, same_origin_post
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import visitor_of

View = Callable[..., HttpResponse]
DEVICE = "device"
LONGEST_SEARCH = 100
MOST = 262_144
ONE_CLICK, STOP = "List-Unsubscribe", "privacy/mail/stop.html"
GONE, UNPROCESSABLE = 410, 422
SIGNED = "whoever signs with the key agreed speaks for itself; nobody is signed in"
BY_LETTER = "the letter says whom it was for, and no one need be signed in to stop it"


def for_machines(view: View) -> View:
    """Let a view be posted to by programs, which bring no cookie; what a browser sends is 403."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "Origin" in request.headers or "Sec-Fetch-Site" in request.headers:
            return problem(403, "this address is not for browsers")
        return view(request, *args, **kwargs)

    return csrf_exempt(require_POST(checked))


@serves("rights", may=["account"], source="use")
@same_origin_post
def received(request: HttpRequest, whose: str = "") -> HttpResponse:
    """Who got what about one, when, why, on which basis, where, and what was called back."""
    visitor = visitor_of(request)
    subject = visitor.device if whose == DEVICE else visitor.subject
    search = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = [] if subject is None else queries.received(subject, search)
    return render(
        request,
        "privacy/disclosures/received.html",
        {
            "others": [each for each in found if not each.processor],
            "ours": [each for each in found if each.processor],
            "search": search,
            "back": "privacy-device-overview" if whose == DEVICE else "privacy-overview",
        },
    )


@serves("privacy-choices", may=["account"], source="mail", everyone=BY_LETTER)
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe (RFC 8058): a POST does it at once, without a cookie; a GET only asks.

    The page is the same for everybody, whether they got news or not, are here or have left.
    """
    context: dict[str, Any] = {
        "no_banner": True,
        "months": numbers.lasting(f"P{letters.LINK_MONTHS}M"),
    }
    try:
        subject = letters.of_token(token)
    except SignatureExpired:
        return render(request, STOP, context | {"old": True}, status=GONE)
    except BadSignature:
        raise Http404("no letter has this link") from None
    done = request.method == "POST" and request.POST.get(ONE_CLICK) == "One-Click"
    if done:
        by_page = comes_from_here(request)
        feedback.unsubscribe(subject, feedback.PAGE if by_page else feedback.PROGRAM)
        context["service"] = news.service_words()
    status = UNPROCESSABLE if request.method == "POST" and not done else 200
    return render(request, STOP, context | {"done": done}, status=status)


@serves("service-messages", source="mail", everyone="a letter that came back names its reader")
@for_machines
def returned(request: HttpRequest) -> HttpResponse:
    """A delivery status or complaint, as the mail server got it. Only our own letters count."""
    try:
        report = feedback.read(_body(request))
    except feedback.NoReport as error:
        return problem(422, str(error))
    if not feedback.take(report):
        return problem(404, "it does not speak of a letter of ours")
    return HttpResponse(status=204)


@serves("service-messages", source="mail", everyone="a provider reports on many letters")
@for_machines
def events(request: HttpRequest) -> HttpResponse:
    """What the mail provider reports: bounces and complaints, behind its password."""
    hook = _hook()
    if hook is None:
        raise Http404("no mail provider reports here")
    tracking.connect(feedback.provider, dispatch_uid="plainview_mail")
    try:
        return hook(request)
    except SuspiciousOperation:
        return problem(403, "the password is not the one agreed")


def _hook() -> Callable[..., HttpResponse] | None:
    name = _provider_name()
    if not name or "WEBHOOK_SECRET" not in settings.ANYMAIL:
        return None
    module = importlib.import_module(f"anymail.webhooks.{name}")
    for value in vars(module).values():
        mine = isinstance(value, type) and issubclass(value, anymail.AnymailBaseWebhookView)
        if mine and value.__module__ == module.__name__ and "Tracking" in value.__name__:
            made: Any = value
            return made.as_view()  # type: ignore[no-any-return]
    return None


def _provider_name() -> str:
    scheme, _, rest = settings.MAIL_SERVER.partition("://")
    return rest.partition("?")[0].strip("/") if scheme == "esp" else ""


@serves("inbound-feed", source="partner", everyone=SIGNED)
@for_machines
def feed(request: HttpRequest, recipient: str) -> HttpResponse:
    """What a partner tells of people; answers which rows were not stored (P1.3.3a)."""
    declared = in_force().recipients.get(recipient)
    if declared is None or declared.role not in feeds.SENDERS:
        raise Http404("no partner of that name")
    try:
        id_ = _verified(request, recipient)
        taken = feeds.parse(_body(request))
    except Unsigned:
        return problem(401, "not signed with the key agreed, or too long ago")
    except feeds.Unfit as error:
        return problem(422, str(error))
    refused = feeds.take(recipient, id_, taken)
    return JsonResponse({"stored": len(taken.people) - len(refused), "not_stored": refused})


@serves("record-keeping", source="partner", everyone=SIGNED)
@for_machines
def confirm(request: HttpRequest, recipient: str, key: str) -> HttpResponse:
    """A recipient says that it did what a recall asked."""
    try:
        _verified(request, recipient)
    except Unsigned:
        return problem(401, "not signed with the key agreed, or too long ago")
    if not recalls.confirmed(key, recipient):
        return problem(404, "no open recall of that key")
    return HttpResponse(status=204)


def _verified(request: HttpRequest, recipient: str) -> str:
    """The id of a message signed by a recipient. Raises Unsigned."""
    try:
        key = connections.to(recipient).key
    except connections.NotConnected:
        raise Unsigned from None
    return verified(key, request.headers, _body(request), time.time())


def _body(request: HttpRequest) -> bytes:
    return request.body[:MOST]


def problem(status: int, title: str) -> HttpResponse:
    """RFC 9457."""
    answer = JsonResponse({"status": status, "title": title}, status=status)
    answer["Content-Type"] = "application/problem+json"
    return answer
