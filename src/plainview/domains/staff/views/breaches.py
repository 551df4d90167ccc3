"""The register of breaches at the desk: what is known, by when who is told, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms import breaches as forms
from plainview.domains.staff.forms.shared import form_page, in_turn
from plainview.platform.downloads import download
from plainview.privacy.breaches import document, letters, queries, services, wording
from plainview.privacy.breaches.due import Deadline
from plainview.privacy.breaches.queries import Case
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.places import calendars
from plainview.privacy.policies import in_force
from plainview.privacy.record.writing import to_html

REGISTER = "the register names nobody; who of the staff wrote in it stands beside each entry"
ACTS: dict[str, tuple[type[forms.ActForm], Any]] = {
    "told": (forms.ToldForm, gettext_lazy("It was told")),
    "spared": (forms.SparedForm, gettext_lazy("It need not be told")),
    "note": (forms.WordsForm, gettext_lazy("Add a note")),
    "close": (forms.ClosedForm, gettext_lazy("Close it")),
    "open": (forms.OpenedForm, gettext_lazy("Take it up again")),
}
View = Callable[..., HttpResponse]


def by_our_clock(view: View) -> View:
    """Moments are written and read by the clock of whoever answers for the service."""

    @wraps(view)
    def shown(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        with timezone.override(ZoneInfo(calendars.controllers(in_force()).zone)):
            return view(request, *given, **named)

    return shown


def found(number: str) -> Case:
    """A breach of the register. Raises Http404."""
    case = queries.case(number)
    if case is None:
        raise Http404("no such breach")
    return case


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    """Every breach, the open ones by what is due first."""
    rows = [(case, _next(case)) for case in queries.cases()]
    return render(request, "staff/breaches.html", {"rows": rows})


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
def enter(request: HttpRequest) -> HttpResponse:
    """Enters a breach; the clocks run from when somebody became aware."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = forms.FactsForm(request.POST or None, initial={"aware": now})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                breach = services.enter(form.stated(), staff=me(request))
        except services.Unfounded as error:
            forms.refused(form, error)
        else:
            messages.success(request, _("It is in the register, and the clocks run."))
            return redirect("desk-breach", breach.number)
    return _facts(request, form, None)


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@require_safe
def breach(request: HttpRequest, number: str) -> HttpResponse:
    """One breach: its clocks, what is known, and all that was written of it."""
    case = found(number)
    authors = queries.authors(case.entries)
    names = accounts.colleagues(set(authors.values()))
    context = {
        "case": case,
        "facts": [each for each in wording.known(case.facts) if each[1]],
        "deadlines": [_shown(case, each) for each in case.deadlines],
        "entries": [
            (each.row, wording.entry(each.said), names.get(authors.get(each.row.seq, 0), ""))
            for each in reversed(case.entries)
        ],
        "mailings": [(each, letters.failed(each.pk)) for each in queries.mailings(case)],
        "zone": timezone.get_current_timezone_name(),
        "service": queries.by_service(case.entries),
    }
    return render(request, "staff/breach.html", context)


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@in_turn
def facts(request: HttpRequest, number: str) -> HttpResponse:
    """Says anew what is known; what was said before stays in the register."""
    case = found(number)
    form = forms.FactsForm(request.POST or None, initial=forms.initial(case.facts))
    if request.method == "POST" and form.is_valid():
        said = form.stated()
        if said == case.facts:
            messages.info(request, _("Nothing is different."))
            return redirect("desk-breach", number)
        if added(request, form, lambda: services.add(case, said, staff=me(request))):
            return redirect("desk-breach", number)
    return _facts(request, form, case)


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@in_turn
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One act: a duty was done or does not hold, a note, closed, taken up again."""
    case = found(number)
    if act not in ACTS:
        raise Http404("no such act")
    kind, words = ACTS[act]
    key = request.POST.get("duty") or request.GET.get("duty", "")
    duty = next((each for each in case.deadlines if each.key == key), None)
    if act in ("told", "spared") and duty is None:
        raise Http404("no such duty")
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = kind(request.POST or None, initial={"duty": key, "at": now})
    if request.method == "POST" and form.is_valid():
        said = form.said()
        if added(request, form, lambda: services.add(case, said, staff=me(request))):
            return redirect("desk-breach", number)
    context = {
        "case": case,
        "form": form,
        "words": words,
        "deadline": None if duty is None else _shown(case, duty),
    }
    return form_page(request, "staff/breach_act.html", context)


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """What an authority's form asks for, to read and to print."""
    case = found(number)
    return render(
        request, "staff/breach_notice.html", {"case": case, "sheet": document.notice(case)}
    )


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a file."""
    case = found(number)
    sheet = to_html(document.notice(case), questions.language())
    return download(f"breach-{case.breach.number}.html", sheet, "text/html; charset=utf-8")


def added(request: HttpRequest, form: Any, write: Callable[[], object]) -> bool:
    """Whether `write` wrote an entry, whole; else the form says what is unfounded."""
    try:
        with transaction.atomic():
            write()
    except services.Unfounded as error:
        forms.refused(form, error)
        return False
    messages.success(request, _("It is in the register."))
    return True


def _facts(request: HttpRequest, form: forms.FactsForm, case: Case | None) -> HttpResponse:
    context = {
        "form": form,
        "case": case,
        "clashes": form.clashes,
        "zone": timezone.get_current_timezone_name(),
    }
    return form_page(request, "staff/breach_facts.html", context)


def _next(case: Case) -> dict[str, Any] | None:
    return _shown(case, case.undone[0]) if case.undone else None


def _shown(case: Case, each: Deadline) -> dict[str, Any]:
    """A duty as a page has it; `spent` is how much of its time is over, in hundredths."""
    label, kind = wording.states()[each.state]
    due, begun, spent = each.clock.due, each.begun, None
    if due and begun and each.open:
        spent = min(100, max(0, round((case.now - begun) / (due - begun) * 100)))
    return {
        "each": each,
        "duty": wording.duty(each.clock.duty),
        "place": wording.place(each.law),
        "law": wording.law_of(each.clock),
        "state": label,
        "kind": kind,
        "spent": spent,
        "spared": wording.spared(each.spared) if each.spared else "",
    }
