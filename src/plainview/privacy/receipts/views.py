"""What one was asked and said: every entry, its receipt to read, print, keep or hand on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.downloads import download
from plainview.privacy.consent.models import Shown, Style
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.receipts import documents, handing, queries
from plainview.privacy.visitors import visitor_of

BEARER = "whoever holds the code was handed it by the person it is about; the code is used up"
NOBODY = "a style sheet is about nobody"
AS_IT_WAS = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "font-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}
"""A page that was shown is looked at and does nothing any more."""


def _subjects(request: HttpRequest) -> Iterator[int]:
    """Whose entries are one's own here: the account's and the device's."""
    visitor = visitor_of(request)
    for subject in (visitor.account, visitor.device):
        if subject is not None:
            yield subject


def _own(request: HttpRequest, key: uuid.UUID) -> tuple[int, queries.Receipt]:
    for subject in _subjects(request):
        found = queries.receipt(subject, str(key))
        if found is not None:
            return subject, found
    raise Http404("no such receipt of yours")


@serves("privacy-choices", may=["account"], source="use")
@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Everything one was asked and said, the latest first (P1.1.5g)."""
    visitor = visitor_of(request)
    context = {
        "account": queries.history(visitor.account) if visitor.account is not None else [],
        "device": queries.history(visitor.device) if visitor.device is not None else [],
        "member": visitor.account is not None,
    }
    return render(request, "privacy/receipts/history.html", context)


@serves("privacy-choices", may=["account"], source="use")
@never_cache
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def receipt(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One receipt for reading and printing."""
    _subject, found = _own(request, key)
    return render(request, "privacy/receipts/receipt.html", reading(found))


@serves("privacy-choices", may=["account"], source="use")
@never_cache
@require_safe
def receipt_file(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The same as a file that proves itself (docs/receipts.md)."""
    return _file(_own(request, key)[1])


@serves("privacy-choices", may=["account"], source="use")
@never_cache
@require_safe
def shown(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was shown, as it was."""
    for subject in _subjects(request):
        found = queries.shown(subject, str(key))
        if found is not None and found.page:
            return as_it_was(request, found)
    raise Http404("no such page of yours is kept")


@serves("privacy-choices", may=["account"], source="form")
@same_origin_post
@require_POST
def hand_over(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Draws a code by which a telephone takes the receipt, from a screen that keeps no files."""
    subject, found = _own(request, key)
    code = handing.offer(subject, found.line.key)
    address = link("privacy-handed", code)
    context = {
        "picture": handing.drawn(address, _("A code that leads to the receipt")),
        "address": address,
        "minutes": int(handing.LIFE.total_seconds() // 60),
        "line": found.line,
    }
    return render(request, "privacy/receipts/hand.html", context)


@serves("privacy-choices", may=["account"], source="use", everyone=BEARER)
@same_origin_post
def handed(request: HttpRequest, code: str) -> HttpResponse:
    """Where the code leads: a button, and behind it the receipt, once."""
    if request.method != "POST":
        gone = not handing.waiting(code)
        return render(request, "privacy/receipts/handed.html", {"gone": gone})
    taken = handing.take(code)
    found = queries.receipt(*taken) if taken else None
    if found is None:
        return render(request, "privacy/receipts/handed.html", {"gone": True}, status=410)
    if request.POST.get("as") == "file":
        return _file(found)
    return render(request, "privacy/receipts/taken.html", reading(found))


@serves("browse", source="use", everyone=NOBODY)
@cache_control(public=True, max_age=31_536_000, immutable=True)
@require_safe
def style(request: HttpRequest, key: str) -> HttpResponse:
    """A style sheet by which questions were shown, under its own hash."""
    found = get_object_or_404(Style, pk=key)
    return HttpResponse(found.text, content_type="text/css; charset=utf-8")


@serves("browse", source="use", everyone=NOBODY)
@cache_control(public=True, max_age=86_400)
@require_safe
def font(request: HttpRequest, name: str) -> HttpResponse:
    """Where a kept style sheet finds the letters of now: it names them beside itself.

    Kept for a day: the next letters have another address. 404 where pages have them no more.
    """
    asset = f"build/fonts/{name}.woff2"
    if finders.find(asset) is None:
        raise Http404
    return HttpResponseRedirect(static(asset))


def as_it_was(request: HttpRequest, found: Shown) -> HttpResponse:
    """A page that was shown, with the style sheet it had, in a frame where nothing runs."""
    style = reverse("privacy-style", args=[found.style_id]) if found.style_id else ""
    with languages.speaking(found.language):
        direction = languages.direction(found.language)
        context = {"shown": found, "style": style, "direction": direction}
        answer = render(request, "privacy/receipts/shown.html", context)
    answer._csp_config = AS_IT_WAS  # type: ignore[attr-defined]  # as django-csp's decorator does
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def reading(found: queries.Receipt) -> dict[str, object]:
    """What the template of a receipt's body needs."""
    notice = found.document["dpv:hasNotice"]
    proof = found.document["pv:proof"]
    return {
        "receipt": found,
        "line": found.line,
        "notice": notice,
        "policy": notice["pv:policy"],
        "proof": proof,
    }


def _file(found: queries.Receipt) -> HttpResponse:
    return download(f"receipt-{found.line.key}.json", found.file, documents.TYPE)
