"""What held for me on a day."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.privacy.gate.doors import serves
from plainview.privacy.receipts.inspecting import today
from plainview.privacy.versions import then
from plainview.privacy.visitors import visitor_of


@serves("privacy-choices", may=["account"], source="use")
@never_cache
@require_safe
def on_a_day(request: HttpRequest) -> HttpResponse:
    """The version of a day (`?on=2026-05-03`), and what it permitted of whoever asks, and why."""
    visitor = visitor_of(request)
    asked = request.GET.get("on", "")
    day = _day(asked)
    found = None
    if day is not None and visitor.subject is not None:
        found = then.held(visitor.subject, min(day, today()))
    context = {
        "asked": asked,
        "day": day,
        "then": found,
        "today": today(),
        "known": visitor.subject is not None,
    }
    return render(request, "privacy/then.html", context)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
