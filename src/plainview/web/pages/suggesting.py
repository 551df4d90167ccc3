"""The row of home that rests on what its reader did, and the one of a title that does not."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plainview.domains.catalogue import queries as catalogue
from plainview.domains.catalogue.licensing import Seat
from plainview.domains.catalogue.models import Credit, Genre, Licence, Tag, Title, Video
from plainview.domains.playback.models import Ingest, Package
from plainview.domains.recommendations import queries
from plainview.domains.recommendations.queries import Ground, Reason
from plainview.privacy.caching import Board
from plainview.privacy.decisions.register import Made
from plainview.privacy.gate.scope import entering
from plainview.web.pages.caching import lately
from plainview.web.pages.cards import Card, card_of, posters

RECOMMEND = "recommend"
TOLD = 8
"""So many of the acts that were looked at are named to whoever asks why."""
_alike: Board[list[Card]] = Board(
    Title,
    Title.genres.through,
    Title.tags.through,
    Genre,
    Tag,
    Credit,
    Licence,
    Video,
    Package,
    Ingest,
)


@dataclass(frozen=True)
class Because:
    """A row with its reason for a heading."""

    name: str
    cards: list[Card]


def because(request: HttpRequest, seat: Seat) -> Because | None:
    """The row that rests on what one did; nothing for strangers and those who refuse (P2.1.3a)."""
    visitor = request.visitor  # type: ignore[attr-defined]
    if visitor.subject is None or not visitor.permits(RECOMMEND):
        return None
    with entering(RECOMMEND):
        found = queries.suggestion(visitor.subject)
    if found is None:
        return None
    cards = _here(found.titles, seat)
    return Because(_words(found.reason), cards) if len(cards) >= queries.FEWEST_ALIKE else None


def explained(subject: int) -> list[Made]:
    """The row that rests on what somebody did: its reason, and what was looked at (P6c)."""
    found = queries.suggestion(subject)
    if found is None:
        return []
    acts = {
        Ground.WATCHED: pgettext("what somebody did", "Watched"),
        Ground.RATED: _("Stars"),
        Ground.FAVOURITE: pgettext("what somebody did", "Favourite"),
    }
    inputs = [(str(acts[each.ground]), each.title.name.text) for each in found.looked_at[:TOLD]]
    return [Made(found.reason.title.slug, _words(found.reason), tuple(inputs))]


def related(request: HttpRequest, title: Title, seat: Seat) -> list[Card]:
    """Titles like one that can be watched here: the same for everybody, so kept a moment."""
    cards = lately(
        request, _alike, lambda: _here(queries.alike(title), seat), seat=seat, of=title.pk
    )
    return cards if len(cards) >= queries.FEWEST_ALIKE else []


def _here(keys: list[int], seat: Seat) -> list[Card]:
    """The posters of titles in their order, without those that can't be watched here."""
    titles = posters(catalogue.published(), keys)
    cards = [card_of(titles[key], seat) for key in keys if key in titles]
    return [card for card in cards if card.said is None]


def _words(reason: Reason) -> str:
    said = {
        Ground.WATCHED: _("Because you watched %(name)s"),
        Ground.RATED: _("Because you gave stars to %(name)s"),
        Ground.FAVOURITE: _("Because %(name)s is a favourite of yours"),
    }[reason.ground]
    return said % {"name": reason.title.name.text}
