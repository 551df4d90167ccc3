"""What every request passes: headers that Django has no setting for, and the choice of language."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from plainview.platform import languages
from plainview.platform.languages import catalogues
from plainview.privacy.origin import FOR_ANY_PAGE, is_for_any_page
from plainview.web.language import asked_for, named

Handler = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Turns off what the service never uses; says what pages of others may frame and read."""

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
        framed = getattr(response, "xframe_options_exempt", False)
        response.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if framed else "same-origin"
        )
        if not framed:
            response.setdefault("X-Frame-Options", "DENY")
        return response


class Language:
    """Picks the page's language: `?lang=`, else the remembered choice, else what the browser asks.

    `?lang=` is a stable address and remembers nothing; remembering is its own act (`language`).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        catalogues.refresh()
        language = (
            named(request.GET.get("lang", ""))
            or named(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
            or asked_for(request.headers.get("Accept-Language", ""))
        )
        translation.activate(languages.code(language))
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
