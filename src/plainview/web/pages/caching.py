"""How long pages may be kept, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page

from plainview.domains.catalogue.licensing import Seat
from plainview.privacy.caching import Board
from plainview.privacy.consent import cookie, signals
from plainview.privacy.visitors import visitor_of
from plainview.web.middleware import ONLY_READ, READING

View = Callable[..., HttpResponse]
T = TypeVar("T")

SHARED_SECONDS = 30


def cached(view: View) -> View:
    """A page that is the same for every stranger of a place: shared caches keep it half a minute.

    That takes a proxy that says the place in a header (`PLAINVIEW_PLACE_HEADER`); the key then
    holds language, place and signals. Without one, for whoever answered or signed in, and where
    the address holds what somebody typed (`?q=`), the page stays with its reader: the cache would
    keep the words. Browsers ask each time and are told 304 when nothing changed. It has no form of
    its own: whatever is posted to it is 405.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponseNotAllowed(READING)
        response = view(request, *args, **kwargs)
        # Here, so that a 304 says the same (RFC 9110, 15.4.5): a cache would forget them by it.
        patch_vary_headers(response, ["Accept-Encoding", "Accept-Language", "Cookie"])
        if response.status_code != 200 or response.has_header("Cache-Control"):
            return response
        ours = {settings.SESSION_COOKIE_NAME, cookie.NAME, cookie.SIGNAL}
        known = ours & set(request.COOKIES) or cookie.HEADER in request.headers
        header = settings.ENV.place_header if settings.ENV.trusted_proxies else ""
        typed = "q" in request.GET
        if known or typed or not header or header not in request.headers:
            patch_cache_control(response, private=True, no_cache=True)
            if visitor_of(request).shared:  # browsers keep even that, to ask whether it still holds
                patch_cache_control(response, no_store=True)
        else:
            patch_vary_headers(response, [header, *signals.headers()])
            patch_cache_control(
                response, public=True, max_age=0, s_maxage=SHARED_SECONDS, must_revalidate=True
            )
        return response

    vars(kept)[ONLY_READ] = True
    return gzip_page(conditional(kept))


def conditional(view: View) -> View:
    """A page told by its ETag, and 304 where that is known: of HEAD as of GET (RFC 9110, 9.3.2)."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method not in READING or "no-store" in response.get("Cache-Control", ""):
            return response
        set_response_etag(response)
        etag = response.get("ETag")
        return get_conditional_response(request, etag=etag, response=response) or response

    return told


def once(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Keep what a function makes of the latest `most` arguments.

    Who asks while it is being made waits for it, and makes none of their own.
    """

    def around(make: Callable[..., T]) -> Callable[..., T]:
        @lru_cache(maxsize=most)
        def place(*_args: Hashable, **_options: Hashable) -> tuple[Lock, list[T]]:
            return Lock(), []

        @wraps(make)
        def kept(*args: Hashable, **options: Hashable) -> T:
            lock, made = place(*args, **options)
            with lock:
                if not made:
                    made.append(make(*args, **options))
                return made[0]

        return kept

    return around


def lately(
    request: HttpRequest,
    board: Board[T],
    make: Callable[[], T],
    *,
    seat: Seat | None = None,
    of: Hashable = None,
) -> T:
    """What a board shows in the page's language, or what `make` makes for it; at a seat, if any.

    Staff see at once what they changed; a preview is of a seat and time of its own.
    """
    if getattr(request, "previewed", None) is not None:
        return make()
    fresh = bool(getattr(request.user, "is_staff", False))
    where = (seat.places, seat.tier) if seat else None
    return board.get((of, where, get_language()), make, fresh=fresh)
