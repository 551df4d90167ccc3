"""Films that come in by pieces: the server of tus 1.0.0 (tus.io/protocols/resumable-upload).

Extensions: creation, checksum, termination, expiration. Each address opens for one account alone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from email.utils import format_datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plainview.domains.playback import services as playing
from plainview.domains.playback.models import Arrival
from plainview.domains.staff.access import me, staff, uploads_closed
from plainview.platform.identifiers import number_in
from plainview.platform.storage.bodies import takes
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination,expiration"
PIECE = "application/offset+octet-stream"
LONGEST_METADATA = 4096
View = Callable[..., HttpResponse]


def tus(view: View) -> View:
    """Speak the protocol: its version in and out, methods by header, refusals in words."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
        if method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            answer = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            try:
                answer = view(request, *args, method=method, **kwargs)
            except playing.Refused as refused:
                answer = HttpResponse(_in_words(refused), "text/plain", status=refused.status)
        answer["Tus-Resumable"] = VERSION
        return answer

    return spoken


def _in_words(refused: playing.Refused) -> str:
    words = {
        413: _(
            "The film is larger than %(limit)s GB, the most that this service takes."
            " Export it at a lower bit rate, or ask for the limit to be raised."
        )
        % {"limit": settings.ENV.max_upload_gb},
        429: _("You began to send many films. Finish some of them or take them back first."),
        507: _("There is not enough room on the disk for this film. Ask for more."),
    }
    return words.get(refused.status, str(refused))


@serves("contribute", may=["account", "moderation"], source="form")
@staff("catalogue.edit")
@same_origin_post
@tus
def arrivals(request: HttpRequest, *, method: str) -> HttpResponse:
    """Where a film is announced (POST, 201 with its address), and what is spoken here (OPTIONS)."""
    if method == "OPTIONS":
        said = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(playing.CHECKSUMS),
            "Tus-Max-Size": str(settings.ENV.max_upload_gb * playing.GIGABYTE),
        }
        return HttpResponse(status=204, headers=said)
    if method != "POST":
        return HttpResponse(status=405, headers={"Allow": "OPTIONS, POST"})
    if uploads_closed(request):
        raise playing.Refused(403, "three open strikes: /settings/strikes/")
    size = _number(request, "Upload-Length")
    if size <= 0:
        raise playing.Refused(400, "an empty file is no film")
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    arrival = playing.expect(
        account=me(request),
        source_name=told.get("filename", ""),
        size=size,
        modified=number_in(told.get("modified", "")) or 0,
    )
    place = reverse("desk-arrival", args=[playing.address_of(arrival, me(request))])
    return HttpResponse(status=201, headers={"Location": place, **_ends(arrival)})


@serves("contribute", may=["account"], source="form")
@takes(settings.ENV.max_upload_gb * playing.GIGABYTE)
@staff("catalogue.edit")
@same_origin_post
@tus
def arrival(request: HttpRequest, address: str, *, method: str) -> HttpResponse:
    """How much of a film has come (HEAD), a piece of it (PATCH), or no more of it (DELETE)."""
    found = playing.arriving(address, me(request))
    if found is None:
        return HttpResponse(status=404)
    if method == "HEAD":
        told = {"Upload-Offset": str(found.offset), "Upload-Length": str(found.size)}
        return HttpResponse(status=200, headers={**told, **_ends(found)})
    if method == "DELETE":
        playing.withdraw(found)
        return HttpResponse(status=204)
    if method != "PATCH":
        return HttpResponse(status=405, headers={"Allow": "HEAD, PATCH, DELETE"})
    if request.content_type != PIECE:
        return HttpResponse(status=415)
    offset = playing.take(
        found,
        offset=_number(request, "Upload-Offset"),
        length=_number(request, "Content-Length"),
        read=request.read,
        checksum=request.headers.get("Upload-Checksum", ""),
    )
    found = playing.arriving(address, me(request))
    if found is None:  # it was taken back while this piece came
        return HttpResponse(status=404)
    return HttpResponse(status=204, headers={"Upload-Offset": str(offset), **_ends(found)})


def _ends(arrival: Arrival) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(arrival.expires_at, usegmt=True)}


def _number(request: HttpRequest, name: str) -> int:
    number = number_in(request.headers.get(name, ""))
    if number is None:
        raise playing.Refused(400, f"{name} is a whole number")
    return number


def _metadata(said: str) -> dict[str, str]:
    """tus' `Upload-Metadata`: pairs of a key and a base64 text, with commas between."""
    if len(said) > LONGEST_METADATA:
        raise playing.Refused(400, "Upload-Metadata is too long")
    found = {}
    for pair in filter(None, said.split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except ValueError:
            raise playing.Refused(400, "Upload-Metadata is not base64") from None
    return found
