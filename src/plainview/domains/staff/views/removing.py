"""Taking a picture away for good: out of every title, the history and the store."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from plainview.domains.catalogue import queries, services
from plainview.domains.staff.access import may, staff
from plainview.domains.staff.views.catalogue import UNPROCESSABLE, title_at
from plainview.domains.staff.views.revisions import label_of
from plainview.platform.languages import numbers
from plainview.privacy.gate.doors import serves


@serves("contribute", may=["account"], source="form")
@staff("pictures.remove")
def away(request: HttpRequest, slug: str) -> HttpResponse:
    """Every picture that a title has or had; removes those that are ticked for good (posted)."""
    found = title_at(slug)
    rows = queries.pictures_of(found)
    there = {each.name for each in rows if each.gone is None}
    ticked = [each for each in request.POST.getlist("picture") if each in there]
    if ticked:
        for name in ticked:
            services.take_away(name)
        said = ngettext(
            "%(count)s picture is gone for good.",
            "%(count)s pictures are gone for good.",
            len(ticked),
        )
        messages.success(request, said % {"count": numbers.written(len(ticked))})
        return redirect(request.path)
    context = {
        "title": found,
        "rows": [
            (each, label_of(each.use, each.tongue), queries.also_of(each.name, found))
            for each in rows
        ],
        "there": there,
        "edits": may(request, "catalogue.edit"),
        "wanted": request.GET.get("picture", ""),
        "missing": request.method == "POST",
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "staff/title_away.html", context, status=status)
