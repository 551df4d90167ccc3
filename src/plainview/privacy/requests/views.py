"""A request as whoever asks sees it: the page that its number and secret open."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.requests import clock, queries, wording
from plainview.privacy.requests.models import Request

FOLLOWS = "whoever holds the secret of a request may follow it, signed in or not"


def found(number: str, secret: str) -> Request:
    """The request that a number and its secret open. Raises Http404, the same for every fault."""
    row = queries.opened_by(number, secret)
    if row is None:
        raise Http404("no such request")
    return row


@serves("rights", may=["account"], source="use", everyone=FOLLOWS)
@never_cache
@same_origin_post
def status(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """How a request stands, what is next and by when, and where to complain (P5.2.1.10a)."""
    row = found(number, secret)
    return render(request, "privacy/requests/status.html", about(row))


def about(row: Request) -> dict[str, object]:
    """What a page about a request shows."""
    outcome, ground = wording.decided(row)
    return {
        "row": row,
        "kind": wording.kind(row.kind),
        "next": wording.following(row),
        "timeline": wording.timeline(queries.timeline(row.pk)),
        "outcome": outcome,
        "ground": ground,
        "authorities": wording.authorities(row),
        "may_appeal": wording.may_appeal(row, clock.today()),
    }
