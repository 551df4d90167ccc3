"""The player's page, and the lines of a film as a page to read."""

from __future__ import annotations

from dataclasses import dataclass

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.models import Video
from plainview.domains.playback import queries as playback
from plainview.domains.playback import services
from plainview.domains.playback.models import PlayerSettings
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.models import Cue, Track
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.web.pages.availability import in_words
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import (
    Episode,
    artwork,
    episode_of,
    package_of,
    videos_for_cards,
)
from plainview.web.pages.labels import player_labels
from plainview.web.pages.my import is_paused
from plainview.web.pages.title import countries, shown

LONGEST_START = 24 * 3600


@dataclass(frozen=True)
class Line:
    """A subtitle as text, with its place in the film in seconds and as a clock shows it."""

    seconds: int
    clock: str
    text: str


@serves("playback", may=["account", "history", "interface", "availability"], source="use")
@cached  # type: ignore[arg-type]  # csp_update's types know no view with arguments
@csp_update({"style-src": settings.PLAYER_STYLES})  # type: ignore[arg-type]
def watch(request: HttpRequest, key: str) -> HttpResponse:
    """The film, large in a dark room; `?t=` starts it at that second, else where one stopped."""
    video = _video(request, key)
    if response := refused(request, video):
        return response
    package = package_of(video)
    allowed = playback.may_play(video, queries.seat_of(request))
    episode = episode_of(video)
    paused = _remembers(request) and is_paused(request)
    return render(
        request,
        "pages/watch.html",
        {
            "video": video,
            "title": video.title,
            "package": package,
            "addresses": services.addresses(package, allowed) if package else None,
            "episode": episode,
            "facts": _facts(video, episode),
            "tracks": list(video.tracks.all()),
            "start": start_second(request.GET.get("t", "")) or _stopped_at(request, video),
            "saving": _remembers(request) and not paused,
            "paused": paused,
            "captions": _captions(request),
            "next": following(video),
            "labels": player_labels(),
            "parts": services.parts_of(video),
            "og_image": artwork(video.title.backdrop),
        },
    )


@serves("playback", may=["account", "availability"], source="use")
@cached
def transcript(request: HttpRequest, key: str) -> HttpResponse:
    """What is said, line by line, each line a link to its place in the film.

    `?track=` names the subtitles (`?lang=` does too); without it they are in the page's language.
    """
    video = _video(request, key)
    if response := refused(request, video):
        return response
    tracks = list(video.tracks.all())
    asked = request.GET.get("track") or request.GET.get("lang") or get_language() or ""
    chosen = _track(tracks, asked, video.language)
    if request.GET.get("track") and (chosen is None or chosen.language != request.GET["track"]):
        raise Http404("no such subtitles")
    return render(
        request,
        "pages/transcript.html",
        {
            "video": video,
            "title": video.title,
            "tracks": tracks,
            "track": chosen,
            "lines": [line_of(cue) for cue in chosen.cues.all()] if chosen else [],
        },
    )


def refused(request: HttpRequest, video: Video) -> HttpResponse | None:
    """The page that says why, when and where, if the video may not be watched here; staff may."""
    seat = queries.seat_of(request)
    said = in_words(playback.may_play(video, seat), seat)
    if said is None or getattr(request.user, "is_staff", False):
        return None
    context = {"video": video, "title": video.title, "said": said}
    return render(request, "pages/unavailable.html", context, status=403)


def _remembers(request: HttpRequest) -> bool:
    """Whether somebody is at the door of whom what is watched may be remembered."""
    visitor = request.visitor  # type: ignore[attr-defined]
    return visitor.subject is not None and visitor.permits("history")


def _stopped_at(request: HttpRequest, video: Video) -> int:
    """The second at which the person at the door stopped, if that was kept."""
    if not _remembers(request):
        return 0
    with entering("history"):
        return playback.position(request.visitor.subject, video)  # type: ignore[attr-defined]


def _captions(request: HttpRequest) -> PlayerSettings | None:
    """How a member likes subtitles; a device remembers by itself."""
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return None
    with entering("interface"):
        return playback.settings_of(account)


def start_second(text: str) -> int:
    """The `?t=` of an address in whole seconds; 0 for what is no such number."""
    return min(int(text), LONGEST_START) if text.isascii() and text.isdecimal() else 0


def line_of(cue: Cue) -> Line:
    """The words of a cue without WebVTT's markup."""
    seconds = cue.start_ms // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    clock = (
        f"{minutes}:{seconds % 60:02}" if not hours else f"{hours}:{minutes:02}:{seconds % 60:02}"
    )
    return Line(seconds, clock, formats.plain_text(cue.text))


def _video(request: HttpRequest, key: str) -> Video:
    """The video of that key with title, package and tracks; raises Http404 if it is not shown."""
    video = (
        videos_for_cards()
        .select_related("title")
        .prefetch_related("tracks")
        .filter(key=key)
        .first()
    )
    if video is None or not shown(request, video.title):
        raise Http404("no such video")
    return video


def _track(tracks: list[Track], asked: str, spoken: str) -> Track | None:
    """The track in the language asked for, else in the spoken one, else any."""
    by_language = {track.language: track for track in tracks}
    for tag in (asked, asked.partition("-")[0], spoken):
        if tag in by_language:
            return by_language[tag]
    return next(iter(tracks), None)


def following(video: Video) -> Episode | None:
    """The episode after this one, across seasons."""
    if video.kind != Video.Kind.EPISODE or video.season is None:
        return None
    places = list(queries.siblings(video).values_list("season__number", "number", "pk"))
    here = (video.season.number, video.number, video.pk)
    later = [place for place in places if place > here]
    if not later:
        return None
    following = videos_for_cards().select_related("title").get(pk=later[0][2])
    return episode_of(following)


def _facts(video: Video, episode: Episode) -> list[str]:
    facts = [str(video.title.year)] if video.title.year else []
    return [*facts, *([episode.length] if episode.length else []), *countries(video.title)]
