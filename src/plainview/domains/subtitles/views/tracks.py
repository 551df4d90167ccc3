"""Subtitles as files for players."""

from __future__ import annotations

import hashlib

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Why
from plainview.domains.playback import queries as playback
from plainview.domains.subtitles import queries, services
from plainview.domains.subtitles.formats.markup import escape
from plainview.domains.subtitles.ports import Ports
from plainview.platform.media import playlists
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import any_page_reads

MOST_NAMED = 12


def _closing(key: str, language: str) -> str:
    """Who made the lines, as they want to be named, in the words of the lines' own language."""
    with entering("contribute"):
        names = services.names_at_the_end(key, language)
    if not names:
        return ""
    with translation.override(language if translation.check_for_language(language) else "en"):
        said = _("Subtitles: %(names)s") % {"names": questions.in_a_row(names[:MOST_NAMED])}
    return escape(said)


@serves("playback", may=["availability", "contribute"], source="use")
@any_page_reads
def webvtt(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The track of a video in a language, as WebVTT; revalidated, since subtitles are edited.

    Whoever works on the programme hears it before the film is in it, as they see the film.
    """
    works = Ports.manages(request)
    length = playback.duration(key)
    lasts = {"lasts_ms": 1000 * length[1]} if length and length[1] else {}
    text = queries.webvtt(key, language, _closing(key, language), drafts=works, **lasts)
    if text is None:
        raise Http404
    if not playback.playable(key, catalogue.seat_of(request)) and not works:
        raise PermissionDenied
    body = text.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(
        body,
        content_type="text/vtt; charset=utf-8",
        headers={"ETag": etag, "Cache-Control": "private, no-cache", "Content-Language": language},
    )
    return get_conditional_response(request, etag=etag, response=response) or response


@serves("playback", may=["availability"], source="use")
@any_page_reads
def playlist(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The same as an HLS playlist of that one file, for players that know nothing else."""
    package = playback.package_of(key)
    allowed = playback.playable(key, catalogue.seat_of(request))
    if package is None or allowed.why is Why.HIDDEN or not queries.has_track(key, language):
        raise Http404
    if not allowed:
        raise PermissionDenied
    said = playlists.text(f"{language}.vtt", package.duration_ms // 1000)
    headers = {"Cache-Control": "private, no-cache"}
    return HttpResponse(said, content_type="application/vnd.apple.mpegurl", headers=headers)
