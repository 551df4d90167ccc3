"""The languages one can choose from when saying what a film or a file speaks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale, localedata
from django.utils.translation import gettext, pgettext
from langcodes import tag_is_valid

from plainview.domains.catalogue.models import Title
from plainview.domains.subtitles.models import Track
from plainview.platform import languages

REGIONAL = ("es-419", "fr-CA", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant")
_SHORT, _LONG = 2, 3
"""How many letters ISO 639-1 writes a language with, and ISO 639-3."""


def language_choices(*more: str) -> list[tuple[str, str]]:
    """(tag, name in the page's language), the unknown one first, then `more`, then by their names.

    Of `more` those are left out that are in the list.
    """
    listed = _named(languages.current())
    known = {"", "und", *(tag for tag, _name in listed)}
    said = [(tag, _name(tag)) for tag in dict.fromkeys(more) if tag not in known]
    return [("", pgettext("language", "Not known")), *said, *listed]


def language_groups(*more: str) -> list[tuple[str, Any]]:
    """The same for a list to choose from: after `more` those in use here, then all others."""
    listed = _named(languages.current())
    tracks = Track.objects.order_by().values_list("language", flat=True)
    titles = Title.objects.order_by().values_list("original_language", flat=True)
    used = {*languages.offered(), *titles.union(tracks)}
    groups = [
        (gettext("In use here"), [each for each in listed if each[0] in used]),
        (gettext("All others"), [each for each in listed if each[0] not in used]),
    ]
    return [*language_choices(*more)[: -len(listed)], *groups]


def _name(tag: str) -> str:
    return gettext("No speech") if tag == languages.SILENT else languages.name(tag)


@lru_cache(maxsize=16)
def _named(interface: str) -> list[tuple[str, str]]:
    """The languages of ISO 639-1, those beside them that CLDR knows to write in, and regions'."""
    locale = languages.locale(interface)
    written = {each.partition("_")[0] for each in localedata.locale_identifiers()}
    named = [
        (str(tag), str(name))
        for tag, name in locale.languages.items()
        if (len(str(tag)) == _SHORT and tag_is_valid(str(tag)))
        or (len(str(tag)) == _LONG and tag in written)
    ]
    regional = [
        (tag, Locale.parse(tag, sep="-").get_display_name(locale) or tag) for tag in REGIONAL
    ]
    return sorted(named + regional, key=lambda pair: languages.alphabetical(pair[1]))
