"""What a player asks while it plays: fresh addresses of the film, or why there are none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Availability, Why
from plainview.domains.playback import queries, services
from plainview.domains.playback.models import Package
from plainview.privacy.gate.doors import serves
from plainview.web.pages.availability import in_words


@serves("playback", may=["availability"], source="use")
def playing(request: HttpRequest, key: str) -> JsonResponse:
    """Where the film of a video is for half an hour (200), or why it may not be watched (403, 404).

    `playlist` and `thumbnails` are addresses, `until` the moment at which they end; `chapters` and
    `marks` are in seconds. A refusal has
    `why` (a word for the player), `text` (for people, in the page's language), and `at` if known.
    """
    seat = catalogue.seat_of(request)
    allowed = queries.playable(key, seat)
    package = queries.package_of(key)
    if package is None or (allowed.why is Why.HIDDEN and not _is_staff(request)):
        return _answer({"why": Why.HIDDEN, "text": "", "at": None}, 404)
    said = in_words(allowed, seat)
    if said is not None and not _is_staff(request):
        at = said.at.isoformat() if said.at else None
        return _answer({"why": allowed.why, "text": said.text, "at": at}, 403)
    return _answer(_told(package, allowed), 200)


def _told(package: Package, allowed: Availability) -> dict[str, Any]:
    found = services.addresses(package, allowed)
    return {
        "playlist": found.playlist,
        "thumbnails": found.thumbnails,
        "until": found.until.isoformat(),
        **services.parts_of(package),
    }


def _is_staff(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))


def _answer(said: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(said, status=status, headers={"Cache-Control": "private, no-store"})
