"""Who is at the door of the studio, and which work they came for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import services
from plainview.domains.subtitles.models import Edition
from plainview.domains.subtitles.ports import Ports
from plainview.domains.subtitles.services import teams

TAKES = 20_000
"""Characters of one post that the studio reads."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at one edition: what they are there, and whether the staff sent them."""

    edition: Edition
    video: Video
    account: int
    manages: bool
    standing: teams.Standing
    agreed: bool = False


def video_at(request: HttpRequest, key: str) -> Video:
    """The video of a published title (staff also see others). Raises Http404."""
    found = Video.objects.select_related("title").filter(key=key).first()
    if found is None or (not found.title.is_released and not Ports.manages(request)):
        raise Http404("no such video")
    return found


def desk_at(request: HttpRequest, key: str, language: str) -> Desk:
    """The edition at an address, for who is at the door, who is signed in. Raises Http404."""
    video = video_at(request, key)
    edition = Edition.objects.filter(video=video, language=language).first()
    if edition is None:
        raise Http404("nobody works on this language yet")
    edition.video = video
    account = request.visitor.account  # type: ignore[attr-defined]
    manages = Ports.manages(request)
    standing = teams.of_edition(edition, account, manages=manages)
    return Desk(edition, video, account, manages, standing, services.agrees(account))


def hidden(request: HttpRequest, video: Video) -> bool:
    """Whether the film's licence keeps its picture from who is at the door, where they are.

    The door lists `availability` and `playback`.
    """
    seat = catalogue.seat_of(request)
    return not (catalogue.may_see(video.title, seat) or Ports.manages(request))


def names(people: Iterable[int | None], own: int | None = None) -> dict[int | None, str]:
    """What these people are called here: as they show themselves to members, else no name."""
    wanted = {each for each in people if each is not None}
    shown = accounts.shown_names(wanted)
    called: dict[int | None, str] = {each: shown.get(each, "") or _("A member") for each in wanted}
    if own in called:
        called[own] = _("You")
    return called
