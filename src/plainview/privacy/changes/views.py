"""What changed in the policy since somebody came, what touched them and what they answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from plainview.privacy.changes import asking, queries
from plainview.privacy.consent import banner
from plainview.privacy.gate.doors import serves
from plainview.privacy.visitors import visitor_of


@serves("privacy-choices", may=["account"], source="form")
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """The changes since one came; what waits is answered here one by one (P11d, P11e)."""
    visitor = visitor_of(request)
    matters = asking.asked(visitor)
    context = {
        "matters": [(each, asking.of_one(visitor, each).key) for each in matters],
        "note": None if matters or not visitor.answered else banner.change(visitor),
        "history": queries.history(visitor),
        "saved": "saved" in request.GET,
        "no_banner": True,
    }
    return render(request, "privacy/changes.html", context)
