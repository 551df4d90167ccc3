"""Controls for places, time zones and plans: one types or picks names, or pastes codes.

What is kept and compared are codes, as a document has them. A name may be in any language of the
service, and is shown in that of the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from django import forms
from django.utils.translation import gettext as _

from plainview.domains.catalogue.ports import Ports
from plainview.platform import languages
from plainview.privacy.consent import questions
from plainview.privacy.places.territories import every_territory

_BETWEEN = re.compile(r"[,;،、，；\n]")
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_ZONE = re.compile(r"[A-Za-z]+(/[\w+-]+)*")
FEW = 4
"""So many names at most are offered for what could be any of them."""
_ASIDE = re.compile(r"(.+?)\s*[(（](.+)[)）]")


class Places(forms.TextInput):
    """A control for countries, and states or provinces; its value are codes, as in `KR US-CA`."""

    def __init__(self) -> None:
        super().__init__(attrs={"dir": "auto", "spellcheck": "false"})

    def format_value(self, value: Any) -> str | None:
        """The codes of what was typed; all of it as it is, if a part can't be read."""
        text = str(value or "").strip()
        found = list(_places_in(text))
        return text if any(code is None for _piece, code in found) else " ".join(codes(text))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if said := context["widget"]["value"]:
            context["widget"]["value"] = in_words(said)
        return context


class PlacesField(forms.CharField):
    """Countries, and states or provinces, by name or code; cleaned they are a list of codes."""

    widget = Places

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for a name that no place here has, with the nearest one."""
        text = str(super().clean(value) or "")
        for piece, code in _places_in(text):
            if code is None:
                raise forms.ValidationError(_unknown(piece, _words_for("places")))
        return codes(text)


class Zone(forms.TextInput):
    """A control for a time zone by its city; its value is the zone, as in `Asia/Seoul`."""

    def __init__(self) -> None:
        super().__init__(attrs={"dir": "auto", "spellcheck": "false", "list": "zones"})

    def format_value(self, value: Any) -> str | None:
        """The zone of what was typed; or that, if it is none."""
        text = str(value or "").strip()
        exact = "/" in text and text in available_timezones()
        return text if exact else _keys("zones").get(key_of(text), text)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if said := context["widget"]["value"]:
            context["widget"]["value"] = _shown(said, "zones")
        return context


class ZoneField(forms.CharField):
    """A time zone by the name of a city, or of a country that has only one; cleaned, its name."""

    widget = Zone

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for what is no time zone, with the nearest city."""
        zone = Zone().format_value(super().clean(value)) or "UTC"
        if zone not in available_timezones():
            if _ZONE.fullmatch(zone) and "/" in zone:
                said = _("%(zone)s is no time zone, such as Asia/Seoul.") % {"zone": zone}
                raise forms.ValidationError(said)
            raise forms.ValidationError(_unknown(zone, _words_for("zones")))
        return zone


class Plans(forms.TextInput):
    """A control for plans by name; its value are their ids."""

    def format_value(self, value: Any) -> str | None:
        """The ids of what was typed."""
        return " ".join(plans(str(value or "")))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        named = {tier.id: str(tier.name) for tier in Ports.plans.tiers()}
        ids = (context["widget"]["value"] or "").split()
        said = questions.in_a_row(named.get(each, each) for each in ids)
        context["widget"]["value"] = said or None
        return context


def plans(text: str) -> list[str]:
    """The ids of plans that are named in a text; what names none stays as it is."""
    keys = {key_of(str(tier.name)): tier.id for tier in Ports.plans.tiers()}
    pieces = [each.strip() for each in _BETWEEN.split(text) if each.strip()]
    return [
        each
        for piece in pieces
        for each in ([keys[key_of(piece)]] if key_of(piece) in keys else piece.split())
    ]


def codes(text: str) -> list[str]:
    """The codes of the places that a text names, without what it names besides, each once."""
    return list(dict.fromkeys(code for _piece, code in _places_in(text) if code))


def in_words(text: str) -> str:
    """Codes of places by name, in the language of the page; any other text as it is."""
    said = text.split()
    if not all(_CODE.fullmatch(each) for each in said):
        return text
    return questions.in_a_row(_shown(each, "places") for each in said)


