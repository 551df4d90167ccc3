"""The languages of a title: what is there and what is made, as its open page goes on asking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from plainview.domains.catalogue.models import Title, Video, listed
from plainview.domains.subtitles import queries
from plainview.domains.subtitles.models import Edition, Segment, Track
from plainview.privacy.caching import Board
from plainview.privacy.gate.doors import serves
from plainview.web.pages.caching import conditional

_drawn: Board[str] = Board(Title, Video, Track, Edition, Segment)


@serves("browse", source="use")
@require_safe
@conditional
def live(_request: HttpRequest, slug: str) -> HttpResponse:
    """What stands under *Subtitles* on the page of a listed title now; 304 where nothing changed.

    The same for everybody: an open page asks without its cookies.
    """
    html = _drawn.get((slug, get_language()), lambda: _draw(slug))
    if not html:
        raise Http404("no such title")
    response = HttpResponse(html)
    patch_cache_control(response, no_cache=True)
    return response


def _draw(slug: str) -> str:
    title = Title.objects.filter(listed(), slug=slug).first()
    if title is None:
        return ""
    videos = title.videos.values_list("pk", flat=True)
    return render_to_string("components/tongues.html", tongues(videos))


def tongues(videos: Iterable[int]) -> dict[str, Any]:
    """A track for each language that any of the videos has, and how far the others are.

    `live` where somebody began a language, so that there is something to go on asking for.
    """
    wanted = list(videos)
    found = queries.progress(wanted)
    tracks = Track.objects.filter(video__in=wanted).order_by("label")
    return {
        "tracks": list({track.language: track for track in tracks}.values()),
        "underway": queries.underway(found),
        "live": bool(found),
    }
