"""*What this page used*, in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.core.signing import BadSignature, SignatureExpired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainview.privacy import used
from plainview.privacy.consent.questions import say
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor, visitor_of

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of data that a purpose used, in words."""

    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Part:
    """One purpose, why it may, and what it used."""

    name: str
    why: str
    because: str
    rows: list[Row]


@serves("browse", may=["account"], source="use")
@same_origin_post
def page_used(request: HttpRequest) -> HttpResponse:
    """Reads back the record that a page carried; nothing of it is kept (P5.2.1.1a)."""
    visitor = visitor_of(request)
    parts: list[Part] = []
    everything = False
    problem = ""
    token = request.POST.get("record", "")
    if request.method != "POST":
        problem = "ask"
    elif token:
        try:
            records = used.read(token)
            parts = _parts(visitor, records)
            everything = any(each.category == used.EVERYTHING for each in records)
        except SignatureExpired:
            problem = "old"
        except (BadSignature, ValueError):
            problem = "forged"
    return render(
        request,
        "privacy/used.html",
        {"parts": parts, "everything": everything, "problem": problem},
        status=UNPROCESSABLE if problem in ("old", "forged") else 200,
    )


def _parts(visitor: Visitor, records: list[used.Used]) -> list[Part]:
    """The record purpose by purpose; what the policy no longer knows is left out."""
    policy = in_force()
    known = [r for r in records if r.category in policy.categories and r.purpose in policy.purposes]
    ordered = sorted(known, key=lambda r: (r.purpose, -r.rows, r.category))
    return [
        Part(
            say(f"purposes.{purpose}.name"),
            say(f"purposes.{purpose}.why"),
            visitor.explain(purpose).because,
            [Row(say(f"categories.{each.category}"), each.rows) for each in some],
        )
        for purpose, some in groupby(ordered, key=lambda r: r.purpose)
    ]
