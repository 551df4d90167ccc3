"""The player in a frame on somebody else's page: same film, licence and law, and nothing kept."""

from __future__ import annotations

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from plainview.domains.catalogue import queries
from plainview.domains.playback import queries as playback
from plainview.platform.addresses import absolute
from plainview.privacy.gate.doors import serves
from plainview.web.pages.availability import in_words
from plainview.web.pages.caching import cached
from plainview.web.pages.watch import stage, start_second, video_at

FRAMED = {"frame-ancestors": settings.EMBED_ANCESTORS or ["'none'"]}


@serves("playback", may=["availability"], source="use")
@xframe_options_exempt
@csp_replace(FRAMED)
@csp_update({"style-src": settings.PLAYER_STYLES})
@cached
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """A film in a frame, `?t=` its first second; why not, when and where, if it may not be played.

    It looks at nobody: no account, no choice, no storage. It names the controller and links the
    notice like every other surface (P0a). 404 where the operator lets no page frame it.
    """
    if not settings.EMBED_ANCESTORS:
        raise Http404("this service is not shown in frames")
    video = video_at(request, key)
    seat = queries.seat_of(request)
    said = in_words(playback.may_play(video, seat), seat)
    context = {**stage(request, video, "embed"), "said": said, "framed": True}
    context["canonical"] = absolute(video.get_absolute_url())
    context["start"] = start_second(request.GET.get("t", ""))
    return render(request, "pages/embed.html", context, status=403 if said else 200)
