"""Another address in the place of a lost one: the desk saw who asks, and nothing holds at once."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plainview.domains.accounts.queries import changing
from plainview.domains.accounts.services import IsStaff, NoSuchAccount, addresses
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms.replacing import ReplaceForm
from plainview.domains.staff.views import refusals
from plainview.domains.staff.views.looking import ONE, in_case
from plainview.platform.languages import dates, speaking
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.requests import disputing, services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Event, Request


def may_replace(row: Request) -> bool:
    """Whether a request is at the point where another address can take the place of a lost one."""
    begun = row.state in (State.WORKING, State.PAUSED)
    return begun and row.member and row.kind == disputing.CORRECT


@serves("rights", may=["account", "authentication"], source="staff", everyone=ONE)
@staff("privacy.requests")
@in_case
def replace(request: HttpRequest, row: Request) -> HttpResponse:
    """Says that somebody showed who they are, and which address is theirs now (P1.1.1b).

    Both ends are written to, and for a while the old one can stop it.
    """
    if not may_replace(row):
        messages.warning(request, refusals.MOVED_ON)
        return redirect("desk-request", row.number)
    form = ReplaceForm(request.POST or None, initial={"address": row.contact})
    if form.is_valid() and _replaced(request, row, form):
        messages.success(request, _("Both addresses were written to."))
        return redirect("desk-request", row.number)
    status = 422 if form.is_bound else 200
    return render(request, "staff/request_address.html", {"row": row, "form": form}, status=status)


def _replaced(request: HttpRequest, row: Request, form: ReplaceForm) -> bool:
    """Whether it was begun; else the reason stands in the form."""
    said, officer = form.cleaned_data, me(request)
    try:
        with transaction.atomic():
            services.take(row.pk, officer)
            with entering("authentication"):
                waiting = addresses.replace_lost(row.subject, said["address"], request=row.number)
                until = changing.last_day(waiting.since)
            with speaking(row.language):
                words = _(
                    "You sign in with the new address after %(day)s, if you confirm it and the old"
                    " one does not stop it."
                ) % {"day": dates.written(until)}
            how = {"reason": said["proof"], "said": words, "note": said["note"]}
            how["changes"] = {"lost": True}
            services.move(row.pk, "act", by=Event.By.OFFICER, staff=officer, **how)
    except addresses.AddressTaken:
        form.add_error("address", _("An account has this address, or had it until lately."))
    except IsStaff:
        form.add_error(None, refusals.REFUSALS[IsStaff])
    except services.InHand as held:
        form.add_error(None, refusals.in_hand(held))
    except (NoSuchAccount, services.Impossible, services.Overtaken):
        form.add_error(None, refusals.MOVED_ON)
    return not form.errors
