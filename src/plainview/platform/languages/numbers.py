"""Numbers, shares and lengths of time as each language writes them, by CLDR.

For what people read. Years, versions, numbers of seasons and whatever else names something rather
than counts is no number, and is never grouped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Literal

import babel
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from plainview.platform import languages

_LENGTH = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_UNITS = ("year", "month", "week", "day", "hour", "minute")
_MINUTES = {"week": 7 * 24 * 60, "day": 24 * 60, "hour": 60, "minute": 1}
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
    return _together(parts, locale) if parts else duration


def between(earlier: dt.datetime, later: dt.datetime, language: str = "") -> str:
    """How long it is from one moment to another, in its two largest units, as CLDR writes them.

    >>> from datetime import datetime, timedelta
    >>> now = datetime(2026, 11, 28)
    >>> between(now, now + timedelta(days=1, hours=13), "ar"), between(now, now, "en")
    ('يوم و13 ساعة', '0 minutes')
    """
    locale = languages.locale(language) if language else languages.spoken()
    rest = max(int((later - earlier).total_seconds()) // 60, 0)
    counted = []
    for unit, minutes in _MINUTES.items():
        counted.append((rest // minutes, unit))
        rest %= minutes
    first = next((n for n, (count, _) in enumerate(counted) if count), len(counted) - 1)
    some = [each for each in counted[first : first + 2] if each[0]] or counted[-1:]
    parts = [format_unit(count, f"duration-{unit}", locale=locale) for count, unit in some]
    return _together(parts, locale)


def _together(parts: list[str], locale: babel.Locale) -> str:
    """Units in a row; as any other list where CLDR's form for units says no pair of its own."""
    known = locale.list_patterns
    style: Literal["unit", "unit-short", "standard"] = "standard"
    if "2" in known.get("unit", {}):
        style = "unit"
    elif "2" in known.get("unit-short", {}):
        style = "unit-short"
    return str(format_list(parts, style=style, locale=locale))


def _parts(duration: str) -> Iterator[tuple[int, str]]:
    match = _LENGTH.fullmatch(duration)
    for number, unit in zip(match.groups() if match else (), _UNITS, strict=False):
        if number is not None:
            yield int(number), unit
