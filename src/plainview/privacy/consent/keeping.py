"""The last look at what a browser is asked to keep: an undeclared or refused key is not set.

Stands outside every other middleware, so that a third party's app is held to it as well.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase

from plainview.privacy.consent import storage
from plainview.privacy.push.services import WORKER
from plainview.privacy.visitors import Visitor

Handler = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger(__name__)


class Keeping:
    """Middleware: no cookie but a declared and permitted one is set, and one service worker alone.

    A service worker could keep the page of one state and show it in another, or answer for us
    (P1.2.6a). Browsers say when they fetch the script of one: none is handed over but that which
    shows messages, to whoever turned them on (`privacy.push`); it lies where it controls no page.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.headers.get("Service-Worker") == "script" and request.path != WORKER:
            headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
            return HttpResponseForbidden(
                "no service worker is declared here", content_type="text/plain", headers=headers
            )
        response = self.get_response(request)
        for name in storage.unlawful(_set(response), _permits(request)):
            del response.cookies[name]
            log.error("a cookie was not set: nobody declared it, or its purpose is not permitted")
        return response


def _set(response: HttpResponseBase) -> list[str]:
    """The cookies that the response sets; taking one back is always in order."""
    return [name for name, morsel in response.cookies.items() if morsel["max-age"] != 0]


def _permits(request: HttpRequest) -> storage.Permits:
    visitor: Visitor | None = getattr(request, "visitor", None)
    return visitor.permits if visitor is not None else lambda purpose, recipient: False
