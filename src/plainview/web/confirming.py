"""Forms that ask for a sign-in first, or for the password: nothing that was typed is lost."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    stash_and_reauthenticate,
)
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import resolve, reverse
from django.utils.http import urlencode

from plainview.web.errors import signed_out, typed
from plainview.web.middleware import Handler

FOUND = 302
KEPT = 900
"""Seconds that a form waits for the password of whoever sent it."""


class Confirming:
    """Leads to where the password is given, and keeps the form that was sent for afterwards.

    django-allauth would keep the whole request, with cookies and the address it came from, and that
    of strangers too, who could fill the table of sessions. Stands within its own middleware.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != FOUND:
            return response
        to_sign_in = response["Location"].startswith(f"{reverse(settings.LOGIN_URL)}?")
        if to_sign_in and typed(request):
            return signed_out(request, response["Location"])
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, ReauthenticationRequired):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.method != "POST" or not get_adapter().get_reauthentication_methods(request.user):
            if STATE_SESSION_KEY in request.session:
                del request.session[STATE_SESSION_KEY]
            return None  # which keeps nothing
        onward = request.get_full_path()
        kept = {
            "path": request.path_info,
            "form": request.POST.urlencode(),
            "next": onward,
            "at": int(time.time()),
        }
        answer = stash_and_reauthenticate(request, kept, f"{__name__}.resumed")
        answer["Location"] += f"?{urlencode({'next': onward})}"
        return answer


def resumed(request: HttpRequest, kept: dict[str, Any]) -> HttpResponseBase:
    """The form's answer, now that its sender gave the password; all else is as of now.

    A password that was given to go on to another page, or much later, is none for this form: it
    may be left over from whoever sat there before, and is dropped.
    """
    onward = get_next_redirect_url(request, REDIRECT_FIELD_NAME)
    if onward != kept.get("next") or time.time() - kept.get("at", 0) > KEPT:
        return HttpResponseRedirect(onward or settings.LOGIN_REDIRECT_URL)
    request.POST = QueryDict(kept["form"])
    request.path = request.path_info = kept["path"]
    view, args, kwargs = resolve(kept["path"])
    answer: HttpResponseBase = view(request, *args, **kwargs)
    return answer
