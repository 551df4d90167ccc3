"""Pages of the account: the way to everything that can be set."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from plainview.privacy.gate.doors import serves


@serves("account", source="form")
@login_required
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """What a person can set, each a page."""
    return render(request, "accounts/settings.html")
