"""The translators' pages: how far each language is, its texts side by side with the original."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plainview.domains.staff import translating
from plainview.domains.staff.access import staff
from plainview.platform import languages
from plainview.platform.languages import numbers
from plainview.privacy.gate.doors import serves

PAGE = 20
LONGEST_NAME = 80
UNPROCESSABLE = 422
STATES = {
    translating.MISSING: gettext_lazy("Missing"),
    translating.STALE: gettext_lazy("Original changed since"),
    translating.DRAFT: gettext_lazy("Draft"),
    translating.REVIEWED: gettext_lazy("Reviewed"),
}
PARTS = {translating.PAGES: gettext_lazy("Pages"), translating.POLICY: gettext_lazy("Policy")}


@serves("contribute", may=["account"], source="form")
@staff("translations.write")
def overview(request: HttpRequest) -> HttpResponse:
    """Every language with what is missing, stale and not reviewed."""
    rows = [
        (tag, languages.own_name(tag), languages.name(tag), translating.standing(tag))
        for tag in translating.tongues()
    ]
    offered = languages.offered()
    context = {"rows": rows, "offered": offered, "parts": PARTS}
    return render(request, "staff/translations.html", context)


@serves("contribute", may=["account"], source="form")
@staff("translations.write")
def texts(request: HttpRequest, language: str, part: str) -> HttpResponse:
    """Texts of one language beside their originals, twenty at a time; saves them (posted)."""
    if language not in translating.tongues() or part not in PARTS:
        raise Http404("no such texts")
    found = translating.rows(language, part)
    filters = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "state", "file")}
    other = request.GET.get("beside", "")
    other = other if other in translating.tongues() and other != language else ""
    pages = Paginator(_filtered(found, filters), PAGE)
    page = pages.get_page(request.GET.get("page"))
    name = request.POST.get("name", "").strip()[:LONGEST_NAME]
    read = frozenset(request.POST.getlist("read"))
    bad: list[translating.Row] = []
    nameless = bool(read) and not name
    if request.method == "POST":
        keys = frozenset(request.POST.getlist("key"))
        shown = [row for row in found if row.key in keys]
        good, bad = translating.take(language, part, shown, request.POST.dict())
        signed = () if nameless else read - {row.key for row in bad}
        if signed and part == translating.PAGES:
            translating.sign(language, [key for key in signed if key in keys], name, _today())
        elif signed and filters["file"] in translating.files(found):
            translating.sign_file(language, filters["file"], name, _today())
        _tell(request, part, len(good), len(signed))
        if not bad and not nameless:
            return redirect(request.get_full_path())
        page.object_list = shown
    beside = {row.key: row for row in translating.rows(other, part)} if other else {}
    context: dict[str, Any] = {
        "language": language,
        "way": languages.direction(language),
        "own": languages.own_name(language),
        "part": part,
        "parts": PARTS,
        "page": page,
        "rows": [translating.furnish(row, language, other, beside) for row in page.object_list],
        "filters": filters,
        "states": STATES,
        "files": translating.named(translating.files(found)) if part == translating.POLICY else [],
        "file": translating.in_words(filters["file"]),
        "other": other,
        "other_direction": languages.direction(other) if other else "",
        "others": [
            (tag, languages.own_name(tag)) for tag in translating.tongues() if tag != language
        ],
        "lead": translating.original(part),
        "lead_name": languages.own_name(translating.original(part)),
        "lead_direction": languages.direction(translating.original(part)),
        "bad": bad,
        "name": name,
        "nameless": nameless,
        "read": read,
    }
    status = UNPROCESSABLE if bad or nameless else 200
    return render(request, "staff/texts.html", context, status=status)


def _today() -> date:
    return timezone.localdate()


def _tell(request: HttpRequest, part: str, saved: int, signed: int) -> None:
    if saved:
        said = ngettext("%(n)s text saved.", "%(n)s texts saved.", saved) % {
            "n": numbers.written(saved)
        }
        when = (
            _("It is on the pages now.")
            if part == translating.PAGES
            else _("It takes effect with the next version of the policy.")
        )
        messages.success(request, languages.together(said, when))
    if signed:
        messages.success(request, _("Your name stands beside what you read."))


def _filtered(found: list[translating.Row], filters: dict[str, str]) -> list[translating.Row]:
    if filters["state"] in STATES:
        found = [row for row in found if row.state == filters["state"]]
    if filters["file"]:
        found = [row for row in found if row.key.partition(".")[0] == filters["file"]]
    if filters["q"]:
        found = [row for row in found if row.matches(filters["q"])]
    return found
