"""Being told when a title can be watched: asked for on its page, taken back there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.catalogue import queries, services
from plainview.domains.catalogue.licensing import Why
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.web.pages.title import visible_title


@serves("service-messages", may=["account", "availability", "playback"], source="form")
@same_origin_post
@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes or takes back (`act=forget`) that a member wants to be told of a title (post only)."""
    title = visible_title(request, slug)
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return redirect_to_login(title.get_absolute_url())
    if request.POST.get("act") == "forget":
        services.forget_reminder(account, title)
        messages.success(request, _("You will not be written to about it."))
        return redirect(title.get_absolute_url())
    found = queries.may_see(title, queries.seat_of(request))
    if found.why is Why.SOON:
        services.remind(account, title, opens_at=found.at)
        messages.success(request, _("You will get one letter when it is here, and none after."))
    return redirect(title.get_absolute_url())
