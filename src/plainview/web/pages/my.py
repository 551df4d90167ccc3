"""One's own pages about watching: where one stopped, what one watched, the pause of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Video
from plainview.domains.library import queries as library
from plainview.domains.library import services as keeping
from plainview.domains.playback import queries, services
from plainview.domains.playback.models import Viewing
from plainview.platform import days
from plainview.platform.identifiers import number_in
from plainview.platform.languages import numbers
from plainview.platform.search.terms import fold
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post
from plainview.privacy.rights import services as rights
from plainview.web.pages.availability import Said, gone, in_words
from plainview.web.pages.cards import Episode, episode_of, videos_for_cards
from plainview.web.pages.keeping import back

ROW = 12
PAGE = 40
HISTORY = "history"
UNPROCESSABLE = 422
REFUSED = gettext_lazy(
    "Nothing was deleted: you refused the history since, so this page does not see what it held."
    " Under Your privacy each entry is there, to delete by itself."
)


@dataclass(frozen=True)
class Begun:
    """A film one stopped in: what it is, and how far one came in per cent and minutes left.

    `said` is why it can't be gone on with here, if it can't; `shown` whether its title has a page.
    """

    episode: Episode
    per_cent: int
    left: int
    said: Said | None
    shown: bool


@dataclass(frozen=True)
class Seen:
    """One sitting of the history."""

    viewing: Viewing
    video: Video
    shown: bool


def begun(request: HttpRequest) -> list[Begun]:
    """Where the person at the door stopped, the latest first; nothing for strangers.

    What a licence closes stays, and says so (P2.1.4a).
    """
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is None or not visitor.permits(HISTORY):
        return []
    with entering(HISTORY):
        rows = list(queries.to_continue(visitor.subject)[:PAGE])
    if not rows:
        return []
    seat = catalogue.seat_of(request)
    every = videos_for_cards().select_related("title").prefetch_related("title__licences")
    videos = every.in_bulk([row.video_id for row in rows])
    found = []
    for row in rows:
        video = videos[row.video_id]
        answer = queries.may_play(video, seat)
        said = None if answer else in_words(answer, seat) or gone()
        seconds = video.package.duration_ms // 1000
        at = min(row.position, seconds)
        left = max(1, round((seconds - at) / 60))
        per_cent = round(100 * at / max(1, seconds))
        found.append(Begun(episode_of(video), per_cent, left, said, video.title.is_listed))
    return found


def to_go_on(request: HttpRequest) -> list[Begun]:
    """Those of `begun` that can be gone on with here and now, for the row of home."""
    return [each for each in begun(request) if each.said is None][:ROW]


@serves("browse", may=["account", "history", "availability", "playback"], source="use")
@never_cache
def going_on(request: HttpRequest) -> HttpResponse:
    """Where one stopped."""
    return render(request, "pages/my.html", {"begun": begun(request), **_state(request)})


@serves("browse", may=["account", "history"], source="use")
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    """What one watched, the latest first; `?q=` looks through it."""
    return _history(request)


def _history(request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
    """The page of the history; `typed` is a range that could not be deleted."""
    state = _state(request)
    query = request.GET.get("q", "").strip()[:100]
    page = None
    if state["saving"]:
        with entering(HISTORY):
            rows = list(queries.history(request.visitor.subject))  # type: ignore[attr-defined]
        page = Paginator(_seen(rows, query), PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "query": query, **state}
    return render(request, "pages/history.html", context, status=status)


@serves("browse", may=["account", "history"], source="form")
@same_origin_post
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete one sitting (`viewing`), one place in a film (`video`), a range, or everything.

    A range goes from the day `first` through `last`, or is the `hours` until now; `all=yes` is all.
    """
    subject = request.visitor.subject  # type: ignore[attr-defined]
    span = _span(request)
    if span is None and {"first", "last"} <= set(request.POST):
        return _history(request, UNPROCESSABLE, typed=request.POST)
    one, video = number_in(request.POST.get("viewing", "")), request.POST.get("video", "")
    target = "continue" if video else "history"
    refused = subject is not None and not request.visitor.permits(HISTORY)  # type: ignore[attr-defined]
    if refused and request.POST.get("all") != "yes":
        messages.warning(request, REFUSED)
    elif subject is not None:
        with entering(HISTORY):
            if one is not None:
                services.forget(subject, one)
                messages.success(request, _("Deleted."))
            elif video:
                services.forget_place(subject, video)
                messages.success(request, _("Deleted."))
            elif span is not None:
                gone = services.forget_between(subject, *span)
                said = ngettext(
                    "%(count)s sitting was deleted.", "%(count)s sittings were deleted.", gone
                )
                messages.success(request, said % {"count": numbers.written(gone)})
        if request.POST.get("all") == "yes":
            if refused:
                for kind in services.KEPT:  # no purpose sees it, yet it can go
                    rights.remove_all(subject, kind)
            else:
                with entering(HISTORY):
                    services.forget_all(subject)
            messages.success(request, _("Your history is empty now."))
    return redirect(back(request, target))


@serves("history", may=["account"], source="form")
@same_origin_post
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Lets the history rest (`act=pause`), or go on; what it holds stays."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is not None and visitor.permits(HISTORY):
        if request.POST.get("act") == "pause":
            keeping.pause(visitor.subject)
        else:
            keeping.go_on(visitor.subject)
    return redirect("history")


def _span(request: HttpRequest) -> tuple[datetime, datetime] | None:
    """The range that a form names; None if it names none, or one that ends before it begins."""
    hours = request.POST.get("hours", "")
    now = timezone.now()
    if hours in ("1", "24", "168"):
        return now - timedelta(hours=int(hours)), now + timedelta(seconds=1)
    first, last = _day(request.POST.get("first", "")), _day(request.POST.get("last", ""))
    if first is None or last is None or last < first:
        return None
    return days.start(first), days.start(last + timedelta(days=1))


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 1970 <= day.year < 9000 else None


def _state(request: HttpRequest) -> dict[str, object]:
    visitor = request.visitor  # type: ignore[attr-defined]
    known = visitor.subject is not None
    saving = known and visitor.permits(HISTORY)
    return {"known": known, "saving": saving, "paused": saving and is_paused(request)}


def is_paused(request: HttpRequest) -> bool:
    """Whether the history of whoever is at the door rests; their door lists `history`."""
    with entering(HISTORY):
        return library.paused(request.visitor.subject) is not None  # type: ignore[attr-defined]


def _seen(rows: list[Viewing], query: str) -> list[Seen]:
    """The sittings with their videos, or those whose names hold `query`."""
    videos = Video.objects.select_related("title").in_bulk({row.video_id for row in rows})
    found = [Seen(row, videos[row.video_id], videos[row.video_id].title.is_listed) for row in rows]
    wanted = fold(query)
    return [each for each in found if wanted in fold(_named(each.video))]


def _named(video: Video) -> str:
    return f"{video.title.name.text} {video.name.text}"