def zones() -> list[tuple[str, str]]:
    """(city, zone) of every time zone to choose from, in the order of the cities."""
    named = [(_shown(zone, "zones"), zone) for zone in _names("zones", languages.current())]
    return [("UTC", "UTC"), *sorted(named, key=lambda each: languages.alphabetical(each[0]))]


def _places_in(text: str) -> Iterator[tuple[str, str | None]]:
    """Each part of a text with its code; None for what is neither a name nor a code.

    Names have commas between, and may hold one; codes may have spaces between.
    """
    keys, pieces = _keys("places"), [each.strip() for each in _BETWEEN.split(text)]
    at = 0
    while at < len(pieces):
        pair = " ".join(pieces[at : at + 2])
        if at + 1 < len(pieces) and pieces[at] and key_of(pair) in keys:
            yield pair, keys[key_of(pair)]
            at += 2
            continue
        yield from _place_in(pieces[at], keys)
        at += 1


def _place_in(piece: str, keys: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    parts = piece.upper().split()
    if key_of(piece) in keys and not _CODE.fullmatch(piece):
        yield piece, keys[key_of(piece)]
    elif all(_CODE.fullmatch(each) or key_of(each) in _other_codes() for each in parts):
        yield from ((each, _other_codes().get(key_of(each), each)) for each in parts)
    else:
        yield piece, None


def _shown(code: str, kind: str) -> str:
    """A name that is read as this code again; else the code."""
    name = _names(kind, languages.current()).get(code, code)
    return name if _keys(kind).get(key_of(name)) == code else code


def _unknown(said: str, words: Iterable[str]) -> str:
    keys = {key_of(each): each for each in words}
    near = get_close_matches(key_of(said), keys, n=1, cutoff=0.7) or _longer(said, keys)
    if near:
        names = languages.listed((keys[each] for each in near), style="or")
        return _("“%(said)s” is not known here. Is it %(near)s?") % {"said": said, "near": names}
    return _("“%(said)s” is not known here, neither as a name nor as a code.") % {"said": said}


def _longer(said: str, keys: Mapping[str, str]) -> list[str]:
    """The keys of the few names that hold what was typed among their words: Korea, in two."""
    typed = {key_of(each) for each in said.split()}
    found = [key for key, name in keys.items() if typed <= {key_of(each) for each in name.split()}]
    return sorted(found) if 0 < len(found) <= FEW else []


def _words_for(kind: str) -> Iterable[str]:
    return _names(kind, languages.current()).values()


def _keys(kind: str) -> Mapping[str, str]:
    """What may be typed -> code: names in the page's language before those in others."""
    spoken = dict.fromkeys([languages.current(), *languages.offered(), "en"])
    return _read(kind, tuple(spoken))


@lru_cache(maxsize=16)
def _read(kind: str, spoken: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    lists = [_names(kind, tag) for tag in spoken]
    for names in lists:
        for code, name in names.items():
            found.setdefault(key_of(name), code)
    for names in lists:
        for code, name in names.items():
            if aside := _ASIDE.fullmatch(name):
                found.setdefault(key_of(aside[1]), code)
                found.setdefault(key_of(aside[2]), code)
    if kind == "zones":
        alone = get_global("territory_zones")
        for place, code in _read("places", spoken).items():
            here = alone.get(code, ())
            if len(here) == 1:
                found.setdefault(place, here[0])
    return {key: code for key, code in found.items() if key}


@lru_cache(maxsize=32)
def _names(kind: str, tag: str) -> Mapping[str, str]:
    """Code -> name in a language."""
    if kind == "places":
        with languages.speaking(tag):
            return every_territory()
    there, cities = available_timezones(), languages.locale(tag).time_zones
    return {
        zone: str(cities.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))
        for zone, place in get_global("zone_territories").items()
        if place != "ZZ" and "/" in zone and zone in there
    }


@lru_cache(maxsize=1)
def _other_codes() -> Mapping[str, str]:
    """Codes of three letters, and one that many write, -> the code that they stand for."""
    aliases = get_global("territory_aliases")
    return {
        key_of(alias): to[0]
        for alias, to in aliases.items()
        if len(to) == 1 and (alias == "UK" or (len(alias) == 3 and alias.isalpha()))
    }


def key_of(name: str) -> str:
    """A name as it is compared: without case, marks above letters, spaces and points."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(each for each in plain if each.isalnum())
