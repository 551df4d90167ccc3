"""What staff and service answer for: the officer's page, and the same to check elsewhere."""

from __future__ import annotations

import re
from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff.access import staff
from plainview.platform.downloads import attachment
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import addresses, serves
from plainview.privacy.log import queries

READS = ("GET", "HEAD")
MANY = 3
EVERYBODY = "the officer sees what was done to whomever, and nobody's name but the staff's"


@serves("account", source="staff", everyone=EVERYBODY, lists=["access.looks"])
@staff("privacy.log")
def answered_for(request: HttpRequest) -> HttpResponse:
    """Accesses, acts of the desk, duties and policies, the latest first; `?before=` goes back."""
    found = queries.done(_before(request))
    names = accounts.colleagues({each.staff for each in found if each.staff})
    context = {
        "rows": [
            (each, _what(each), names.get(each.staff or 0), _places(each), _where(each.door))
            for each in found
        ],
        "older": found[-1].leaf if len(found) == queries.PAGE else None,
    }
    return render(request, "staff/answering.html", context)


@serves("account", source="staff", everyone=EVERYBODY, lists=["access.looks"])
@staff("privacy.log")
def handed_out(request: HttpRequest) -> HttpResponse:
    """The same as a file that `plainview-verify acts` checks, each line with its proof."""
    acts = queries.handed_out(_before(request))
    return JsonResponse({"acts": acts}, headers=attachment("acts.json"))


def _before(request: HttpRequest) -> int | None:
    return number_in(request.GET.get("before", ""))


def _places(done: queries.Done) -> list[str]:
    """Where it was, if that was in more places than one reads at a glance."""
    places = done.door.split()
    return places if len(places) > MANY else []


def _where(door: str) -> str:
    """The address of a page, `…` for what differs; what is no page stands as the log has it."""
    return _addresses().get(door, door)


@cache
def _addresses() -> dict[str, str]:
    found: dict[str, str] = {}
    for address, each in addresses():  # the first of several addresses of a view is the one
        if name := getattr(each.callback, "__qualname__", ""):
            found.setdefault(f"{each.callback.__module__}.{name}", re.sub("<[^>]+>", "…", address))
    return found


def _what(done: queries.Done) -> str:
    if done.what == "desk":
        return _("Looked at a page") if done.of in READS else _("Acted at the desk")
    return {
        "access": _("Opened what is held about a person"),
        "breach": _("Wrote in the register of breaches"),
        "duty": _("Opened a duty"),
        "policy": _("Put a policy into force"),
    }.get(done.what, "")
