"""When a page can't be shown: what happened, what it means, what to do."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from plainview.platform.identifiers import LinkEnded, number_in
from plainview.platform.storage.bodies import MOST
from plainview.privacy.consent import opting_out
from plainview.privacy.origin import comes_from_here
from plainview.privacy.policies import in_force

MINUTE = 60
_SECRET = re.compile("password|code|token")
_log = logging.getLogger(__name__)


def problem(status: int, title: str, errors: list[str] | None = None) -> HttpResponse:
    """What went wrong, to a program (RFC 9457); `errors` say where a request does not fit."""
    return JsonResponse(
        {"status": status, "title": title, "errors": errors or []},
        status=status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


def _page(
    request: HttpRequest, status: int, words: tuple[str, str, str], **more: Any
) -> HttpResponse:
    """A page; to a program that asked the API, a problem (RFC 9457)."""
    happened, means, action = words
    if request.path.startswith(reverse("api:api-root")):
        return problem(status, happened)
    said: dict[str, Any] = {
        "happened": happened,
        "means": means,
        "action": action,
        "status": status,
    }
    said["breaches_told"] = False  # such a page comes without the database, too
    if more.get("bare"):  # whose foot asks nobody's standing, and follows the strictest law
        said |= {"opt_out_state": "", "opt_out_words": opting_out.strictest_words()}
    response = render(request, "errors/error.html", {**said, **more}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood, its question least of all.

    What strangers try, such as another service's name, is one line that says its kind alone. Half
    a file that somebody sent goes at once.
    """
    request.GET = QueryDict()
    words = (
        _("That request could not be read"),
        _("Something in the address or the form was not what this page expects."),
        _("Go to the first page"),
    )
    response = _page(request, 400, words, href="/", bare=True)
    for handler in request.upload_handlers:
        handler.upload_interrupted()  # Django leaves a file until garbage is looked for
    if isinstance(exception, SuspiciousOperation):
        _log.warning("a request could not be read: %s", type(exception).__name__)
        vars(response)["_has_been_logged"] = True  # Django would log what was sent, as our error
    return response


def not_implemented(request: HttpRequest, what: str = "method") -> HttpResponse:
    """501 (RFC 9110) of a method or form that nothing here knows; nobody has to look into it."""
    response = HttpResponse(
        f"this {what} is not known here\n", status=501, content_type="text/plain"
    )
    vars(response)["_has_been_logged"] = True
    return response


def length_required(request: HttpRequest) -> HttpResponse:
    """411 (RFC 9110) of a body that does not say how long it is: none of it can be read here."""
    response = HttpResponse("say how long it is\n", status=411, content_type="text/plain")
    vars(response)["_has_been_logged"] = True
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: understood and refused."""
    words = (
        _("That is not open to you"),
        _("The page or form belongs to others, or it was sent from another site."),
        _("Go to the first page"),
    )
    return _page(request, 403, words, href="/")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing for this visitor; what to do where a letter's link ended."""
    if isinstance(exception, LinkEnded):
        return _link_ended(request)
    words = (
        _("There is nothing at this address"),
        _("The film may have left the programme, or the address has a slip in it."),
        _("Look through the programme"),
    )
    return _page(request, 404, words, href=reverse("search"))


def _link_ended(request: HttpRequest) -> HttpResponse:
    means = _(
        "The service has changed its keys since that letter was sent. What the link led to is still"
        " there: write to %(email)s and name the number that stands in the letter, and you get a"
        " new link. If you have an account, you find your requests in it."
    ) % {"email": in_force().controller.email}
    words = (_("This link has ended"), means, _("Your requests"))
    return _page(request, 404, words, href=reverse("privacy-requests"))


