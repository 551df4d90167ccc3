"""Numbers, shares and lengths of time as each language writes them, by CLDR.

For what people read. Years, versions, numbers of seasons and whatever else names something rather
than counts is no number, and is never grouped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from plainview.platform import languages

_LENGTH = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_UNITS = ("year", "month", "week", "day", "hour", "minute")
_FOUR_TOGETHER = frozenset({"es"})
"""Where CLDR's `minimumGroupingDigits` is two, which Babel does not heed: 1234, but 12.345."""


def written(value: float, language: str = "", *, places: int | None = None) -> str:
    """A number, grouped: `1,234`; with so many decimal places, else as many as it has, to three.

    >>> written(1234567, "fr"), written(1234, "es"), written(0.5, "pt-BR", places=2)
    ('1\\u202f234\\u202f567', '1234', '0,50')
    """
    locale = languages.locale(language) if language else languages.spoken()
    grouped = abs(value) >= 10_000 or locale.language not in _FOUR_TOGETHER
    pattern = None if places is None else f"#,##0.{'0' * places}"
    return str(format_decimal(value, pattern, locale=locale, group_separator=grouped))


def percent(value: float, language: str = "") -> str:
    """So many of a hundred: `25%`, `25 %`."""
    locale = languages.locale(language) if language else languages.spoken()
    return str(format_percent(value / 100, locale=locale))


def lasting(duration: str, language: str = "") -> str:
    """An ISO 8601 length of time, in the plural form that its number takes; itself if it is none.

    >>> lasting("P24M", "en"), lasting("P3Y6M", "pt-BR"), lasting("P3Y", "ar")
    ('24 months', '3 anos e 6 meses', '3 سنوات')
    """
    locale = languages.locale(language) if language else languages.spoken()
    parts = [format_unit(n, f"duration-{unit}", locale=locale) for n, unit in _parts(duration)]
    return str(format_list(parts, style="unit", locale=locale)) if parts else duration


def _parts(duration: str) -> Iterator[tuple[int, str]]:
    match = _LENGTH.fullmatch(duration)
    for number, unit in zip(match.groups() if match else (), _UNITS, strict=False):
        if number is not None:
            yield int(number), unit
