"""Who is at a door of the rights desk, and whether they have just shown that it is them."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from plainview.privacy.gate.identity import identifying
from plainview.privacy.visitors import visitor_of

DEVICE = "device"


def subject_of(request: HttpRequest, whose: str) -> int | None:
    """Whose data a page is about: the account's, or the device's where there is none."""
    visitor = visitor_of(request)
    return visitor.device if whose == DEVICE else visitor.subject


def address(whose: str, name: str, *args: str) -> str:
    """The address of a page of the desk, of the account or of the device alone."""
    return reverse(f"privacy-{DEVICE}-{name}" if whose == DEVICE else f"privacy-{name}", args=args)


def confirmed(request: HttpRequest, whose: str) -> bool:
    """Whether a member has given their password lately; a device has none to give."""
    visitor = visitor_of(request)
    if whose == DEVICE or visitor.account is None:
        return True
    with identifying():
        return bool(did_recently_reauthenticate(request))


def to_confirm(request: HttpRequest) -> HttpResponse:
    """Off to the page that asks for the password, and back here from there."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
