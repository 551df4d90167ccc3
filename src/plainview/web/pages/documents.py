"""What is read at /legal/: the notice in three depths, and the documents beside it."""

from __future__ import annotations

import functools

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from plainview.privacy import notice
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor
from plainview.web.pages.caching import cached

BODIES = 96
"""How many composed pages a process keeps: each language, and the places that people come from."""


@serves("browse", may=["account"], source="use")
@require_safe
@cached
def privacy(request: HttpRequest, version: str = "") -> HttpResponse:
    """The notice: what applies to the reader, a card for each use, every clause (P0h, P11a).

    `?place=` looks at another place; `?unfolded=1` opens every card and section at once, for
    browsers that do not search within what is folded. Of the person, only where they are and live
    is looked at.
    """
    _known(notice.PRIVACY, version)
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    chosen = _chosen(request)
    presence, residence = visitor.facts.presence, visitor.facts.residence
    if chosen:
        presence, residence = chosen, None
    body = _notice(
        in_force().fingerprint,
        questions.language(),
        presence,
        residence,
        chosen,
        unfolded=request.GET.get("unfolded") == "1",
    )
    head = notice.current(notice.PRIVACY, questions.language())
    return render(request, "pages/notice.html", {"document": head, "body": body})


@serves("browse", may=["account"], source="use")
@require_safe
@cached
def document(request: HttpRequest, name: str, version: str = "") -> HttpResponse:
    """The terms, the accessibility statement or the imprint, with version and date (PCa)."""
    _known(name, version)
    found = notice.current(name, questions.language())
    return render(request, "pages/document.html", {"document": found})


def _known(name: str, version: str) -> None:
    """Raises Http404 for a version that is not the one in force."""
    policy = in_force()
    if version and version != notice.dated(policy, policy.documents[name])[0]:
        raise Http404("no such version")


def _chosen(request: HttpRequest) -> str:
    """The law of the place that the address asks for, or nothing."""
    asked = request.GET.get("place", "")
    return asked if asked in in_force().jurisdictions else ""


@functools.lru_cache(maxsize=BODIES)
def _notice(
    fingerprint: str,
    language: str,
    presence: str | None,
    residence: str | None,
    chosen: str,
    *,
    unfolded: bool,
) -> SafeString:
    """The body of the notice: the same for everybody of a language and place."""
    policy = in_force()
    where = {"presence": presence, "residence": residence}
    context = {
        "reader": notice.reader(policy, language, **where),
        "unknown": presence is None,
        "chosen": chosen,
        "unfolded": unfolded,
        "places": [
            (id_, policy.text(f"jurisdictions.{id_}", language)) for id_ in policy.jurisdictions
        ],
        "shelves": notice.cards(policy, language, **where),
        "document": notice.compose(policy, language, presence=presence, residence=residence),
        "fingerprint": policy.fingerprint,
    }
    return SafeString(render_to_string("pages/notice_body.html", context))
