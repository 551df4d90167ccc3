"""Days and times as each language writes them, by CLDR; English as the service's own words do.

Django's formats name months with a capital in Portuguese, put the half of the day after the hour in
Korean, and take the American order for Arabic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from django.utils import formats

from plainview.platform import languages

_SOURCE = languages.FINISHED[0]


def written(value: dt.date | dt.datetime | dt.time, style: str = "DATE_FORMAT") -> str:
    """A moment in the language being spoken, in one of the STYLES; a datetime is a local one.

    An hour of a day names the zone it is of, as who reads it may be anywhere.
    """
    if languages.current() == _SOURCE or style not in STYLES:
        said = str(formats.date_format(value, style))  # type: ignore[arg-type]
    else:
        said = STYLES[style](value, languages.spoken())
    if not isinstance(value, dt.datetime) or style not in ("DATETIME_FORMAT", "TIME_FORMAT"):
        return said
    zone = value.tzname()
    return f"{said} ({zone})" if zone else said


def _day(value: dt.date, locale: Locale) -> str:
    return format_date(value, "long", locale=locale)


def _time(value: dt.datetime | dt.time, locale: Locale) -> str:
    bare = value.timetz() if isinstance(value, dt.datetime) else value
    return format_time(bare.replace(tzinfo=None), "short", locale=locale)


def _moment(value: dt.datetime, locale: Locale) -> str:
    if not isinstance(value, dt.datetime):
        return _day(value, locale)
    both = str(locale.datetime_formats["long"]).replace("'", "")
    return both.replace("{0}", _time(value, locale)).replace("{1}", _day(value, locale))


def _skeleton(skeleton: str) -> Callable[[dt.date, Locale], str]:
    return lambda value, locale: format_skeleton(
        skeleton, dt.datetime(value.year, value.month, value.day), locale=locale
    )


STYLES: dict[str, Callable[..., str]] = {
    "DATE_FORMAT": _day,
    "DATETIME_FORMAT": _moment,
    "TIME_FORMAT": _time,
    "MONTH_DAY_FORMAT": _skeleton("MMMMd"),
    "YEAR_MONTH_FORMAT": _skeleton("yMMMM"),
}
"""By Django's names for them."""
