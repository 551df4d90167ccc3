"""One's own searches: to look again by, to delete one by one or all."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plainview.domains.catalogue.models import Title
from plainview.domains.catalogue.search import called
from plainview.domains.searches import queries, services
from plainview.domains.searches.models import SEARCHES as CATEGORY
from plainview.platform.identifiers import number_in
from plainview.privacy.decisions.register import Made, overruled
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post
from plainview.privacy.rights import queries as rights
from plainview.privacy.rights import services as removing
from plainview.web.pages.keeping import back

SEARCHES = "personalise-search"
RESULTS = "results"
"""The decision of the policy that `in_own_order` makes."""
PAGE = 40
EARLIER, SHORTEST, MOST_FIRST = 5, 3, 3
"""So many earlier searches are looked at, of so many characters; so many titles come first."""


def lately(request: HttpRequest, beginning: str, most: int) -> list[tuple[str, str]]:
    """What the person at the door looked for, each with its address; nothing for strangers."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is None or not visitor.permits(SEARCHES):
        return []
    with entering(SEARCHES):
        own = queries.recent(visitor.subject, beginning).values_list("query", flat=True)
        return [(query, address(query)) for query in own[:most]]


def in_own_order(request: HttpRequest, query: str, keys: list[int]) -> tuple[list[int], bool]:
    """Found titles with those first that the person at the door looked for by name; and if so.

    A stranger, and whoever refuses, is given them as they are (P2.1.3a). What reveals something
    about whoever looks for it stays in its place.
    """
    earlier = [text for text, _ in lately(request, query, EARLIER) if len(text) >= SHORTEST]
    if len(keys) < 2 or not earlier:
        return keys, False
    meant = called(earlier)
    own = [key for key in keys if key in meant][:MOST_FIRST]
    if own:
        struck = overruled(RESULTS, request.visitor.subject)  # type: ignore[attr-defined]
        own = [key for key in own if str(key) not in struck]
    moved = [*own, *(key for key in keys if key not in own)]
    return moved, moved != keys


def explained(subject: int) -> list[Made]:
    """The titles that come first for somebody, and the search by which each does (P6c)."""
    earlier = list(queries.recent(subject).values_list("query", flat=True)[:EARLIER])
    struck, found = overruled(RESULTS, subject), []
    for text in earlier:
        if len(text) >= SHORTEST:
            for title in Title.objects.filter(pk__in=called([text])).exclude(pk__in=struck):
                reason = _("%(name)s comes first where it is found: you looked for it by name.")
                words = reason % {"name": title.name.text}
                found.append(Made(str(title.pk), words, ((_("Earlier search"), text),)))
    return list({each.ref: each for each in found}.values())


def address(query: str) -> str:
    """Where a search is made again."""
    return f"{reverse('search')}?{urlencode({'q': query})}"


@serves("browse", may=["account", SEARCHES], source="use")
@never_cache
def searches(request: HttpRequest) -> HttpResponse:
    """What one looked for, the latest first; after a no what is still held, to be deleted."""
    visitor = request.visitor  # type: ignore[attr-defined]
    known = visitor.subject is not None
    saving = known and visitor.permits(SEARCHES)
    page, held = None, None
    if saving:
        with entering(SEARCHES):
            own = list(queries.recent(visitor.subject))
        page = Paginator([(each, address(each.query)) for each in own], PAGE).get_page(
            request.GET.get("page")
        )
    elif known:
        held = rights.entries(visitor.subject, CATEGORY)
    whose = "privacy-held" if visitor.account else "privacy-device-held"
    context = {
        "page": page,
        "held": held,
        "every_held": reverse(whose, args=[CATEGORY]),
        "known": known,
        "saving": saving,
    }
    return render(request, "pages/searches.html", context)


@serves("browse", may=["account", SEARCHES], source="form")
@same_origin_post
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete one search (`search`), or everything (`all`).

    After a no their purpose shows them to nobody, so they go as what is held of somebody does.
    """
    visitor = request.visitor  # type: ignore[attr-defined]
    subject, one = visitor.subject, request.POST.get("search", "")
    if subject is not None and not visitor.permits(SEARCHES):
        _forget_held(request, subject, one)
    elif subject is not None:
        with entering(SEARCHES):
            if (number := number_in(one)) is not None:
                services.forget(subject, number)
            elif request.POST.get("all") == "yes":
                services.forget_all(subject)
                messages.success(request, _("None of your searches is kept any more."))
    return redirect(back(request, "searches"))


def _forget_held(request: HttpRequest, subject: int, token: str) -> None:
    if token:
        with suppress(BadSignature, removing.NotRemovable):
            removing.remove_entry(subject, token)
    elif request.POST.get("all") == "yes":
        removing.remove_all(subject, CATEGORY)
        messages.success(request, _("None of your searches is kept any more."))
