"""What found titles have in common, to narrow them by: kind, genre, language, decade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from plainview.domains.catalogue.models import Genre, Title
from plainview.domains.subtitles.formats import own_name

MOST_CHOICES = 8
NAMES = ("kind", "genre", "language", "decade")


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


def narrow(keys: list[int], asked: QueryDict) -> Narrowed:
    """Narrow found titles by what an address asks; what it asks that is not there is ignored."""
    values = _values(keys)
    wanted = {name: asked.get(name, "") for name in NAMES}
    wanted = {
        name: value
        for name, value in wanted.items()
        if value and any(value in each[name] for each in values.values())
    }
    genres = {genre.slug: genre for genre in Genre.objects.all()} if values else {}
    facets = [_facet(name, values, wanted, asked, genres) for name in NAMES]
    left = [key for key in keys if key in values and _fits(values[key], wanted)]
    return Narrowed(left, [each for each in facets if _helps(each)], bool(wanted))


def _values(keys: list[int]) -> dict[int, dict[str, set[str]]]:
    """For each title the values of each facet."""
    found = {
        pk: {
            "kind": {kind},
            "genre": set(),
            "language": {language} - {"und", ""},
            "decade": {str(year // 10 * 10)} if year else set(),
        }
        for pk, kind, language, year in Title.objects.filter(pk__in=keys)
        .order_by()
        .values_list("pk", "kind", "original_language", "year")
    }
    through = Title.genres.through.objects.filter(title__in=keys)
    for title, slug in through.values_list("title_id", "genre__slug"):
        found[title]["genre"].add(slug)
    return found


def _fits(values: Mapping[str, set[str]], wanted: Mapping[str, str], but: str = "") -> bool:
    return all(value in values[name] for name, value in wanted.items() if name != but)


def _facet(
    name: str,
    values: Mapping[int, Mapping[str, set[str]]],
    wanted: Mapping[str, str],
    asked: QueryDict,
    genres: Mapping[str, Genre],
) -> Facet:
    """A facet counts what is left by the others, so that each choice says what it leads to."""
    counts = Counter(
        value for each in values.values() if _fits(each, wanted, but=name) for value in each[name]
    )
    choices: list[Choice] = []
    for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if len(choices) == MOST_CHOICES and wanted.get(name) != value:
            continue
        chosen = wanted.get(name) == value
        label, language = _label(name, value, genres)
        href = asked.copy()
        for gone in ("page", "lang", "in", name):
            href.pop(gone, None)
        if not chosen:
            href[name] = value
        choices.append(Choice(label, language, count, f"?{href.urlencode()}", chosen))
    return Facet(name, _names()[name], choices)


def _helps(facet: Facet) -> bool:
    return len(facet.choices) > 1 or any(each.chosen for each in facet.choices)


def _names() -> dict[str, str]:
    return {
        "kind": _("Kind"),
        "genre": _("Genre"),
        "language": _("Language"),
        "decade": _("Decade"),
    }


def _label(name: str, value: str, genres: Mapping[str, Genre]) -> tuple[str, str]:
    """What a choice is called, and in which language; "" for that of the page."""
    if name == "genre":
        said = genres[value].name
        return said.text, said.language
    if name == "language":
        return own_name(value), value
    if name == "kind":
        return (_("Series") if value == Title.Kind.SERIES else _("Films")), ""
    return _("%(year)ss") % {"year": value}, ""
