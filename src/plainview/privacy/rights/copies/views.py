"""The doors of a copy: asked for, made while one looks on or away, fetched with the password."""

from __future__ import annotations

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plainview.platform.downloads import attachment
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.rights.copies import services, signing, telling
from plainview.privacy.rights.copies.models import Copy
from plainview.privacy.rights.doorway import address, confirmed, subject_of, to_confirm


@serves("rights", may=["account"], source="form")
@same_origin_post
def copy(request: HttpRequest, whose: str = "") -> HttpResponseBase:
    """Ask for a copy of all that is held (P5.2.1.2a), see how far it is, delete it."""
    subject = subject_of(request, whose)
    if subject is None:
        return redirect("privacy-overview")
    if not confirmed(request, whose):
        return to_confirm(request)
    if request.method == "POST":
        if request.POST.get("delete"):
            services.drop(subject)
        else:
            services.ask(subject)
        return HttpResponseRedirect(request.path)
    row = services.of(subject)
    done = row is not None and row.state == Copy.State.READY
    return render(
        request,
        "privacy/rights/copy.html",
        {
            "back": address(whose, "overview"),
            "row": row,
            "waiting": row is not None and row.state == Copy.State.ASKED,
            "failed": row is not None and row.state == Copy.State.FAILED,
            "fetch": address(whose, "copy-fetch", row.key) if row is not None and done else "",
            "ends": telling.ends_at(row) if row is not None else None,
        },
    )


@serves("rights", may=["account"], source="use")
@never_cache
@require_safe
def fetch(request: HttpRequest, key: str, whose: str = "") -> HttpResponseBase:
    """The copy itself, for whoever it is about, once they have given their password."""
    subject = subject_of(request, whose)
    if subject is None:
        raise Http404("no copy is here")
    if not confirmed(request, whose):
        return to_confirm(request)
    return handed(subject, key)


def handed(subject: int, key: str) -> HttpResponseBase:
    """The answer that carries a finished copy, to whoever was let in. Raises Http404."""
    try:
        fetched = services.fetch(subject, key)
    except services.NothingThere:
        raise Http404("no copy is here") from None
    name = f"{settings.SESSION_COOKIE_NAME.partition('-')[0]}-{timezone.localdate()}.zip"
    headers = attachment(name) | {"Content-Length": str(fetched.size)}
    return StreamingHttpResponse(fetched.content, content_type="application/zip", headers=headers)


@serves("browse", source="use")
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public keys that copies are signed with, as PEM, the newest first."""
    return HttpResponse(b"".join(signing.public()), content_type="application/x-pem-file")
