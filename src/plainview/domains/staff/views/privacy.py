"""Pages of the privacy officer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from plainview.domains.staff.access import staff
from plainview.privacy import picture
from plainview.privacy import record as sheets
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.privacy.registry import registry


@serves("browse", may=["account"], source="use")
@staff("privacy.map")
def data_map(request: HttpRequest) -> HttpResponse:
    """What is held, where it comes from, for what, and who receives it: a picture and a table."""
    found, policy = registry(), in_force()
    drawing = picture.drawn(found, policy, questions.language())
    held = picture.read(found, policy).held
    rows = [
        (policy.categories[category].name, questions.say(f"categories.{category}"), columns)
        for family in sorted(held)
        for category, columns in sorted(held[family].items())
    ]
    return render(request, "staff/map.html", {"picture": mark_safe(drawing), "rows": rows})  # noqa: S308 - drawn by us, escaped there


@serves("browse", may=["account"], source="use")
@staff("privacy.record")
def record(request: HttpRequest, name: str = "record") -> HttpResponse:
    """The record of processing (GDPR Art. 30), or the scaffold of an assessment."""
    shown = _sheet(name)
    policy = in_force()
    tabs = [(each, sheets.sheet(policy, each, questions.language()).title) for each in sheets.NAMES]
    unread = [(language, files) for language, files in policy.unreviewed().items() if files]
    return render(request, "staff/record.html", {"sheet": shown, "tabs": tabs, "unread": unread})


@serves("browse", may=["account"], source="use")
@staff("privacy.record")
def record_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The same for a spreadsheet."""
    answer = HttpResponse(sheets.to_csv(_sheet(name)), content_type="text/csv; charset=utf-8")
    filename = f"{name}-{in_force().version}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _sheet(name: str) -> sheets.Sheet:
    try:
        return sheets.sheet(in_force(), name, questions.language())
    except sheets.UnknownSheet:
        raise Http404 from None
