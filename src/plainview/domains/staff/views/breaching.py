"""Telling people of a breach: by letters to each of them, or to everybody on the site."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms import breaches as forms
from plainview.domains.staff.forms.shared import form_page, in_turn
from plainview.domains.staff.views.breaches import (
    REGISTER,
    added,
    by_our_clock,
    found,
)
from plainview.platform.identifiers import number_in
from plainview.privacy.breaches import letters as writing
from plainview.privacy.breaches import services, showing, wording
from plainview.privacy.breaches.queries import Case
from plainview.privacy.breaches.said import Hidden, Shown, Written
from plainview.privacy.gate.doors import serves

PAGE = 200


@serves(
    "account",
    source="staff",
    everyone=REGISTER,
    lists=["access.looks", "consent.choices"],  # counted, so that no row of any is shown
)
@staff("privacy.breaches")
@by_our_clock
@in_turn
def letters(request: HttpRequest, number: str) -> HttpResponse:
    """Writes to people: first it shows to how many, then it is sent."""
    case = found(number)
    if request.POST.get("act") == "go-on":
        line = number_in(request.POST.get("letters", ""))
        if line is not None and writing.go_on(case, line):
            messages.success(request, _("Done."))
        return redirect("desk-breach", number)
    form = forms.LettersForm(
        request.POST or None, initial=_begun(case) | {"places": list(case.facts.places)}
    )
    counted: int | None = None
    if request.method == "POST" and form.is_valid():
        places = tuple(form.cleaned_data["places"])
        counted = writing.concerned(places)
        said = Written(
            texts=form.texts(), places=places, people=counted, late=form.cleaned_data["late"]
        )
        try:
            services.check(case, said)
            _in_time(case, said)
            if request.POST.get("people") == str(counted) and counted:
                with transaction.atomic():
                    writing.begin(case, said, staff=me(request))
                messages.success(request, _("The letters are on their way."))
                return redirect("desk-breach", number)
        except services.Unfounded as error:
            forms.refused(form, error)
            counted = None
    context = {
        "case": case,
        "form": form,
        "counted": counted,
        "kinds": wording.categories(case.facts),
    }
    return form_page(request, "staff/breach_letters.html", context)


@serves("account", source="staff", everyone=REGISTER, lists=["access.looks"])
@staff("privacy.breaches")
@by_our_clock
@in_turn
def site(request: HttpRequest, number: str) -> HttpResponse:
    """Tells everybody on the site, or takes that off it again."""
    case = found(number)
    hides = case.shown is not None
    form = (
        forms.WordsForm(request.POST or None)
        if hides
        else forms.LettersForm(request.POST or None, places=False, initial=_begun(case))
    )
    if request.method == "POST" and form.is_valid():

        def write() -> None:
            if isinstance(form, forms.LettersForm):
                said = Shown(texts=form.texts(), late=form.cleaned_data["late"])
                _in_time(case, said)
                showing.show(case, said, staff=me(request))
            else:
                words = form.cleaned_data["words"]
                services.add(case, Hidden(why=words), staff=me(request))

        if added(request, form, write):
            return redirect("desk-breach", number)
    context = {"case": case, "form": form, "hides": hides}
    return form_page(request, "staff/breach_site.html", context)


@serves(
    "account",
    source="staff",
    everyone="whom no letter about a breach reached is still to be told, by the number alone",
    lists=["access.looks", "messages.service", "disclosures.ledger"],
)
@staff("privacy.breaches")
@by_our_clock
@require_safe
def unreached(request: HttpRequest, number: str) -> HttpResponse:
    """Whom the letters did not reach, as numbers of accounts: who opens one says why."""
    case = found(number)
    pages = Paginator(writing.unreached(case), PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "staff/breach_unreached.html", {"case": case, "page": page})


def _in_time(case: Case, said: Written | Shown) -> None:
    """Raises services.Unfounded where people should have been told, and nobody says why not."""
    places = said.places if isinstance(said, Written) else ()
    late = any(each.overdue and writing.covers(case, each, places) for each in case.deadlines)
    if late and not said.late.strip():
        raise services.Unfounded("late", _("It is late: the law asks for the reasons."))


def _begun(case: Case) -> dict[str, object]:
    """The words of the last letter; before the first, what the register knows in one language."""
    found = {}
    for tag, letter in case.letters.items():
        for part in forms.LettersForm.PARTS:
            found[f"{part}:{tag}"] = getattr(letter, part)
    return found
