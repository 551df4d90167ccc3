"""What found titles have in common, to narrow them by: kind, genre, languages, country, year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plainview.domains.catalogue.licensing import Seat
from plainview.domains.catalogue.models import Genre, Title, Video
from plainview.domains.catalogue.models.ratings import rating_of
from plainview.domains.subtitles.models import Track
from plainview.platform import languages
from plainview.platform.expressions import Keys, Listing
from plainview.platform.languages import own_name
from plainview.privacy.caching import Board
from plainview.web.pages.cards import countries_of

MOST_CHOICES = 8
FEWEST = 2
"""Less is not narrowed."""
NAMES = ("kind", "genre", "audio", "subtitles", "country", "decade", "rating")
Values = dict[str, set[str]]
_board: Board[dict[str, Genre]] = Board(Genre)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: how many of the found have it, and the address that narrows to it.

    The address of a chosen one leads back out.
    """

    label: str
    language: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing to narrow by."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The titles that are left, in their order, and what can be chosen further."""

    keys: list[int]
    facets: list[Facet]
    chosen: bool


def narrow(keys: list[int], asked: QueryDict, seat: Seat) -> Narrowed:
    """Narrow found titles by what an address asks; what it asks that is not there is ignored.

    `keys` are titles that whoever is at `seat` may see, so no count speaks of any other.
    """
    if len(keys) < FEWEST and not any(asked.get(name) for name in NAMES):
        return Narrowed(keys, [], chosen=False)
    values = _values(keys, seat)
    wanted = {name: asked.get(name, "") for name in NAMES}
    wanted = {
        name: value
        for name, value in wanted.items()
        if value and any(value in each[name] for each in values.values())
    }
    facets = [_facet(name, values, wanted, asked) for name in NAMES] if values else []
    left = [key for key in keys if key in values and _fits(values[key], wanted)]
    return Narrowed(left, [each for each in facets if _helps(each, len(left))], bool(wanted))


def _values(keys: list[int], seat: Seat) -> dict[int, Values]:
    """For each title the values of each facet: one query."""
    here = countries_of(seat)
    found: dict[int, Values] = {}
    rows = Title.objects.filter(pk__in=Keys(keys)).order_by()
    for pk, kind, year, countries, ratings, *lists in rows.values_list(
        "pk", "kind", "year", "countries", "ratings", *_LISTINGS.values()
    ):
        rating = rating_of(ratings, here)
        found[pk] = {
            "kind": {kind},
            "country": set(countries),
            "decade": {str(year // 10 * 10)} if year else set(),
            "rating": {str(rating)} if rating else set(),
            **{
                name: set((listed or "").split(",")) - {"", "und"}
                for name, listed in zip(_LISTINGS, lists, strict=True)
            },
        }
    return found


_WHOLE = (Video.Kind.FEATURE, Video.Kind.EPISODE)
_OWN = OuterRef("pk")
_LISTINGS = {
    "genre": Listing(Title.genres.through.objects.filter(title=_OWN), "genre__slug"),
    "audio": Listing(Video.objects.filter(title=_OWN, kind__in=_WHOLE), "language"),
    "subtitles": Listing(
        Track.objects.filter(video__title=_OWN, video__kind__in=_WHOLE), "language"
    ),
}


def _fits(values: Mapping[str, set[str]], wanted: Mapping[str, str]) -> bool:
    return all(value in values[name] for name, value in wanted.items())


def _facet(
    name: str, values: Mapping[int, Values], wanted: Mapping[str, str], asked: QueryDict
) -> Facet:
    """A facet counts what is left by the others, so that each choice says what it leads to."""
    others = {each: value for each, value in wanted.items() if each != name}
    left = [each for each in values.values() if _fits(each, others)] if others else values.values()
    counts = Counter(value for each in left for value in each[name])
    said = _SAID[name]([*counts])
    out = asked.copy()
    for gone in ("page", "lang", "in", name):
        out.pop(gone, None)
    outside = out.urlencode()
    choices: list[Choice] = []
    for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        chosen = wanted.get(name) == value
        if len(choices) >= MOST_CHOICES and not chosen:
            continue
        parts = [outside, "" if chosen else urlencode({name: value})]
        href = f"?{'&'.join(filter(None, parts))}"
        choices.append(Choice(*said[value], count, href, chosen))
    if name in ("decade", "rating"):
        choices.sort(key=lambda choice: choice.label)
    return Facet(name, _names()[name], choices)


def _helps(facet: Facet, left: int) -> bool:
    """Whether a choice leaves less than there is, or is made already."""
    return any(each.chosen or each.count < left for each in facet.choices)


def _names() -> dict[str, str]:
    return {
        "kind": _("Kind"),
        "genre": _("Genre"),
        "audio": pgettext("facet", "Spoken language"),
        "subtitles": pgettext("facet", "Subtitles"),
        "country": _("Country"),
        "decade": _("Decade"),
        "rating": _("Age rating"),
    }


Said = dict[str, tuple[str, str]]
"""What each value is called, and in which language; "" for that of the page."""


def _kinds(values: list[str]) -> Said:
    names = {Title.Kind.SERIES: pgettext("shelf", "Series"), Title.Kind.FILM: _("Films")}
    return {value: (names[Title.Kind(value)], "") for value in values}


def _genres(values: list[str]) -> Said:
    genres = _board.get("genres", _every_genre)
    if not genres.keys() >= set(values):
        genres = _board.get("genres", _every_genre, fresh=True)
    names = {value: genres[value].name for value in values}
    return {value: (name.text, name.language) for value, name in names.items()}


def _every_genre() -> dict[str, Genre]:
    return {genre.slug: genre for genre in Genre.objects.all()}


def _languages(values: list[str]) -> Said:
    return {value: (own_name(value), value) for value in values}


def _countries(values: list[str]) -> Said:
    names = languages.spoken().territories
    return {value: (names.get(value, value), "") for value in values}


def _decades(values: list[str]) -> Said:
    return {value: (_("%(year)ss") % {"year": value}, "") for value in values}


def _as_it_is(values: list[str]) -> Said:
    return {value: (value, "") for value in values}


_SAID: Mapping[str, Callable[[list[str]], Said]] = {
    "kind": _kinds,
    "genre": _genres,
    "audio": _languages,
    "subtitles": _languages,
    "country": _countries,
    "decade": _decades,
    "rating": _as_it_is,
}
