"""What an authority is given of a person, in its case: said, agreed to by another, handed over."""

from __future__ import annotations

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.staff import queries
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms.authorities import ScopeForm, SilenceForm
from plainview.domains.staff.models import Case, Change
from plainview.domains.staff.services import handing, silence
from plainview.domains.staff.services.silence import TooLong
from plainview.platform import languages
from plainview.platform.downloads import JSON, download
from plainview.platform.identifiers import number_in
from plainview.privacy.consent.questions import say
from plainview.privacy.disclosures import authorities
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.policies import in_force
from plainview.privacy.rights import wording

UNPROCESSABLE, SILENCE = 422, "silence"


@serves("account", source="staff", about="person")
@staff("privacy.requests", about="person")
def authority(request: HttpRequest, person: int) -> HttpResponse:
    """Says what the authority of a case is given, agrees as a second person, hands it over."""
    with entering("account", oneself=True):
        warrant = queries.warrant(staff=me(request), person=person)
    case = queries.asked_by_law(warrant.case, person) if warrant else None
    if case is None:
        messages.error(request, _("Only in the open case of an authority is anything handed over."))
        return redirect("desk-person-reason", person)
    if not authorities.kinds():
        messages.error(request, _("The policy names no authorities among its recipients."))
        return redirect("desk-person", person)
    act = request.POST.get("act")
    form = ScopeForm(request.POST if act == "scope" else None)
    sent = SilenceForm(request.POST if act == SILENCE else None)
    try:
        if request.method == "POST" and (done := _done(request, case, form, sent)):
            return done
    except handing.NeedsAnother:
        messages.error(request, _("A second person agrees to what you said yourself."))
    except handing.Changed:
        messages.error(request, _("Somebody changed it meanwhile. Look at it, and press again."))
    except handing.NotReady:
        messages.error(request, _("Two people have to say what is given first."))
    except TooLong:
        messages.error(request, _("Choose a day to come that is not too far from the case."))
    except handing.NothingThere:
        messages.error(request, _("Nothing of this is held of them. Nothing was handed over."))
    except handing.Unfounded as unfounded:
        form.is_valid()
        messages.error(request, str(unfounded))
    context = {
        "form": form,
        "silent": _silent(request, person, sent),
        "person": person,
        "warrant": warrant,
        "case": case,
        "ground": say(f"bases.{case.ground}") if case.ground else "",
        "kinds": "; ".join(wording.theirs(each) for each in case.scope.split()),
        "country": languages.spoken().territories.get(case.country, case.country),
        "handed": authorities.handed(person, case.number),
        **_standing(request, case),
    }
    status = UNPROCESSABLE if form.errors or sent.errors else 200
    return render(request, "staff/person_authority.html", context, status=status)


def _silent(request: HttpRequest, person: int, sent: SilenceForm) -> list[dict[str, object]]:
    """The cases that may not be told, each with its form, and what waits for a second person."""
    found: list[dict[str, object]] = []
    for case in queries.silent(person):
        mine = sent.is_bound and sent.data.get("case") == case.number
        form = sent if mine else SilenceForm(initial={"case": case.number})
        said = queries.silence_said(case) if case.silent_law else None
        own = said is not None and said.staff == me(request)
        found.append({"case": case, "form": form, "own": own, "said": said})
    return found


def _seen(request: HttpRequest) -> int:
    """What whoever agrees had before them, by the number of its row; 0 for none."""
    return number_in(request.POST.get("seen", "")) or 0


def _standing(request: HttpRequest, case: Case) -> dict[str, object]:
    """How far what is given has come: said, by whom, agreed to."""
    last = queries.handling(case)
    return {
        "said": last,
        "mine": last is not None and last.staff == me(request),
        "agreed": last is not None and last.what != Change.What.SCOPED,
    }


def _done(
    request: HttpRequest, case: Case, form: ScopeForm, silent: SilenceForm
) -> HttpResponse | None:
    """Do what was sent; None for a form with an error in it. Raises what `handing` does."""
    act = request.POST.get("act", "")
    if act == "scope":
        if not form.is_valid():
            return None
        handing.scope(staff=me(request), case=case, **form.cleaned_data)
        messages.success(request, _("A second person looks at it and agrees, or says otherwise."))
    elif act == "agree":
        handing.agree(staff=me(request), case=case, seen=_seen(request))
        messages.success(request, _("It can be handed over now."))
    elif act == SILENCE:
        if not silent.is_valid():
            return None
        said = silent.cleaned_data
        about = {"person": case.person, "number": said["case"]}
        silence.propose(staff=me(request), **about, until=said["until"], law=said["law"])
        messages.success(request, _("A second person looks at it and agrees, or says otherwise."))
    elif act == "unsilence":
        number = request.POST.get("case", "")
        silence.agree(staff=me(request), person=case.person, number=number, seen=_seen(request))
        messages.success(request, _("The day holds from now on."))
    elif act == "hand":
        return _file(case, handing.hand_over(staff=me(request), case=case))
    return redirect("desk-person-authority", case.person)


def _file(case: Case, data: dict[str, list[dict[str, object]]]) -> HttpResponse:
    """What is handed over, as a file: for whom, on which ground, and the data by kind."""
    about = {
        "service": in_force().controller.name,
        "made": timezone.now().isoformat(timespec="seconds"),
        "case": case.number,
        "authority": case.authority,
        "reference": case.reference,
        "ground": case.ground,
        "law": case.law,
        "first": case.first,
        "last": case.last,
        "data": data,
    }
    text = msgspec.json.format(msgspec.json.encode(about), indent=1)
    return download(f"case-{case.number}.json", text, JSON)
