"""What pages may do with us by where they come from: post forms, and read what is everybody's.

Forms need no cookie: a post is believed if the browser says that it comes from our pages.

Browsers send `Sec-Fetch-Site` with every request and `Origin` with every post; neither can be set
by a page of somebody else. Those that write text only (w3m, Lynx, Links) send neither, but a
`Referer`, which no page sets to one of ours either. A token in a cookie would make first visits
uncacheable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]
FOR_ANY_PAGE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_FOR_ANY_PAGE = "plainview_for_any_page"


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser states that a page of this very origin sent the request."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site and site != "same-origin":
        return False
    if origin or not site:
        return _is_ours(request, origin or request.headers.get("Referer", ""))
    return True


def _is_ours(request: HttpRequest, address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == request.scheme and parts.netloc == request.get_host()


def same_origin_post(view: View) -> View:
    """Replace the CSRF token of `view` by the browser's word on where a post comes from.

    No cache keeps what it answers: a page with a form says what somebody's own is.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not comes_from_here(request):
            raise PermissionDenied("the form was not sent from a page of this service")
        return view(request, *args, **kwargs)

    return csrf_exempt(never_cache(checked))


def any_page_reads(view: View) -> View:
    """Let pages of every origin read what `view` says, which is the same for everybody.

    They never ask as somebody: no answer allows credentials, so browsers send them no cookie. What
    they ask beforehand (a preflight, Fetch § 4.8) is answered for reading and its headers alone.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        let_any_page_read(request)
        return view(request, *args, **kwargs)

    return answered


def let_any_page_read(request: HttpRequest) -> None:
    """Let pages of every origin read the answer to `request`, also one of 304 or a refusal."""
    setattr(request, _FOR_ANY_PAGE, True)


def is_for_any_page(request: HttpRequest) -> bool:
    """Whether pages of every origin may read the answer to `request`."""
    return getattr(request, _FOR_ANY_PAGE, False)
