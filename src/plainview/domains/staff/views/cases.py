"""One request at the officer's desk: what happened, what is next, and the steps that can be taken.

Nothing of a case is shown before the accountability log says who looked. What whoever asked wrote
stands here while the case is open, and no longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff.access import for_oneself, me, staff
from plainview.domains.staff.forms.casework import OUTGOING, STEPS, RedactForm
from plainview.domains.staff.forms.shared import form_page
from plainview.domains.staff.queries import at_work
from plainview.domains.staff.views import complaints, refusals
from plainview.domains.staff.views.looking import ONE, in_case
from plainview.domains.staff.views.replacing import may_replace
from plainview.platform import languages
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.places.territories import territory_name
from plainview.privacy.post import queries as post
from plainview.privacy.requests import (
    acting,
    allowance,
    carrying,
    disputing,
    machine,
    minors,
    oversight,
    queries,
    queue,
    reviewing,
    scanning,
    services,
    wording,
)
from plainview.privacy.requests.models import Channel, Event, Proof, Request, Restricts
from plainview.privacy.requests.redaction import redact

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAIN = ("settle", "begin", "resume", "answer")
"""The steps that bring a request on: they come first."""
OFTEN = ("acknowledge", "sort", "ask", "extend", "by-hand", "refuse", "write")
"""The steps that are seen at once; the others are a click away."""
DESK = "privacy.requests"
OWN: dict[str, StrOrPromise] = {
    "assign": gettext_lazy("Given to somebody"),
    "by-hand": gettext_lazy("Kept from being done by itself"),
    "escalate": gettext_lazy("Due soon, and told so"),
    "note": gettext_lazy("A note"),
}


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff(DESK)
@in_case
def case(request: HttpRequest, row: Request) -> HttpResponse:
    """One request: how it stands, its timeline, and what can be done."""
    context = told(request, row) | {
        "after": queue.following(row.number, staff=me(request)),
        "itself_at": carrying.itself_at(row),
        "may_replace": may_replace(row),
    }
    steps = context["steps"]
    context["steps"] = [each for names in (MAIN, OFTEN) for each in steps if each[0] in names]
    context["rarer"] = [each for each in steps if each not in context["steps"]]
    return render(request, "staff/request.html", context)


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff(DESK)
@require_POST
@in_case
def hand(request: HttpRequest, row: Request) -> HttpResponse:
    """Takes a request in hand, or puts it back for a colleague."""
    if request.POST.get("act") == "back":
        services.let_go(row.pk, me(request))
    else:
        try:
            services.take(row.pk, me(request))
        except services.InHand as held:
            messages.warning(request, refusals.in_hand(held))
    return redirect("desk-request", row.number)


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff(DESK)
@in_case
def redaction(request: HttpRequest, row: Request) -> HttpResponse:
    """A text without what is somebody else's, before it is sent on."""
    sent, begun = request.POST.get("act") == "redact", {"text": request.POST.get("text", "")}
    form = RedactForm(request.POST if sent else None, initial=begun)
    result = None
    if form.is_valid():
        result = redact(form.cleaned_data["text"], form.cleaned_data["words"].splitlines())
    with entering("account"):
        desk = at_work(DESK)
    own = oversight.own(row, me(request), desk)
    possible = steps_of(row, me(request), desk, own)
    context = {
        "row": row,
        "form": form,
        "result": result,
        "onward": [(each, STEPS[each][0]) for each in possible if each in OUTGOING],
    }
    return form_page(request, "staff/request_redact.html", context)


@serves("rights", may=["account"], source="staff", everyone=ONE)
@staff(DESK)
@require_POST
@in_case
def word(request: HttpRequest, row: Request) -> HttpResponse:
    """Carries out what nobody has to prove, by the word of whoever wrote (11 CCR 7026(d))."""
    try:
        services.take_word(row.pk, staff=me(request))
    except services.InHand as held:
        messages.warning(request, refusals.in_hand(held))
    except services.Impossible:
        messages.warning(request, refusals.MOVED_ON)
    else:
        messages.success(request, _("It holds from now on, and they were told."))
    return redirect("desk-request", row.number)


