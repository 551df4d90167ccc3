"""Who is at the door of the studio, and which work they came for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Availability, Why
from plainview.domains.catalogue.models import Video
from plainview.domains.subtitles import services
from plainview.domains.subtitles.models import Edition
from plainview.domains.subtitles.ports import Ports
from plainview.domains.subtitles.services import teams


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at one edition: what they are there, and whether the staff sent them."""

    edition: Edition
    video: Video
    account: int
    manages: bool
    standing: teams.Standing

    @property
    def who(self) -> dict[str, Any]:
        """Who acts, as each service asks."""
        return {"account": self.account, "manages": self.manages}

    @property
    def chooses_limits(self) -> bool:
        """Whether they say which limits the lines are checked by."""
        peer = self.standing.peers and self.standing.writes("draft")
        return bool(self.standing.roles & teams.CHIEFS) or peer

    @property
    def agreed(self) -> bool:
        """Whether they accepted the contributors' terms."""
        return services.agrees(self.account)


def video_at(request: HttpRequest, key: str) -> Video:
    """The video of a published title (staff also see others). Raises Http404."""
    found = Video.objects.select_related("title").filter(key=key).first()
    if found is None or not _open(request, found):
        raise Http404("no such video")
    return found


def _open(request: HttpRequest, video: Video) -> bool:
    return bool(video.title.is_released or Ports.manages(request))


def desk_at(request: HttpRequest, key: str, language: str) -> Desk:
    """The edition at an address, for who is at the door, who is signed in. Raises Http404."""
    rows = Edition.objects.select_related("video__title").order_by()
    edition = rows.filter(video__key=key, language=language).first()
    if edition is None or not _open(request, edition.video):
        raise Http404("nobody works on this language yet")
    account = request.visitor.account  # type: ignore[attr-defined]
    manages = Ports.manages(request)
    standing = teams.of_edition(edition, account, manages=manages)
    return Desk(edition, edition.video, account, manages, standing)


def seen(request: HttpRequest, video: Video) -> Availability:
    """Whether the film's licence shows its picture to who is at the door, and until when.

    To staff always. The door lists `availability` and `playback`.
    """
    if Ports.manages(request):
        return Availability(Why.HERE)
    return catalogue.may_see(video.title, catalogue.seat_of(request))


def names(people: Iterable[int | None], own: int | None = None) -> dict[int | None, str]:
    """What these people are called here: as they show themselves to members, else no name."""
    wanted = {each for each in people if each is not None}
    shown = accounts.shown_names(wanted)
    called: dict[int | None, str] = {each: shown.get(each, "") or _("A member") for each in wanted}
    if own in called:
        called[own] = _("You")
    return called
