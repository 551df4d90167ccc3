"""The player's page, the player in a frame elsewhere, and the lines of a film as a page to read."""

from __future__ import annotations

import json
from dataclasses import dataclass

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from plainview.domains.catalogue import queries
from plainview.domains.catalogue.licensing import Availability
from plainview.domains.catalogue.models import Video
from plainview.domains.playback import queries as playback
from plainview.domains.playback import services
from plainview.domains.playback.models import Package
from plainview.domains.subtitles import formats
from plainview.domains.subtitles.models import Cue, Track
from plainview.platform import languages
from plainview.platform.addresses import absolute
from plainview.platform.identifiers import number_in
from plainview.platform.search.terms import fold
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.policies import controller
from plainview.web.pages.availability import in_words
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import (
    Episode,
    episode_of,
    link_picture,
    package_of,
    videos_for_cards,
)
from plainview.web.pages.my import is_paused
from plainview.web.pages.open import structured_film
from plainview.web.pages.title import countries, shown

LONGEST_START = 24 * 3600


@dataclass(frozen=True)
class Line:
    """A subtitle as text, with its place in the film in seconds and as a clock shows it."""

    seconds: int
    clock: str
    text: str


@serves(
    "playback",
    may=[
        "account", "history", "interface", "availability", "business-analytics", "error-reports",
    ],
    source="use",
)  # fmt: skip
@csp_update({"style-src": settings.PLAYER_STYLES})
@cached
def watch(request: HttpRequest, key: str) -> HttpResponse:
    """The film, large in a dark room; `?t=` starts it at that second, else where one stopped."""
    video = video_at(request, key)
    if response := refused(request, video):
        return response
    episode = episode_of(video)
    place, offset = _place(request, video)
    asked = start_second(request.GET.get("t", ""))
    remembers = _remembers(request)
    paused = remembers and is_paused(request)
    return render(
        request,
        "pages/watch.html",
        {
            **stage(request, video),
            "episode": episode,
            "facts": _facts(video, episode),
            "start": asked or place,
            "resumed": bool(place and not asked),
            "offset": offset,
            "saving": remembers and not paused,
            "paused": paused,
            "reports": _reports(request),
            "preferences": _preferences(request),
            "og_image": link_picture(video.title, [video]),
            "structured": structured_film(video),
        },
    )


def stage(request: HttpRequest, video: Video, door: str = "watch") -> dict[str, object]:
    """What the player itself is given, on the watch page as in a frame elsewhere.

    `door` is where what follows it plays.
    """
    package = package_of(video)
    allowed = playback.may_play(video, queries.seat_of(request))
    after = following(video)
    return {
        "video": video,
        "title": video.title,
        "package": package,
        "addresses": services.addresses(package, allowed) if package else None,
        "tracks": list(video.tracks.all()),
        "next": after,
        "film": _film(package, allowed, _offered(after, door)) if package else {},
    }


def _film(
    package: Package, allowed: Availability, following: dict[str, str] | None
) -> dict[str, object]:
    """What the player knows of a film beside its picture (`frontend/player/marks.ts`)."""
    return {
        **services.parts_of(package),
        "next": following,
        "by": controller().name,
        "artwork": package.poster_url,
        "until": allowed.at.isoformat() if allowed and allowed.at else None,
    }


def _offered(following: Episode | None, door: str) -> dict[str, str] | None:
    """The next episode, if it can be watched already; the API says what it is."""
    if following is None or not following.still:
        return None
    key = following.video.key
    return {"url": reverse(door, args=[key]), "about": reverse("api:video", args=[key])}


@serves("playback", may=["account", "availability"], source="use")
@cached
def transcript(request: HttpRequest, key: str) -> HttpResponse:
    """What is said, line by line, each line a link to its place in the film.

    `?track=` names the subtitles (`?lang=` does too); without it they are in the page's language.
    `?q=` leaves the lines that hold its words.
    """
    video = video_at(request, key)
    if response := refused(request, video):
        return response
    tracks = list(video.tracks.all())
    asked = request.GET.get("track") or request.GET.get("lang") or languages.current()
    chosen = _track(tracks, asked, video.language)
    if request.GET.get("track") and (chosen is None or chosen.language != request.GET["track"]):
        raise Http404("no such subtitles")
    lines = [line_of(cue) for cue in chosen.cues.all()] if chosen else []
    query = request.GET.get("q", "").strip()[:100]
    wanted = fold(query).split()
    return render(
        request,
        "pages/transcript.html",
        {
            "video": video,
            "title": video.title,
            "tracks": tracks,
            "track": chosen,
            "query": query,
            "all": len(lines),
            "lines": [each for each in lines if all(word in fold(each.text) for word in wanted)],
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


def _place(request: HttpRequest, video: Video) -> tuple[int, int]:
    """Where the person at the door stopped and how late they want its subtitles, if kept."""
    if not _remembers(request):
        return 0, 0
    with entering("history"):
        return playback.place(request.visitor.subject, video)  # type: ignore[attr-defined]


def _reports(request: HttpRequest) -> str:
    """What the player may report of itself: that it `began`, and its `faults`."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is None:
        return ""
    may = {"began": "business-analytics", "faults": "error-reports"}
    return " ".join(what for what, purpose in may.items() if visitor.permits(purpose))


def _preferences(request: HttpRequest) -> str:
    """How a member likes the player, as JSON; a device remembers by itself."""
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return ""
    with entering("interface"):
        found = playback.settings_of(account)
    if found is None:
        return ""
    said = {
        "lang": found.caption_language,
        "second": found.second_language,
        **found.look,
    }
    asked = {"playNext": found.play_next, "dataSaver": found.data_saver}
    return json.dumps(said | {name: each for name, each in asked.items() if each is not None})


def start_second(text: str) -> int:
    """The `?t=` of an address in whole seconds; 0 for what is no such number."""
    return min(number_in(text) or 0, LONGEST_START)


def line_of(cue: Cue) -> Line:
    """The words of a cue without WebVTT's markup."""
    seconds = cue.start_ms // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    clock = (
        f"{minutes}:{seconds % 60:02}" if not hours else f"{hours}:{minutes:02}:{seconds % 60:02}"
    )
    return Line(seconds, clock, formats.plain_text(cue.text))


def video_at(request: HttpRequest, key: str) -> Video:
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


FRAMED = {"frame-ancestors": settings.EMBED_ANCESTORS or ["'none'"]}


@serves("playback", may=["availability"], source="use")
@xframe_options_exempt
@csp_replace(FRAMED)
@csp_update({"style-src": settings.PLAYER_STYLES})
@cached
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """A film in a frame, `?t=` its first second; why not, when and where, if it may not be played.

    Same film, licence and law, and it looks at nobody: no account, no choice, no storage. It names
    the controller and links the notice like every other surface (P0a). 404 where the operator lets
    no page frame it.
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
