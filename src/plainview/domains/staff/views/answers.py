"""How the questions are answered, for the officer: figures that stand for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.domains.staff.access import staff
from plainview.platform import spreadsheets
from plainview.platform.downloads import CSV, download
from plainview.privacy.consent import tallying, wordings
from plainview.privacy.consent.questions import language
from plainview.privacy.consent.tallying import Line, Outcome
from plainview.privacy.gate.doors import serves
from plainview.privacy.notice.speaking import Speaker, capital
from plainview.privacy.policies import in_force

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SURFACES: dict[str, StrOrPromise] = {
    "banner": _("The banner"),
    "again": _("The banner after a signal"),
    "centre": _("The page of choices"),
    "why": _("The switch beside something"),
    "opt-out": _("The page that opts out"),
    "news": _("The page of news"),
}
SHOWN = (Outcome.YES, Outcome.SOME, Outcome.NO, Outcome.READ)
WIDTH = 100
HEADS = ("month", "regime", "surface", "device", "wording", *(str(each.value) for each in SHOWN))


@dataclass(frozen=True, slots=True)
class Row:
    """A line in words, with the pieces of its bar: outcome, start and width in percent."""

    line: Line
    law: str
    surface: StrOrPromise
    device: str
    figures: list[tuple[StrOrPromise, int | None]]
    bar: list[tuple[str, str, str]]

    @property
    def told(self) -> list[tuple[StrOrPromise, int]]:
        """The figures that are told."""
        return [(label, number) for label, number in self.figures if number]


@serves("browse", may=["account"], source="use")
@staff("privacy.answers")
def answers(request: HttpRequest) -> HttpResponse:
    """How the questions are answered by regime, surface and wording: chart and table."""
    lines = _told()
    comparison, speaker = wordings.running(), Speaker(in_force(), language())
    context = {
        "sums": [_row(line, speaker) for line in tallying.summed(lines)],
        "rows": [_row(line, speaker) for line in reversed(lines)],
        "heads": [each.label for each in SHOWN],
        "least": in_force().wordings.least,
        "comparison": comparison,
    }
    return render(request, "staff/answers.html", context)


@serves("browse", may=["account"], source="use")
@staff("privacy.answers")
def answers_csv(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet; what is not told is empty there too."""
    rows: list[tuple[object, ...]] = [HEADS]
    for line in _told():
        device, surface = tallying.parted(line.surface)
        told = (line.told.get(each) for each in SHOWN)
        rows.append((line.month, line.regime, surface, device, line.wording, *told))
    return download("answers.csv", spreadsheets.table(rows), CSV)


def _told() -> list[Line]:
    return tallying.told(tallying.cells(), timezone.localdate(), in_force().wordings.least)


def _row(line: Line, speaker: Speaker) -> Row:
    bar, start = [], 0.0
    for each in SHOWN:
        if line.total and (number := line.told.get(each, 0)):
            width = WIDTH * number / line.total
            bar.append((str(each.value), f"{start:.2f}", f"{width:.2f}"))
            start += width
    device, surface = tallying.parted(line.surface)
    figures: list[tuple[StrOrPromise, int | None]] = [
        (each.label, line.told.get(each)) for each in SHOWN
    ]
    law = capital(speaker.law(line.regime))
    return Row(line, law, SURFACES.get(surface, surface), device, figures, bar)
