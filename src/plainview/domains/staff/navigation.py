"""Where the pages of the desk stand: rooms, and the pages of the room that one is in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Page(NamedTuple):
    """A page by the name of its address, in words, and the permission that opens it."""

    address: str
    words: StrOrPromise
    permission: str


ROOMS: tuple[tuple[StrOrPromise, tuple[Page, ...]], ...] = (
    (_("Desk"), (Page("desk", _("Desk"), "desk.open"),)),
    (
        _("Programme"),
        (
            Page("desk-titles", _("Titles"), "catalogue.edit"),
            Page("desk-people-words", _("People of films"), "catalogue.edit"),
            Page("desk-genres-words", _("Genres"), "catalogue.edit"),
            Page("desk-tags-words", _("Tags"), "catalogue.edit"),
            Page("desk-collections", _("Collections"), "catalogue.edit"),
            Page("desk-preview-home", _("Preview"), "catalogue.edit"),
            Page("desk-exchange", _("In and out"), "catalogue.edit"),
            Page("desk-upload", _("Upload"), "catalogue.edit"),
            Page("desk-ingests", _("Coming in"), "catalogue.edit"),
            Page("desk-news", _("News"), "news.write"),
            Page("desk-copyright", _("Copyright"), "copyright.settle"),
        ),
    ),
    (
        _("People"),
        (
            Page("desk-people", _("People"), "people.open"),
            Page("desk-roles", _("Roles"), "people.manage-roles"),
        ),
    ),
    (
        _("Privacy"),
        (
            Page("desk-requests", _("Requests"), "privacy.requests"),
            Page("desk-letters", _("Letters"), "privacy.letters"),
            Page("desk-figures", _("Requests in figures"), "privacy.requests"),
            Page("desk-holds", _("Legal holds"), "privacy.requests"),
            Page("desk-breaches", _("Breaches"), "privacy.breaches"),
            Page("desk-disclosures", _("What leaves"), "privacy.disclosures"),
            Page("desk-proofs", _("Proofs"), "privacy.proofs"),
            Page("desk-answered", _("Answered for"), "privacy.log"),
        ),
    ),
    (
        _("Policy"),
        (
            Page("desk-versions", _("Versions"), "privacy.versions"),
            Page("desk-notices", _("Notices of change"), "privacy.notices"),
            Page("desk-answers", _("How people answer"), "privacy.answers"),
            Page("desk-places", _("Laws"), "privacy.map"),
            Page("desk-record", _("Record"), "privacy.record"),
            Page("desk-map", _("Map of data"), "privacy.map"),
        ),
    ),
    (_("Translations"), (Page("desk-translations", _("Translations"), "translations.write"),)),
    (_("Design"), (Page("desk-design", _("Design"), "design.view"),)),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation; `current` is a value of `aria-current`, or empty."""

    address: str
    words: StrOrPromise
    current: str


@dataclass(frozen=True, slots=True)
class Navigation:
    """The rooms that somebody may enter, and the pages of theirs, none where there is only one."""

    rooms: tuple[Link, ...]
    pages: tuple[Link, ...]
    room: StrOrPromise


def navigation(path: str, may: Collection[str]) -> Navigation:
    """The desk's navigation at the address `path`, for whoever has the permissions `may`.

    A page is where one is if its address begins `path`, and no other's begins it for longer.
    """
    open_to = [
        (room, [(reverse(page.address), page.words) for page in pages if page.permission in may])
        for room, pages in ROOMS
    ]
    addresses = [address for _room, pages in open_to for address, _words in pages]
    here = max((each for each in addresses if path.startswith(each)), key=len, default="")
    rooms: list[Link] = []
    inside: tuple[Link, ...] = ()
    name: StrOrPromise = _("Desk")
    for room, pages in open_to:
        if not pages:
            continue
        links = tuple(Link(each, words, _current(each, here, path)) for each, words in pages)
        within = any(link.current for link in links)
        alone = len(links) == 1
        current = links[0].current if alone else "true" if within else ""
        rooms.append(Link(links[0].address, room, current))
        if within and not alone:
            inside, name = links, room
    return Navigation(tuple(rooms), inside, name)


def _current(address: str, here: str, path: str) -> str:
    if address != here:
        return ""
    return "page" if address == path else "true"
