"""How questions are answered, counted without anybody: by month, regime, surface and wording.

A count is a number in a row that names nobody; nothing of a person or device leads to it. Only
months that are over are told, so that no figure moves while somebody watches. A figure that stands
for fewer answers than the policy's `least` is not told; all others are rounded to a multiple of it,
and every sum is of figures told. So nothing untold can be worked out from what is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import F, Sum
from django.utils import timezone

from plainview.engine import TODAY
from plainview.privacy.consent.layouts import Question
from plainview.privacy.consent.models import Tally
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor

Outcome = Tally.Outcome
SURFACES = ("banner", "again", "centre", "why", "opt-out", "news")
"""The forms that ask; the second step of a yes is counted where the first was asked."""
ELSEWHERE = {"api": "app-", "tv": "tv-"}
"""How the surface of a count begins where the question stood on no page of ours."""
SHARDS = 16


def count(visitor: Visitor, question: Question, answers: Mapping[str, str], *, via: str) -> None:
    """Count an answer; belongs into the transaction that records it."""
    if via not in SURFACES:
        return
    row = {
        "month": timezone.localdate().replace(day=1),
        "regime": in_force().jurisdictions[visitor.jurisdiction].regime or visitor.jurisdiction,
        "surface": f"{ELSEWHERE.get(question.surface, '')}{via}",
        "wording": question.wording or TODAY,
        "outcome": outcome(answers),
        "shard": secrets.randbelow(SHARDS),  # so that answers given at once do not queue up
    }
    if not Tally.objects.filter(**row).update(count=F("count") + 1):
        Tally.objects.bulk_create([Tally(**row, count=0)], ignore_conflicts=True)
        Tally.objects.filter(**row).update(count=F("count") + 1)


def parted(surface: str) -> tuple[str, str]:
    """The device (`browser`, `app`, `tv`) and the form that a counted surface stands for."""
    for begins in ELSEWHERE.values():
        if surface.startswith(begins):
            return begins.rstrip("-"), surface.removeprefix(begins)
    return "browser", surface


def outcome(answers: Mapping[str, str]) -> str:
    """What an answer is counted as: yes to all, no to all, some of each, or a notice read."""
    said = {answer == "denied" for answer in answers.values()}
    if not said:
        return Outcome.READ
    return Outcome.SOME if len(said) > 1 else Outcome.NO if said.pop() else Outcome.YES


class Cell(NamedTuple):
    """A figure by everything it was counted by."""

    month: date
    regime: str
    surface: str
    wording: str
    outcome: str
    number: int


class Line(NamedTuple):
    """What is told of one regime, surface and wording: an outcome that is missing is untold."""

    month: date | None
    regime: str
    surface: str
    wording: str
    told: dict[str, int]

    @property
    def total(self) -> int:
        """The sum of what is told."""
        return sum(self.told.values())

    @property
    def share(self) -> int | None:
        """Yeses among the answers told that say something, in percent."""
        said = sum(self.told.get(each, 0) for each in (Outcome.YES, Outcome.NO, Outcome.SOME))
        return round(100 * self.told.get(Outcome.YES, 0) / said) if said else None


def cells() -> list[Cell]:
    """All counts, as they are; nobody is shown these."""
    by = ("month", "regime", "surface", "wording", "outcome")
    rows = Tally.objects.values_list(*by).annotate(sum=Sum("count")).order_by(*by)
    return [Cell(*row) for row in rows]


def told(counted: Iterable[Cell], today: date, least: int) -> list[Line]:
    """What may be told of counts on a day, by month; `least` is the policy's threshold."""
    lines: dict[tuple[date, str, str, str], dict[str, int]] = {}
    this_month = today.replace(day=1)
    for cell in counted:
        if cell.month < this_month and cell.number >= least:
            figures = lines.setdefault(cell[:4], {})
            figures[cell.outcome] = least * round(cell.number / least)
    return [Line(*key, figures) for key, figures in sorted(lines.items())]


def summed(lines: Iterable[Line]) -> list[Line]:
    """The same over all months: sums of what is told, and of nothing else."""
    sums: dict[tuple[str, str, str], dict[str, int]] = {}
    for line in lines:
        figures = sums.setdefault((line.regime, line.surface, line.wording), {})
        for each, number in line.told.items():
            figures[each] = figures.get(each, 0) + number
    return [Line(None, *key, figures) for key, figures in sorted(sums.items())]
