"""The languages one can choose from when saying what a film or a file speaks."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from django.utils.translation import pgettext
from langcodes import tag_is_valid

from plainview.platform import languages

REGIONAL = ("es-419", "fr-CA", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant")


def language_choices() -> list[tuple[str, str]]:
    """(tag, name in the page's language) in the order of the names, the unknown one first."""
    return [("", pgettext("language", "Not known")), *_named(languages.current())]


@lru_cache(maxsize=16)
def _named(interface: str) -> list[tuple[str, str]]:
    locale = languages.locale(interface)
    named = [
        (str(tag), str(name))
        for tag, name in locale.languages.items()
        if len(str(tag)) == 2 and tag_is_valid(str(tag))
    ]
    regional = [
        (tag, Locale.parse(tag, sep="-").get_display_name(locale) or tag) for tag in REGIONAL
    ]
    return sorted(named + regional, key=lambda pair: pair[1].casefold())
