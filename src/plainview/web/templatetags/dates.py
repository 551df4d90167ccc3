"""`date` as templates know it, written by CLDR where it names one of its styles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.html import format_html

from plainview.platform.languages import dates

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, style: str | None = None) -> str:
    """A day or moment in a style (`DATE_FORMAT`), or in Django's letters (`Y-m-d`).

    `c` is ISO 8601 to the second: the finest that HTML takes is a thousandth of one.
    """
    if style == "c" and isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if style in dates.STYLES and value not in (None, ""):
        return dates.written(value, style)
    return str(defaultfilters.date(value, style))


@register.filter(expects_localtime=True)
def moment(value: Any, style: str = "DATETIME_FORMAT") -> str:
    """A moment, or its hour (`TIME_FORMAT`), that script shows by the clock of whoever reads.

    Not for evidence: there UTC is what was signed. The page is the same for everybody.
    """
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" data-moment="{}">{}</time>',
        value.isoformat(timespec="seconds"),
        "hour" if style == "TIME_FORMAT" else "",
        dates.written(value, style),
    )
