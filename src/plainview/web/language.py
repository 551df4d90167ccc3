"""Remembering a language: storage that serves only what the person just asked for (P2.1.3b)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from plainview.domains.accounts import services as accounts
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post


@serves("interface", source="form")
@same_origin_post
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the posted `language` in a cookie and go back to `next`.

    Whoever is signed in is written to in it from now on.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if request.user.pk is not None:
            accounts.speak(request.user.pk, language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
            httponly=True,
        )
    return response
