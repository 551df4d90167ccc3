"""Requests in figures, as authorities ask for them (11 CCR 7102): chart, table and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plainview.domains.staff.access import staff
from plainview.domains.staff.forms.casework import rights
from plainview.platform import spreadsheets
from plainview.platform.downloads import CSV, download
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves
from plainview.privacy.places.territories import territory_name
from plainview.privacy.requests import figures as counting
from plainview.privacy.requests.models import Channel, Ground

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

LISTS = ("requests.rights",)
ALL = "numbers over all requests; no row of it leads to anybody"
DRAWN = ("granted", "partly", "nothing", "refused", "withdrawn", "open")
WIDTH = 100
HEADS: dict[str, StrOrPromise] = {
    "received": gettext_lazy("Received"),
    "granted": gettext_lazy("Done as asked"),
    "partly": gettext_lazy("Done in part"),
    "nothing": gettext_lazy("Nothing held"),
    "refused": gettext_lazy("Refused"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "open": pgettext_lazy("requests", "Open"),
    "late": gettext_lazy("Answered late"),
    "median": gettext_lazy("Days, median"),
    "p95": gettext_lazy("Days, 95 of 100 within"),
}


class Row(NamedTuple):
    """A line in words, its figures in the order of HEADS, and the pieces of its bar in percent."""

    name: str
    figures: list[tuple[StrOrPromise, int | float | None]]
    bar: list[tuple[str, str, str]]


class Part(NamedTuple):
    """A table: by what it is parted, in words, and its rows."""

    id: str
    words: StrOrPromise
    rows: list[Row]


@serves("rights", may=["account"], source="staff", everyone=ALL, lists=LISTS)
@staff("privacy.requests")
def figures(request: HttpRequest) -> HttpResponse:
    """How many requests came in, how they ended and how fast; `?year=` for one year."""
    year = _year(request)
    cases = counting.counted(year)
    names = _names()
    titles = {
        "kind": _("By what they ask for"),
        "place": _("By where they are or live"),
        "channel": _("By how it reached us"),
        "year": _("By year"),
    }
    most = max((each.received for each in counting.lines(cases, "year")), default=0)
    parts = [
        Part(
            by, titles[by], [_row(line, names[by](line.name)) for line in counting.lines(cases, by)]
        )
        for by in counting.LINES
    ]
    grounds = dict(Ground.choices)
    context = {
        "year": year,
        "years": counting.years(),
        "all": _row(counting.line("", cases), _("All")) if cases else None,
        "parts": parts,
        "denials": [
            (grounds.get(ground, ground), count) for ground, count in counting.denials(cases)
        ],
        "heads": HEADS.values(),
        "most": most,
        "key": [(each, HEADS[each]) for each in DRAWN],
    }
    return render(request, "staff/figures.html", context)


@serves("rights", may=["account"], source="staff", everyone=ALL, lists=LISTS)
@staff("privacy.requests")
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet: a row for each line, and one for each ground of a denial."""
    year = _year(request)
    cases = counting.counted(year)
    lines = [("all", counting.line("", cases))]
    lines += [(by, each) for by in counting.LINES for each in counting.lines(cases, by)]
    rows = [
        ("by", "name", *HEADS),
        *((by, line.name, *(getattr(line, name) for name in HEADS)) for by, line in lines),
        *(("ground", *denial) for denial in counting.denials(cases)),
    ]
    name = f"requests-{year}.csv" if year else "requests.csv"
    return download(name, spreadsheets.table(rows), CSV)


def _year(request: HttpRequest) -> int | None:
    said = request.GET.get("year", "")
    return number_in(said) if len(said) == 4 else None


def _names() -> dict[str, Callable[[str], str]]:
    """How a line of each table is called, by what it is parted."""
    words, channels = dict(rights()), dict(Channel.choices)
    return {
        "kind": lambda name: words.get(name, name) or _("Not sorted yet"),
        "place": lambda name: territory_name(name) if name else _("Unknown"),
        "channel": lambda name: str(channels.get(name, name)),
        "year": str,
    }


def _row(line: counting.Line, name: str) -> Row:
    bar, start = [], 0.0
    for each in DRAWN:
        if number := getattr(line, each):
            width = WIDTH * number / line.received
            bar.append((each, f"{start:.2f}", f"{width:.2f}"))
            start += width
    return Row(name, [(head, getattr(line, id_)) for id_, head in HEADS.items()], bar)
