"""The languages of pages: which are finished, and how everybody calls them.

Everybody means BCP 47 tags (`pt-BR`, `zh-Hant`): addresses, cookies, markup, the policy, rows. Only
Django has codes of its own (`pt-br`, `zh-hant`); they are translated here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Literal

import babel
from babel.lists import format_list
from django.conf import settings
from django.http import HttpResponseBase
from django.utils.translation import get_language, override

FINISHED: tuple[str, ...] = ("en", "ar", "es", "fr", "ja", "ko", "pt-BR", "zh-Hant")
"""In every one all strings are translated, which `make check` proves; others are being made."""

PSEUDO: dict[str, str] = {"en-XA": "en", "ar-XB": "ar"}
"""Invented languages that show what a page makes of long words and of the other direction."""


def code(tag: str) -> str:
    """What Django calls the language of a tag: `pt-br`."""
    return tag.lower()


@lru_cache(maxsize=256)
def tag(code: str) -> str:
    """The BCP 47 tag (RFC 5646, 2.1.1) of a code of Django's, or of a tag written anyhow: `pt-BR`.

    >>> tag("zh-hant"), tag("pt-br"), tag("es-419")
    ('zh-Hant', 'pt-BR', 'es-419')
    """
    first, *rest = code.replace("_", "-").split("-")
    forms = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(forms.get(len(part), str.lower)(part) for part in rest)])


def speaking(tag: str) -> AbstractContextManager[None]:
    """`with speaking(tag):` words are of that language; without a tag, of the service's own."""
    return override(code(tag or settings.LANGUAGE_CODE))


def current() -> str:
    """The tag of the language that is being spoken: of the page, of the letter."""
    return tag(get_language() or settings.LANGUAGE_CODE)


def offered() -> list[str]:
    """The tags of the languages that pages come in, in the order of the settings."""
    return [tag(code) for code, _name in settings.LANGUAGES]


@lru_cache(maxsize=64)
def locale(language: str) -> babel.Locale:
    """CLDR's knowledge of a language.

    Raises babel.UnknownLocaleError and ValueError for what is no language.
    """
    return babel.Locale.parse(PSEUDO.get(language, language), sep="-")


def spoken() -> babel.Locale:
    """CLDR's knowledge of the language that is being spoken."""
    return locale(current())


def listed(
    names: Iterable[str], language: str = "", *, style: Literal["standard", "or"] = "standard"
) -> str:
    """Names in a sentence as a language lists them (CLDR): `a, b, and c`; the spoken language's.

    In Chinese a Latin word stands apart from the word before it, as in all our sentences.
    """
    in_words = locale(language) if language else spoken()
    said = str(format_list(list(names), style=style, locale=in_words))
    return _BESIDE_LATIN.sub(" ", said) if in_words.language == "zh" else said


_BESIDE_LATIN = re.compile(r"(?<=[和或])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[和或])")
SILENT = "zxx"
"""Nobody speaks (ISO 639-2: no linguistic content)."""
_COLONS = {"fr": "\N{NO-BREAK SPACE}: ", "ja": "\N{FULLWIDTH COLON}", "zh": "\N{FULLWIDTH COLON}"}


def colon() -> str:
    """What the spoken language writes between a name and what is said of it: `: `."""
    return _COLONS.get(current().partition("-")[0], ": ")


_WIDE = ("ja", "zh")
"""Languages whose signs fill a square: their full stop and brackets need no space beside them."""
_CLOSING = "。！？）：」』"


def stop(language: str = "") -> str:
    """What a language writes between two sentences, by default the spoken one: `. `."""
    return "\N{IDEOGRAPHIC FULL STOP}" if (language or current()).startswith(_WIDE) else ". "


def gap() -> str:
    """What the spoken language has between one whole sentence and the next."""
    return "" if current().startswith(_WIDE) else " "


def aside(words: str, language: str = "") -> str:
    """Words in the brackets of a language, by default the spoken one, to stand behind others."""
    if (language or current()).startswith(_WIDE):
        return f"\N{FULLWIDTH LEFT PARENTHESIS}{words}\N{FULLWIDTH RIGHT PARENTHESIS}"
    return f" ({words})"


def together(*sentences: str, language: str = "") -> str:
    """Whole sentences in a row, with a space between where a language (the spoken one) has it."""
    wide = (language or current()).startswith(_WIDE)
    said = ""
    for each in filter(None, sentences):
        parted = said and not (wide and said[-1] in _CLOSING)
        said += f" {each}" if parted else each
    return said


def alphabetical(name: str) -> str:
    """What a name is sorted by among others: its letters without marks and case, so É beside e."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Which way a language is written, as HTML's `dir` has it."""
    return "rtl" if language.partition("-")[0].lower() in settings.LANGUAGES_BIDI else "ltr"


def own_name(language: str) -> str:
    """What speakers of a language call it, with a capital where they have one; else the tag."""
    if language in PSEUDO:
        return f"{locale(language).display_name} [{language}]"
    try:
        known = locale(language)
    except (babel.UnknownLocaleError, ValueError):
        return language
    name = known.languages.get(str(known)) or known.get_display_name(known)
    return name[:1].upper() + name[1:] if name else language


def name(language: str) -> str:
    """What the language being spoken calls a language; the tag for one that it has no name for."""
    try:
        return str(locale(language).get_display_name(spoken()) or language)
    except (babel.UnknownLocaleError, ValueError):
        return language


def with_country(language: str) -> str:
    """A language with the country that CLDR takes it to be of, as Open Graph names it: `zh_TW`."""
    known = locale(language)
    likely = babel.core.get_global("likely_subtags").get(str(known), "")
    return f"{known.language}_{known.territory or likely.rpartition('_')[2]}"


def remember(response: HttpResponseBase, tag: str) -> None:
    """Have the browser keep the language of pages (P2.1.3b)."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        tag,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
