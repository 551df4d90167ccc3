"""Forms that need no cookie: a post is believed if the browser says that it comes from our pages.

Browsers send `Sec-Fetch-Site` with every request and `Origin` with every post; neither can be set
by a page of somebody else. A token in a cookie would make first visits uncacheable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser states that a page of this very origin sent the request."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site and site != "same-origin":
        return False
    if origin:
        parts = urlsplit(origin)
        return parts.scheme == request.scheme and parts.netloc == request.get_host()
    return site == "same-origin"


def same_origin_post(view: View) -> View:
    """Replace the CSRF token of `view` by the browser's word on where a post comes from."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not comes_from_here(request):
            raise PermissionDenied("the form was not sent from a page of this service")
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)
