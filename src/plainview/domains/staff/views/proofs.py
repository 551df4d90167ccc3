"""What an authority asks of the officer: one person's answers on a day, or a sample of all."""

from __future__ import annotations

import datetime as dt
import uuid

from csp.decorators import csp_update
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff import queries, services
from plainview.domains.staff.access import look, me, staff
from plainview.domains.staff.forms.proofs import ProofForm, SampleForm
from plainview.domains.staff.forms.shared import form_page
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.log.models import Head
from plainview.privacy.receipts import bundles, documents, inspecting, sampling
from plainview.privacy.receipts import queries as receipts
from plainview.privacy.receipts.sampling import Draw
from plainview.privacy.receipts.views import as_it_was, reading
from plainview.privacy.versions import then

ZIP = "application/zip"
FINDS = ("account", "contact.email", "consent.choices", "consent.proof")
LOOKED_FOR = "whose number this is, or whose receipt, is asked before anything of theirs is opened"
SAMPLED = "an authority asked for a sample of everybody's answers, in which nobody is named"


class Unknown(ValueError):
    """Nobody answers to what was given; the text says so to whoever asked."""


@serves("privacy-choices", may=["account"], source="staff", everyone=LOOKED_FOR, lists=FINDS)
@staff("privacy.proofs")
def proofs(request: HttpRequest) -> HttpResponse:
    """Finds whom an inspection is about: by address, number, or a receipt that somebody brought."""
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["receipt"]
        try:
            found = _brought(request, file) if file else _named(form.cleaned_data["who"].strip())
        except Unknown as unknown:
            form.add_error("receipt" if file else "who", str(unknown))
        else:
            day = form.cleaned_data["on"] or inspecting.today()
            where = reverse("desk-proofs-person", args=[found])
            return redirect(f"{where}?{urlencode({'on': day.isoformat()})}")
    return form_page(request, "staff/proofs.html", {"form": form})


def _named(who: str) -> int:
    """Whom an address, a number or the number of a receipt leads to. Raises Unknown."""
    found: int | None = None
    if who.isdecimal():
        number = number_in(who)
        found = number if number and _there(number) else None
    elif "@" in who:
        with entering("account"):
            found = accounts.account_at(who)
    else:
        found = receipts.whose(_number(who))
    if found is None:
        raise Unknown(_("Nobody answers to this. Look for a slip in it; whoever left is gone."))
    return found


def _there(number: int) -> bool:
    """Whether a number is a member's, or that of a device which answered."""
    if receipts.known(number):
        return True
    with entering("account"):
        return accounts.exists(number)


def _number(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Unknown(_("This is no address and no number. Look for a slip in it.")) from None


def _brought(request: HttpRequest, file: UploadedFile) -> int:
    """Whom a receipt is about that somebody brought, held against our own. Raises Unknown."""
    try:
        record = documents.record_in(file.read())
        key = _number(record["dct:identifier"])
    except (documents.NoReceipt, KeyError, TypeError):
        raise Unknown(_("This is no receipt of ours.")) from None
    found = receipts.whose(key)
    held = receipts.held(key)
    if found is None or held is None:
        raise Unknown(
            _(
                "Nothing here opens this receipt any more: its person has left, or it is not ours."
                " The file proves itself all the same; check it with plainview-verify."
            )
        )
    if held != record:
        raise Unknown(_("This is not what was recorded under its number: changed, or forged."))
    messages.success(request, _("What this receipt says is what we hold."))
    return found


@serves("privacy-choices", may=["account", "record-keeping"], source="staff", about="person")
@staff("privacy.proofs", about="person")
@require_safe
def person(request: HttpRequest, person: int) -> HttpResponse:
    """What somebody saw on a day, what they had said by then, signals heard, who was told."""
    day = _day(request.GET.get("on", ""))
    context = {
        "person": person,
        "warrant": queries.warrant(staff=me(request), person=person),
        "picture": inspecting.picture(person, day),
        "then": then.held(person, day),
        "today": inspecting.today(),
    }
    return render(request, "staff/proofs_person.html", context)


@serves("privacy-choices", may=["account"], source="staff", about="person")
@staff("privacy.proofs", about="person")
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def receipt(request: HttpRequest, person: int, key: uuid.UUID) -> HttpResponse:
    """One entry about somebody as its receipt says it."""
    found = receipts.written(person, str(key))
    if found is None:
        raise Http404("no such receipt of theirs")
    return render(request, "staff/proofs_receipt.html", {"person": person, **reading(found)})


@serves("privacy-choices", source="staff", about="person")
@staff("privacy.proofs", about="person")
@require_safe
def shown(request: HttpRequest, person: int, key: uuid.UUID) -> HttpResponse:
    """What somebody was shown, as it was."""
    found = receipts.shown_for(person, str(key))
    if found is None or not found.page:
        raise Http404("no such page is kept")
    return as_it_was(request, found)


@serves("privacy-choices", may=["account", "record-keeping"], source="staff", about="person")
@staff("privacy.proofs", about="person")
@require_POST
def bundle(request: HttpRequest, person: int) -> HttpResponseBase:
    """All of it as a bundle that verifies without us, for the authority that asked."""
    picture = inspecting.picture(person, _day(request.POST.get("on", "")))
    warrant = queries.warrant(staff=me(request), person=person)
    made = bundles.of_person(person, picture, sampling.latest(), warrant.reason if warrant else "")
    name = f"bundle-{picture.day}.zip"
    return FileResponse(made, as_attachment=True, filename=name, content_type=ZIP)


@serves("privacy-choices", may=["account"], source="staff", everyone=SAMPLED)
@staff("privacy.proofs")
def samples(request: HttpRequest) -> HttpResponseBase:
    """Draws an authority's sample from the log, by what they stated; names nobody."""
    head = sampling.latest()
    form = SampleForm(request.POST or None, initial={"size": head.size})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = sampling.head_of(given["size"])
        start, end = sampling.stretch(given["first"], given["last"], told) if told else (0, 0)
        if told is None:
            form.add_error("size", _("No head of this size was ever signed."))
        elif start >= end:
            form.add_error("last", _("Under this head the log has no entries from these days."))
        else:
            return _sampled(request, Draw(given["seed"], start, end, given["count"]), told, form)
    return form_page(request, "staff/samples.html", {"form": form, "head": head})


def _sampled(request: HttpRequest, draw: Draw, head: Head, form: SampleForm) -> FileResponse:
    given = form.cleaned_data
    drawn = sampling.sample(draw, head)
    with entering("account"):
        people = [entry.subject for entry in drawn.entries]
        why = {name: given[name] for name in ("authority", "reference", "reason")}
        opened = services.open_sample(staff=me(request), people=people, **why)
    for person, case in opened.items():
        look(request, person, case)
    made = bundles.of_sample(drawn, ", ".join(why.values()))
    name = f"sample-{given['first']}-{given['last']}.zip"
    return FileResponse(made, as_attachment=True, filename=name, content_type=ZIP)


def _day(text: str) -> dt.date:
    """A day of an address, or today: of one that is to come nothing is known."""
    try:
        return min(dt.date.fromisoformat(text), inspecting.today())
    except ValueError:
        return inspecting.today()
