"""Pages of the privacy officer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from plainview.domains.staff.access import staff
from plainview.privacy import picture
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
