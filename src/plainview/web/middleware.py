"""What every request passes: headers that Django has no setting for, and the choice of language."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.request import split_domain_port
from django.middleware.security import SecurityMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from plainview.platform import languages
from plainview.platform.identifiers import number_in
from plainview.platform.languages import catalogues
from plainview.platform.storage.bodies import longest
from plainview.privacy.backups import barrier
from plainview.privacy.origin import FOR_ANY_PAGE, is_for_any_page
from plainview.web import outdated
from plainview.web.errors import (
    being_restored,
    being_updated,
    length_required,
    not_implemented,
    not_taken,
    too_large,
)
from plainview.web.language import asked_for, named

Handler = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD")
ONLY_READ = "plainview_only_read"
"""What a view has that takes nothing, so that it is said before a form's token is asked for."""


class Host:
    """The public address is the host where a proxy passed on the name by which it reaches us.

    Apache does so unless told otherwise, nginx too. A browser's `Origin` would be another's then:
    every form refused, no passkey of this site.
    """

    LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META  # `request.headers` would keep the other host
        if settings.ENV.public_url and settings.ENV.trusted_proxies:
            name, _port = split_domain_port(meta.get("HTTP_HOST", ""))
            if name in self.LOCAL and "HTTP_X_FORWARDED_FOR" in meta:
                meta["HTTP_HOST"] = settings.PUBLIC.netloc
        return self.get_response(request)


class SecurityHeaders:
    """Turns off what the service never uses; says what pages of others may frame and read.

    What says nothing of being kept is kept by nobody: neither by a cache on its way, nor by the
    browser for whoever goes back after somebody has signed out.
    """

    PERMISSIONS = (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
        " magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.PERMISSIONS)
        if is_for_any_page(request):
            for name, value in FOR_ANY_PAGE.items():
                response[name] = value
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        framed = getattr(response, "xframe_options_exempt", False)
        response.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if framed else "same-origin"
        )
        if not framed:
            response.setdefault("X-Frame-Options", "DENY")
        return response


class Codings:
    """Takes out of `Accept-Encoding` what it refuses (`gzip;q=0`; RFC 9110, 12.5.3).

    Whatever packs an answer only looks for the name of its coding there.
    """

    NAME = "HTTP_ACCEPT_ENCODING"
    NOTHING = frozenset({"q=0", "q=0.", "q=0.0", "q=0.00", "q=0.000"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META.get(self.NAME, "")
        if ";" in said:
            taken = [each for each in said.split(",") if not self._refused(each)]
            request.META[self.NAME] = ",".join(taken)
        return self.get_response(request)

    def _refused(self, coding: str) -> bool:
        _name, *parameters = coding.split(";")
        return any("".join(each.lower().split()) in self.NOTHING for each in parameters)


class Bounds:
    """Refuses bodies longer than their view takes (413), before they fill a disk; long addresses.

    An address stands in its page many times, as where to come back to. A method that nobody here
    knows is refused as such (501), or that the page does not take (405), not as a form from
    elsewhere. A body that comes in chunks (411) would be taken for an empty form.
    """

    METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    LONGEST_ADDRESS = 8000  # octets, which everybody should take (RFC 9110, 4.1)

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":
            return self._traced(request)
        if request.method not in self.METHODS:
            return not_implemented(request)
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return length_required(request)
        if len(request.get_full_path()) > self.LONGEST_ADDRESS:
            return too_large(request, HTTPStatus.REQUEST_URI_TOO_LONG)
        response = self.get_response(request)
        if request.method == "OPTIONS" and response.status_code == 200 and "Allow" not in response:
            return HttpResponseNotAllowed(READING)  # its view reads no method: it took it for GET
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return not_taken(request, response)
        return response

    def _traced(self, request: HttpRequest) -> HttpResponse:
        """405 with what OPTIONS says is taken there: HTTP knows the method, no page takes it."""
        request.method = "OPTIONS"
        taken = self(request).get("Allow", ", ".join(READING))
        return not_taken(request, HttpResponseNotAllowed([taken]))

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if hasattr(view, ONLY_READ) and request.method not in ("GET", "HEAD", "OPTIONS"):
            return HttpResponseNotAllowed(READING)
        length = number_in(request.META.get("CONTENT_LENGTH") or "0")
        fits = length is not None and length <= longest(view)
        return None if fits else too_large(request)


class Shut:
    """Answers 503 while a restored database still holds what must not come back (lesson 6).

    Likewise by code whose database became one of another version. Stands outside all that asks a
    table. `/healthz` says that the process is alive, `/readyz` why it does not serve.
    """

    ALIVE, READY = "/healthz", "/readyz"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        restored: Any = SecurityMiddleware(CSPMiddleware(_in_language(being_restored)))
        updated: Any = SecurityMiddleware(CSPMiddleware(_in_language(being_updated)))
        self._restored, self._updated = SecurityHeaders(restored), SecurityHeaders(updated)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        if not barrier.shut():
            known = not outdated.why() or request.path in (self.ALIVE, self.READY)
            return self.get_response(request) if known else self._updated(request)
        if request.path == self.ALIVE:
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == self.READY:
            told = {"ready": False, "problems": ["a restore is not over: see `plainview doctor`"]}
            return JsonResponse(told, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return self._restored(request)


def _in_language(page: Handler) -> Handler:
    """A page in the language that the browser asks for."""

    def spoken(request: HttpRequest) -> HttpResponse:
        tag = asked_for(request.headers.get("Accept-Language", ""))
        with languages.speaking(tag):
            request.LANGUAGE_CODE = tag
            response = page(request)
        response["Content-Language"] = tag
        return response

    return spoken


class Language:
    """Picks the page's language: `?lang=`, else the remembered choice, else what the browser asks.

    `?lang=` is a stable address and remembers nothing; remembering is its own act (`language`).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        catalogues.refresh()
        chosen = named(request.GET.get("lang", "")) or named(
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        )
        language = chosen or asked_for(request.headers.get("Accept-Language", ""))
        request.language_chosen = bool(chosen)  # type: ignore[attr-defined]
        translation.activate(languages.code(language))
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
