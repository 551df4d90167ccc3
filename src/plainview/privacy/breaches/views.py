"""The page on which the site tells everybody of breaches."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plainview.platform import languages
from plainview.privacy.breaches import letters, showing
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import controller


@serves("browse", may=["account"], source="use")
@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """What is told in public now, in the language of the page where somebody wrote it in it."""
    rows = [
        (number, kinds, tag, languages.direction(tag), words)
        for number, kinds, tag, words in showing.current()
    ]
    context = {"rows": rows, "title": letters.title(), "contact": controller().email}
    return render(request, "privacy/breaches.html", context)
