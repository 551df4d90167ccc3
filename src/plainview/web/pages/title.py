"""A title's page: its room, story, people, episodes and languages, and the wish to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from babel import Locale
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plainview.domains.catalogue import queries, services
from plainview.domains.catalogue.licensing import Why
from plainview.domains.catalogue.models import Credit, Season, Title, Video
from plainview.platform import languages
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.origin import same_origin_post
from plainview.web.pages.caching import cached
from plainview.web.pages.cards import (
    Card,
    Episode,
    card_of,
    episode_of,
    films_of,
    for_posters,
    link_picture,
    package_of,
)
from plainview.web.pages.home import hero_of
from plainview.web.pages.keeping import STARS, average, marks
from plainview.web.pages.open import structured
from plainview.web.pages.suggesting import related
from plainview.web.pages.tongues import tongues


@dataclass(frozen=True)
class SeasonList:
    """A season and its episodes in order."""

    season: Season
    episodes: list[Episode]


@serves(
    "browse",
    may=["account", "availability", "playback", "service-messages", "lists", "community"],
    source="use",
)
@cached
def title(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a listed title; staff may also see one that nobody else does yet."""
    return title_page(request, slug)


def title_page(request: HttpRequest, slug: str, **context: Any) -> HttpResponse:
    """The page as whoever is at the door sees it, with what a preview adds."""
    found = visible_title(request, slug)
    videos = films_of(found)
    seat = queries.seat_of(request)
    card = card_of(found, seat)
    hero = hero_of(found, card)
    return render(
        request,
        "pages/title.html",
        {
            **context,
            "reminded": _reminded(request, found, card),
            "related": related(request, found, seat),
            "marks": marks(request, found),
            "average": average(found),
            "stars": STARS,
            "title": found,
            "hero": hero,
            "facts": hero.card.facts + countries(found),
            "seasons": _seasons(found, videos),
            "trailers": [v for v in videos if v.invites and package_of(v)],
            "makers": _makers(found),
            "cast": [c for c in found.credits.all() if c.role == Credit.Role.CAST],
            **tongues([video.pk for video in videos]),
            "spoken": _spoken(videos),
            "og_image": link_picture(found, videos),
            "structured": structured(found, videos),
        },
    )


def _reminded(request: HttpRequest, title: Title, card: Card) -> date | bool | None:
    """Until when we keep that the member at the door asked to be told, or that they did not.

    None where there is nothing to ask for.
    """
    if card.said is None or not card.said.soon:
        return None
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return False
    with entering("service-messages"):
        return queries.reminded(account, title) or False


def _spoken(videos: list[Video]) -> str:
    """The languages spoken in the videos, or that nobody speaks in them; empty if unknown."""
    tags = {video.language for video in videos} - {"", "und"}
    if tags == {languages.SILENT}:
        return _("No speech")
    return questions.in_a_row(sorted(language_name(tag) for tag in tags - {languages.SILENT}))


def visible_title(request: HttpRequest, slug: str) -> Title:
    """The title at `slug`, if it is listed or the visitor is staff; raises Http404."""
    every = queries.with_people_and_seasons(for_posters(queries.everything()))
    found = every.prefetch_related("genres", "tags").filter(slug=slug).first()
    if found is None or not shown(request, found):
        raise Http404("no such title")
    return found


def shown(request: HttpRequest, title: Title) -> bool:
    """Whether this visitor may see the page of `title`."""
    return title.is_listed or bool(getattr(request.user, "is_staff", False))


def _seasons(title: Title, videos: list[Video]) -> list[SeasonList]:
    episodes = [v for v in videos if v.kind == Video.Kind.EPISODE]
    by_season = {key: list(group) for key, group in groupby(episodes, lambda v: v.season_id)}
    return [
        SeasonList(season, [episode_of(video) for video in by_season[season.pk]])
        for season in title.seasons.all()
        if season.pk in by_season
    ]


OPENING_TITLES = (
    Credit.Role.DIRECTOR,
    Credit.Role.WRITER,
    Credit.Role.PRODUCER,
    Credit.Role.CAMERA,
    Credit.Role.EDITOR,
    Credit.Role.MUSIC,
)


def _makers(title: Title) -> list[tuple[str, list[Credit]]]:
    """(role, credits) of those behind the camera, in the order of the opening titles."""
    rows = (
        (str(role.label), [c for c in title.credits.all() if c.role == role])
        for role in OPENING_TITLES
    )
    return [(label, credits) for label, credits in rows if credits]


def countries(title: Title) -> list[str]:
    """The countries of a title, named in the page's language."""
    names = _locale().territories
    return [names.get(code, code) for code in title.countries]


def language_name(tag: str) -> str:
    """A language named in the page's language, or nothing for an unknown one."""
    if tag in ("", "und", languages.SILENT, "mul"):
        return ""
    name = languages.name(tag)
    return name if name == tag else name.capitalize()


def _locale() -> Locale:
    return languages.spoken()


@serves("service-messages", may=["account", "availability", "playback"], source="form")
@same_origin_post
@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes or takes back (`act=forget`) that a member wants to be told of a title (post only)."""
    title = visible_title(request, slug)
    account = request.visitor.account  # type: ignore[attr-defined]
    if account is None:
        return redirect_to_login(title.get_absolute_url())
    if request.POST.get("act") == "forget":
        services.forget_reminder(account, title)
        messages.success(request, _("You will not be written to about it."))
        return redirect(title.get_absolute_url())
    found = queries.may_see(title, queries.seat_of(request))
    if found.why is Why.SOON:
        services.remind(account, title, opens_at=found.at)
        messages.success(request, _("You will get one letter when it is here, and none after."))
    return redirect(title.get_absolute_url())
