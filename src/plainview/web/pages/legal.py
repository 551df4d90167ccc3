"""What a browser may be asked to keep, in words and for machines; that GPC is heard."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plainview.privacy import notice
from plainview.privacy.consent import questions, signals, storage
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.web.pages.caching import cached
from plainview.web.pages.documents import posted


class Group(NamedTuple):
    """The keys of one purpose, in words."""

    name: str
    why: str
    keys: list[dict[str, Any]]


@serves("browse", may=["account"], source="use")
@cached
def cookies(request: HttpRequest) -> HttpResponse:
    """Every cookie and storage key, purpose by purpose, and how to be rid of it (P1.2.6b)."""
    language = questions.language()
    listed = storage.listed(language)
    groups = [
        Group(
            questions.say(f"purposes.{purpose}.name"),
            questions.say(f"purposes.{purpose}.why"),
            [key for key in listed if key["purpose"] == purpose],
        )
        for purpose in storage.purposes()
    ]
    context = {
        "document": posted(notice.current("cookies", language)),
        "groups": [group for group in groups if group.keys],
        "unused": [group for group in groups if not group.keys],
    }
    return render(request, "pages/cookies.html", context)


@serves("browse", source="use")
@require_safe
def cookies_json(request: HttpRequest) -> HttpResponse:
    """The same for machines: what may be kept in a browser, and the hosts that a page contacts."""
    listed = storage.listed("en")
    hosts = {request.get_host(), *(host for key in listed for host in key["hosts"])}
    return JsonResponse({"keys": listed, "hosts": sorted(hosts)})


@serves("browse", source="use")
@require_safe
def gpc_json(request: HttpRequest) -> HttpResponse:
    """Says whether Global Privacy Control is honoured, since when (GPC specification, 4.2)."""
    heard = "Sec-GPC" in signals.headers()
    return JsonResponse({"gpc": heard, "lastUpdate": in_force().head.effective.isoformat()})