def told(request: HttpRequest, row: Request) -> dict[str, Any]:
    """What a page about a case shows."""
    events = queries.timeline(row.pk)
    held = oversight.held(row.pk)
    with entering("account"):
        people = {each.staff for each in events} | {row.officer, held.staff if held else None}
        names = accounts.colleagues({each for each in people if each})
        address = accounts.address_of(row.subject) if row.member and row.open else ""
        desk = at_work(DESK)
    own = oversight.own(row, me(request), desk)
    outcome, ground = wording.decided(row)
    readable, child = row.state not in machine.FINAL, minors.closed(row)
    return {
        "row": row,
        "letters": post.of_request(row.pk) if readable else [],
        "kind": wording.kind(row.kind),
        "channel": Channel(row.channel).label,
        "proof": Proof(row.proof).label if row.proof else "",
        "language": languages.own_name(row.language),
        "way": languages.direction(row.language),
        "place": territory_name(row.place) if row.place else "",
        "residence": territory_name(row.residence) if row.residence else "",
        "address": (not child and address) or (row.contact if readable else ""),
        "child": address if child else "",
        "opens": bool(address) and _opens(request, row, "people.open"),
        "holds": row.member and _opens(request, row, DESK),
        "agent": row.agent if readable else "",
        "next": wording.following(row),
        "close_by": not child and minors.awaited(row),
        "mandates": acting.shown(row) if readable and row.agent else [],
        "acts_there": acting.THERE[acting.there(row)] if row.agent else "",
        "restricts": Restricts(row.restricts).label if row.restricts else "",
        "named": wording.named(row),
        "beyond": allowance.beyond(row) if row.open else None,
        "erasing": queries.erasing(row),
        "appealable": wording.may_appeal(row),
        "outcome": outcome,
        "ground": ground,
        "authorities": wording.authorities(row),
        "timeline": [
            (each, _did(each), names.get(each.staff or 0, ""), _noted(each)) for each in events
        ],
        "readable": readable,
        "officer": names.get(row.officer or 0, ""),
        "held": held,
        "unproved": services.unproved(row),
        "settles": oversight.settles(row, me(request), desk),
        "own": own,
        "mine": held is not None and held.staff == me(request),
        "holder": names.get(held.staff, "") if held else "",
        "steps": [(each, STEPS[each][0]) for each in steps_of(row, me(request), desk, own)],
        **complaints.about(row),
        **_matter(row, me(request), desk),
    }


def _opens(request: HttpRequest, row: Request, permission: str) -> bool:
    """Whether a page about who asked opens to the officer: not about themselves, to a colleague."""
    with entering("account"):
        return permission in request.may and for_oneself(request, row.subject, permission)  # type: ignore[attr-defined]


def _matter(row: Request, officer: int, desk: dict[int, str]) -> dict[str, Any]:
    """The fact or the decision that a request is about: as it was, as it is now, and who got it."""
    matter = disputing.of(row)
    if matter is None or row.state in machine.FINAL:
        return {}
    now, same = disputing.now(matter, row.subject), disputing.as_it_stood(matter, row)
    return {
        "matter": disputing.told(matter, same),
        "now": None if same else now,
        "gone": matter.about == disputing.FACT and bool(matter.entry) and now is None,
        "stands": now and disputing.stands(matter, row.subject),
        "becomes": reviewing.becomes(row),
        "holders": disputing.holders(matter, row.subject),
        "own_rule": row.open and officer in reviewing.owners(row),
        "reviewers": [desk[each] for each in oversight.reviewers(row, desk) or ()],
    }


def _noted(event: Event) -> str:
    """What the desk noted; what a search found in words."""
    return scanning.in_words(event.note) if event.reason == scanning.SCANNED else event.note


def _did(event: Event) -> str:
    """A step in words: as whoever asked reads it, but for what is the desk's own."""
    if event.step == "note" and event.reason == scanning.SCANNED:
        return _("Where something of them was found")
    return str(wording.STEPS.get(event.step) or OWN.get(event.step, event.step))


def steps_of(row: Request, officer: int, desk: dict[int, str], own: list[str] | None) -> list[str]:
    """The steps of the table that make sense now, in the order of the forms."""
    possible = set(oversight.steps(row, officer, desk, own))
    return [each for each in STEPS if each in possible]
