"""One's own searches: to look again by, to delete one by one or all."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plainview.domains.searches import queries, services
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post

SEARCHES = "personalise-search"
PAGE = 40


def lately(request: HttpRequest, beginning: str, most: int) -> list[tuple[str, str]]:
    """What the person at the door looked for, each with its address; nothing for strangers."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is None or not visitor.permits(SEARCHES):
        return []
    with entering(SEARCHES):
        own = queries.recent(visitor.subject, beginning).values_list("query", flat=True)
        return [(query, address(query)) for query in own[:most]]


def address(query: str) -> str:
    """Where a search is made again."""
    return f"{reverse('search')}?{urlencode({'q': query})}"


@serves("browse", may=["account", SEARCHES], source="use")
@never_cache
def searches(request: HttpRequest) -> HttpResponse:
    """What one looked for, the latest first."""
    visitor = request.visitor  # type: ignore[attr-defined]
    known = visitor.subject is not None
    saving = known and visitor.permits(SEARCHES)
    page = None
    if saving:
        with entering(SEARCHES):
            own = list(queries.recent(visitor.subject))
        page = Paginator([(each, address(each.query)) for each in own], PAGE).get_page(
            request.GET.get("page")
        )
    context = {"page": page, "known": known, "saving": saving}
    return render(request, "pages/searches.html", context)


@serves("browse", may=["account", SEARCHES], source="form")
@never_cache
@same_origin_post
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete one search (`search`), or everything (`all`)."""
    subject = request.visitor.subject  # type: ignore[attr-defined]
    one = request.POST.get("search", "")
    if subject is not None:
        with entering(SEARCHES):
            if one.isascii() and one.isdecimal() and len(one) < 20:
                services.forget(subject, int(one))
            elif request.POST.get("all") == "yes":
                services.forget_all(subject)
                messages.success(request, _("None of your searches is kept any more."))
    return redirect("searches")
