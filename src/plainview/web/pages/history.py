"""The policy's history, for everybody: each version, what set it apart, and what held when."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from plainview.platform import days
from plainview.platform.downloads import download
from plainview.privacy.gate.doors import serves
from plainview.privacy.versions import comparing, queries
from plainview.privacy.versions.models import Version

FOR_EVER = "public, max-age=31536000, immutable"


@serves("browse", may=["account"], source="use")
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version with its hash (P11b); `?on=2026-05-03` leads to the one that held that day."""
    asked = request.GET.get("on", "")
    missing = False
    if asked:
        found = _on(asked)
        if found is not None:
            return redirect("notice-version", version=found.name)
        missing = True
    published = list(queries.published())
    rows = list(zip(published, [*published[1:], None], strict=True)) if published else []
    context = {"rows": rows, "asked": asked, "missing": missing, "current": queries.current()}
    return render(request, "pages/versions.html", context)


@serves("browse", may=["account"], source="use")
@require_safe
def changes(request: HttpRequest, version: str) -> HttpResponse:
    """What is different under a version from the one before, or from that of `?from=` (P11b)."""
    shown = _shown(version)
    against = request.GET.get("from", "")
    other = _shown(against) if against else queries.before(shown)
    if other is None:
        raise Http404("nothing came before the first version")
    context = {
        "version": shown,
        "other": other,
        "published": [each for each in queries.published() if each != shown],
        "differences": comparing.said(other, shown),
        "clauses": comparing.clauses(other, shown),
    }
    return render(request, "pages/changes.html", context)


@serves("browse", may=["account"], source="use")
@require_safe
def archive(request: HttpRequest, version: str) -> HttpResponse:
    """A version as a tar of its files; its SHA-256 is the hash in the log (P11b)."""
    shown = _shown(version)
    answer = download(f"policy-{shown.name}.tar", queries.archive_of(shown), "application/x-tar")
    answer["Cache-Control"] = FOR_EVER
    return answer


def _shown(name: str) -> Version:
    found = queries.shown(name)
    if found is None:
        raise Http404("no such version")
    return found


def _on(day: str) -> Version | None:
    """The version that was in force at the end of a day, or is by now."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        return None
    return queries.at(days.end(date))
