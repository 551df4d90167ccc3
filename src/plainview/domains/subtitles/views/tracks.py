"""Subtitles as files for players."""

from __future__ import annotations

import hashlib

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.playback import queries as playback
from plainview.domains.subtitles import queries
from plainview.domains.subtitles.ports import Ports
from plainview.privacy.gate.doors import serves


@serves("playback", may=["availability"], source="use")
def webvtt(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The track of a video in a language, as WebVTT; revalidated, since subtitles are edited."""
    allowed = playback.playable(key, catalogue.seat_of(request))
    text = queries.webvtt(key, language)
    if text is None:
        raise Http404
    if not allowed and not Ports.manages(request):
        raise PermissionDenied
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(
        body,
        content_type="text/vtt; charset=utf-8",
        headers={"ETag": etag, "Cache-Control": "private, no-cache", "Content-Language": language},
    )
    return get_conditional_response(request, etag=etag, response=response) or response
