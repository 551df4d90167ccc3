"""Turning messages on and off in a browser, and the worker that shows them there."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from plainview.privacy import sessions
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.push import keys, queries, services
from plainview.privacy.visitors import visitor_of

SCRIPT = "build/push-worker.js"


@serves("privacy-choices", may=["account"], source="form")
@login_required
@same_origin_post
@require_POST
def turn(request: HttpRequest) -> HttpResponse:
    """Turn messages on in this browser, which brings its push address, or off in one of them."""
    account, said = int(request.user.pk or 0), request.POST
    here = sessions.handle(request.session.session_key or "")
    if said.get("act") == "on":
        _begin(request, account, here)
    elif services.end(account, key=said.get("key", ""), sitting="" if said.get("key") else here):
        messages.success(request, _("Turned off. That browser gets no more messages."))
    else:
        messages.error(request, _("That was turned off already. Nothing was changed."))
    return redirect("privacy-news")


def _begin(request: HttpRequest, account: int, here: str) -> None:
    given = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    panel = queries.panel(request, visitor_of(request))
    try:
        if panel is None or panel.state in ("answer", "shared"):
            raise services.NotWanted
        services.begin(account, here, **given)
    except services.NotWanted:
        messages.error(request, _("Nothing was turned on: say yes to news by push first."))
    except services.Foreign:
        messages.error(
            request,
            _("Nothing was turned on: this browser’s message service is none that we use."),
        )
    except keys.Unfit:
        messages.error(request, _("Nothing was turned on: your browser gave no usable key."))
    else:
        messages.success(request, _("Turned on. This browser gets the news you allowed."))


@serves("privacy-choices", may=["account"], source="form")
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows messages: for whoever turned them on, and for nobody else.

    It controls no page: none lies under its folder, and it hears of no request.
    """
    panel = queries.panel(request, visitor_of(request))
    if panel is None or panel.state not in ("on", "off"):
        return HttpResponseForbidden("messages are not turned on here")
    path = finders.find(SCRIPT)
    return HttpResponse(Path(str(path)).read_bytes(), content_type="text/javascript")
