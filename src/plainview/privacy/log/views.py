"""The log as anybody sees it: its heads, its keys, what it proves, and how to check it."""

from __future__ import annotations

import datetime as dt
import functools
import json
from pathlib import Path
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview import verify
from plainview.platform.addresses import link
from plainview.platform.downloads import download
from plainview.platform.identifiers import number_in
from plainview.privacy import log
from plainview.privacy.gate.doors import serves
from plainview.privacy.log import accounting, queries
from plainview.privacy.log.models import Deed, Epoch, Head, Key, Stamp
from plainview.privacy.log.wording import words_of_checking

LATEST, PAGE = 12, 100


class Published(NamedTuple):
    """A policy that the service ran on, and since when."""

    version: str
    fingerprint: str
    at: dt.datetime


@serves("browse", may=["account"], source="use")
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the log is for, its heads, keys and epochs, and the policies that it knows (P2.11e)."""
    newest = log.head()
    policies = Deed.objects.filter(what=accounting.POLICY).values_list("body", "at")
    context = {
        "head": newest,
        "heads": Head.objects.prefetch_related("stamp_set", "mailed_set")[:LATEST],
        "keys": Key.objects.order_by("-id"),
        "epochs": Epoch.objects.exclude(because=Epoch.Because.FIRST).order_by("-number"),
        "policies": [
            Published(said["pv:version"], said["pv:fingerprint"], at)
            for said, at in ((json.loads(body), at) for body, at in policies)
        ],
    }
    return render(request, "privacy/log/log.html", context)


@serves("browse", may=["account"], source="use")
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Checks receipts and heads in the reader's browser; nothing they choose is sent anywhere."""
    latest = Key.objects.order_by("-id").first() or _first_key()
    context = {
        "key": latest.public,
        "keys": {"keys": queries.keys()},
        "words": words_of_checking(),
        "log": link("log"),
    }
    return render(request, "privacy/log/check.html", context)


@serves("browse", source="use")
@never_cache
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest signed head, as text (https://c2sp.org/tlog-checkpoint)."""
    return _text(log.head().note)


@serves("browse", source="use")
@never_cache
@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """Every head there was, the latest first, a hundred at a time (`?page=`)."""
    listed = Paginator(Head.objects.all(), PAGE).get_page(request.GET.get("page"))
    return _text("\n".join(each.note for each in listed))


@serves("browse", source="use")
@never_cache
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys with the signature by which each was endorsed, the oldest first."""
    log.head()
    return JsonResponse({"keys": queries.keys()})


@serves("browse", source="use")
@never_cache
@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that the log of `?second=` entries continues that of `?first=`."""
    try:
        first, second = (number_in(request.GET.get(name, "")) for name in ("first", "second"))
        if first is None or second is None:
            raise ValueError("first and second")
        proof = log.consistency(first, second)
    except (ValueError, log.NoSuchEntry):
        return HttpResponseBadRequest(
            "first and second are numbers of entries that heads of this log have\n",
            content_type="text/plain; charset=utf-8",
        )
    path = [step.hex() for step in proof.path]
    return JsonResponse({"first": first, "second": second, "path": path})


@serves("browse", source="use")
@require_safe
def stamp(request: HttpRequest, number: int) -> HttpResponse:
    """What a timestamping authority answered about a head (RFC 3161), for `openssl ts -verify`."""
    found = get_object_or_404(Stamp, pk=number)
    name = f"head-{found.head_id}.tsr"
    return download(name, bytes(found.token), "application/timestamp-reply")


@serves("browse", source="use")
@require_safe
def head(request: HttpRequest, number: int) -> HttpResponse:
    """One head by its number."""
    return _text(get_object_or_404(Head, pk=number).note)


@serves("browse", source="use")
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """`plainview-verify`, the one file that checks us without us."""
    return download("plainview-verify.py", _verifier(), "text/x-python; charset=utf-8")


@functools.cache
def _verifier() -> str:
    return Path(verify.__file__).read_text()


def _first_key() -> Key:
    log.head()
    return Key.objects.get()


def _text(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
