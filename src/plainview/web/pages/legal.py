"""What a browser may be asked to keep, in words and for machines; that GPC is heard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plainview.privacy.consent import questions, storage
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.web.pages.caching import cached


@serves("browse", may=["account"], source="use")
@require_safe
@cached
def cookies(request: HttpRequest) -> HttpResponse:
    """Every cookie and storage key in words (P1.2.6b)."""
    keys = storage.listed(questions.language())
    return render(request, "pages/cookies.html", {"keys": keys})


@serves("browse", source="use")
@require_safe
def cookies_json(request: HttpRequest) -> HttpResponse:
    """The same for machines: what may be kept in a browser, and the hosts that a page contacts."""
    return JsonResponse({"keys": storage.listed("en"), "hosts": [request.get_host()]})


@serves("browse", source="use")
@require_safe
def gpc_json(request: HttpRequest) -> HttpResponse:
    """Says that Global Privacy Control is honoured, since when (GPC specification, section 4.2)."""
    return JsonResponse({"gpc": True, "lastUpdate": in_force().head.effective.isoformat()})
