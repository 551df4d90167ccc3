"""One's own pages: where one stopped, and what one watched."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Video
from plainview.domains.playback import queries, services
from plainview.domains.playback.models import Viewing
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post
from plainview.web.pages.availability import Said, in_words
from plainview.web.pages.cards import Episode, episode_of, videos_for_cards

ROW = 12
PAGE = 40
HISTORY = "history"


@dataclass(frozen=True)
class Begun:
    """A film one stopped in: what it is, and how far one came in per cent and minutes left.

    `said` is why it can't be watched here and now, if it can't.
    """

    episode: Episode
    per_cent: int
    left: int
    said: Said | None


@dataclass(frozen=True)
class Seen:
    """One sitting of the history."""

    viewing: Viewing
    video: Video
    shown: bool


def begun(request: HttpRequest, most: int = ROW, *, closed: bool = False) -> list[Begun]:
    """Where the person at the door stopped, the latest first; nothing for strangers.

    What its licence closes to them is left out; with `closed` it comes along and says why
    (P2.1.4a).
    """
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is None or not visitor.permits(HISTORY):
        return []
    with entering(HISTORY):
        rows = list(queries.to_continue(visitor.subject)[: 3 * most])
    seat = catalogue.seat_of(request)
    every = videos_for_cards().select_related("title").prefetch_related("title__licences")
    videos = every.in_bulk([row.video_id for row in rows])
    found: list[Begun] = []
    for row in rows:
        video = videos[row.video_id]
        said = in_words(queries.may_play(video, seat), seat)
        if said and not closed:
            continue
        seconds = video.package.duration_ms // 1000
        at = min(row.position, seconds)
        left = max(1, round((seconds - at) / 60))
        found.append(Begun(episode_of(video), round(100 * at / max(1, seconds)), left, said))
    return found[:most]


@serves("browse", may=["account", "history", "availability", "playback"], source="use")
@never_cache
def going_on(request: HttpRequest) -> HttpResponse:
    """Where one stopped; what can't be watched here now says so."""
    rows = begun(request, PAGE, closed=True)
    return render(request, "pages/my.html", {"begun": rows, **_state(request)})


@serves("browse", may=["account", "history"], source="use")
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    """What one watched, the latest first; `?q=` looks through it."""
    state = _state(request)
    query = request.GET.get("q", "").strip()[:100]
    page = None
    if state["saving"]:
        with entering(HISTORY):
            rows = list(queries.history(request.visitor.subject))  # type: ignore[attr-defined]
        page = Paginator(_seen(rows, query), PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/history.html", {"page": page, "query": query, **state})


@serves("browse", may=["account", "history"], source="form")
@never_cache
@same_origin_post
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete one sitting (`viewing`), one place in a film (`video`), or everything (`all`)."""
    subject = request.visitor.subject  # type: ignore[attr-defined]
    one, video = request.POST.get("viewing", ""), request.POST.get("video", "")
    target = "continue" if video else "history"
    if subject is not None:
        with entering(HISTORY):
            if one.isascii() and one.isdecimal():
                services.forget(subject, int(one))
            elif video:
                services.forget_place(subject, video)
            elif request.POST.get("all") == "yes":
                services.forget_all(subject)
                messages.success(request, _("Your history is empty now."))
    return redirect(target)


def _state(request: HttpRequest) -> dict[str, object]:
    visitor = request.visitor  # type: ignore[attr-defined]
    known = visitor.subject is not None
    return {"known": known, "saving": known and visitor.permits(HISTORY)}


def _seen(rows: list[Viewing], query: str) -> list[Seen]:
    """The sittings with their videos, or those whose names hold `query`."""
    videos = Video.objects.select_related("title").in_bulk({row.video_id for row in rows})
    found = [Seen(row, videos[row.video_id], videos[row.video_id].title.is_listed) for row in rows]
    wanted = query.casefold()
    return [each for each in found if wanted in _named(each.video).casefold()]


def _named(video: Video) -> str:
    return f"{video.title.name.text} {video.name.text}"
