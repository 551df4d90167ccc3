"""The page of news: by which way, about what, and what comes in any case."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from plainview.privacy.consent import answering, giving, news, queries
from plainview.privacy.consent.answering import Unanswered
from plainview.privacy.consent.giving import Changed
from plainview.privacy.consent.recording import ACCOUNT
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.push import queries as push
from plainview.privacy.push.services import PURPOSE as PUSH
from plainview.privacy.visitors import Visitor, visitor_of

UNPROCESSABLE, CONFLICT = 422, 409


@serves("privacy-choices", may=["account"], source="form")
@login_required
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Marketing by channel and topic, for the account (P3.1.2f, P5.1.2a, P5.1.2b)."""
    visitor = visitor_of(request)
    if request.method != "POST":
        return _page(request, visitor)
    if giving.often(request):
        return giving.put_off(request)
    form = request.POST.copy()
    form.update({"via": "news", "scope": ACCOUNT})
    said = giving.posted(visitor, form)
    try:
        question, given = giving.asked(said)
    except Unanswered:
        return _page(request, visitor, "nothing-changed", UNPROCESSABLE)
    except Changed:
        return _page(request, visitor, "changed", CONFLICT)
    giving.keep(said, given.answers, question, via=said.via)
    return redirect(f"{reverse('privacy-news')}?saved")


def _page(
    request: HttpRequest, visitor: Visitor, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page; after a problem with the answers as they were typed."""
    typed = request.POST if problem else {}
    channels = [
        (each, typed.get(f"{answering.FIELD}{each.id}", each.answer))
        for each in news.channels(visitor)
    ]
    asked = {each.id for each, _ in channels}
    topics = [
        (each, typed.get(f"{news.TOPIC}{each.id}", each.answer))
        for each in news.topics(visitor.facts)
    ]
    context = {
        "channels": channels,
        "topics": topics,
        "push": push.panel(request, visitor) if PUSH in asked else None,
        "service": news.service_words(),
        "shown": news.question(visitor).key,
        "problem": f"choices.centre.{problem}" if problem else "",
        "saved": "saved" in request.GET,
        "receipt": queries.last_receipt(visitor.account) if "saved" in request.GET else "",
        "no_banner": True,
    }
    return render(request, "privacy/news.html", context, status=status)