def not_taken(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """405 (RFC 9110) with something to read, where a view refused a method and said nothing more.

    A reader comes to such an address when a page that a form led to is opened anew, or in another
    language: an empty answer is a blank page there. `refused` is what the view answered.
    """
    response = refused
    if request.path.startswith(reverse("api:api-root")):
        response = problem(405, "this method is not taken here")
    elif request.method == "GET":
        words = (
            _("There is nothing to read at this address"),
            _("It only takes what a form sends. Nothing was changed."),
            _("Go to the first page"),
        )
        response = _page(request, 405, words, href="/")
    response["Allow"] = refused["Allow"]
    vars(response)["_has_been_logged"] = True
    return response


def first_run_closed(request: HttpRequest) -> HttpResponse:
    """404 of the first run: over, or by another token; which of the two is told to nobody."""
    words = (
        _("This link does not open the first run"),
        _(
            "Each start of the service prints the link that does, until there is a staff account."
            " Is yours made already? Then sign in."
        ),
        _("Sign in"),
    )
    return _page(request, 404, words, href=reverse("account_login"))


def too_large(request: HttpRequest, status: int = 413) -> HttpResponse:
    """413, or 414 of an address (RFC 9110): more than the page takes; nothing of it was read."""
    words = (
        _("That was more than we take"),
        _("What you sent is larger than this page takes. Nothing of it was kept or changed."),
        _("Go to the first page"),
    )
    return _page(request, status, words, href="/", bare=True)


def too_many(request: HttpRequest) -> HttpResponse:
    """429 (RFC 6585): guessed or asked too often; every such limit is counted by the minute."""
    words = (
        _("That was a little often"),
        _(
            "Somebody on your network did this many times within a minute, so we wait for one, to"
            " keep out those who guess. Nothing was changed. Go back then: what you typed is still"
            " in the form."
        ),
        _("Open the page again"),
    )
    response = _page(request, 429, words, href=request.path)
    response["Retry-After"] = str(MINUTE)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, or 503 where the database is away or locked for a moment.

    Reads neither database nor session, which may be what failed.
    """
    words = (
        _("Something broke on our side"),
        _("It is not your doing, and it has been written down for the people who run the service."),
        _("Try again"),
    )
    away = isinstance(sys.exception(), (OperationalError, InterfaceError))
    response = _page(request, 503 if away else 500, words, href=request.path, bare=True)
    if away:
        response["Retry-After"] = str(MINUTE)
    return response


def being_updated(request: HttpRequest) -> HttpResponse:
    """503: the database is of another version than this process; nothing was read or written."""
    words = (
        _("Back in a moment"),
        _(
            "The service is being brought up to date. What you sent just now has not arrived: wait"
            " for a minute, go back, and send it again."
        ),
        _("Try again"),
    )
    return _later(request, words)


def being_restored(request: HttpRequest) -> HttpResponse:
    """503: a database was put back, and who left since must leave it again first."""
    words = (
        _("We are putting things back in order"),
        _(
            "A backup was brought back. Before anything is shown again, what people have deleted or"
            " refused since it was made is deleted and refused once more. Please come back in a few"
            " minutes."
        ),
        _("Try again"),
    )
    return _later(request, words)


def _later(request: HttpRequest, words: tuple[str, str, str]) -> HttpResponse:
    response = _page(request, 503, words, href=request.path, bare=True)
    response["Retry-After"] = str(MINUTE)
    vars(response)["_has_been_logged"] = True  # Django would log the path
    return response


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token is missing or old, usually after signing in or out elsewhere."""
    words = (
        _("The form is no longer valid"),
        _(
            "It was open for long, you signed in or out in another window, or your browser keeps"
            " no cookies for this site. Nothing was changed."
        ),
        _("Open the form again"),
    )
    more = {"typed": typed(request), "again": _again(request)}
    return _page(request, 403, words, href=request.path, **more)


def signed_out(request: HttpRequest, href: str) -> HttpResponse:
    """403 of a form that needs an account, from somebody who wrote it and is signed out since."""
    words = (
        _("You are signed out"),
        _(
            "You signed out in another window, or were away for long. Nothing was changed. Copy"
            " what you wrote, then sign in and send it again."
        ),
        _("Sign in"),
    )
    return _page(request, 403, words, href=href, typed=typed(request))


def _said(request: HttpRequest) -> list[tuple[str, str]]:
    """The names and values of a form that came from a page of ours.

    A body that only its door takes, such as a film, is not read for whoever has no way in.
    """
    length = number_in(request.META.get("CONTENT_LENGTH") or "0")
    if not comes_from_here(request) or length is None or length > MOST:
        return []
    return [(name, each) for name, texts in request.POST.lists() for each in texts]


def _again(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form of a page of ours said, to be sent once more by whoever presses that.

    Nothing of one with a password or a code, nor of one with a file, which no page can send again.
    """
    said = [each for each in _said(request) if each[0] != "csrfmiddlewaretoken"]
    secret = any(_SECRET.search(name) for name, _text in said)
    return [] if secret or (said and request.FILES) else said


def typed(request: HttpRequest) -> list[str]:
    """The texts of a form that a person wrote on a page of ours: no keys, no passwords."""
    return [
        text
        for name, text in _said(request)
        if not _SECRET.search(name) and (" " in text.strip() or not text.isascii())
    ]
