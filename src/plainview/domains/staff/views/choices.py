"""Entering what somebody told us of their choices by telephone or letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plainview.domains.staff import queries, services
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms import ChoicesForm
from plainview.domains.staff.forms.shared import form_page
from plainview.domains.staff.models import Change
from plainview.privacy.consent import by_hand, questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering


@serves("privacy-choices", may=["account"], source="staff", about="person")
@staff("people.choices", about="person")
def choices(request: HttpRequest, person: int) -> HttpResponse:
    """What they refuse or allow, when and by which way they said so (P3.1.2e).

    The page does not show what they chose before: it is not needed to enter what they said.
    """
    offered = [
        (each.id, questions.say(f"purposes.{each.id}.name")) for each in by_hand.offered(person)
    ]
    form = ChoicesForm(request.POST or None, offered=offered, entered=_entered(person))
    if request.method == "POST" and form.is_valid() and _enter(request, person, form):
        return redirect("desk-person", person)
    with entering("account", oneself=True):
        warrant = queries.warrant(staff=me(request), person=person)
    context = {"form": form, "person": person, "warrant": warrant}
    return form_page(request, "staff/choices.html", context)


def _entered(person: int) -> list[tuple[str, str]]:
    """What the staff entered for them, by way and day: enough to name what was entered wrongly."""
    ways = dict(Change.Channel.choices)
    return [
        (each.key, f"{ways[each.via]}, {questions.dated(each.on)}")
        for each in by_hand.entries(person)
    ]


def _enter(request: HttpRequest, person: int, form: ChoicesForm) -> bool:
    """Enter it; False with the reason in the form."""
    values = form.cleaned_data
    try:
        with entering("account"):
            outcome = services.enter_choices(
                staff=me(request),
                person=person,
                said=form.said(),
                channel=values["channel"],
                said_on=values["said_on"],
                reason=values["reason"],
                corrects=values.get("corrects", ""),
            )
    except by_hand.Lapsed:
        words = _("A yes of that day has lapsed by the law. Enter the rest, and ask them anew.")
        form.add_error("said_on", words)
        return False
    except by_hand.NotTheirs:
        form.add_error(
            None,
            _(
                "A yes to something that a signal or an opt-out closed takes two steps, and one to"
                " a reward its terms, which only they can take. Enter the rest, and tell them"
                " where."
            ),
        )
        return False
    messages.success(request, _("Entered. They are told by mail what was entered."))
    if outcome.stood:
        words = ngettext(
            "They answered %(count)s of these later themselves: that stands.",
            "They answered %(count)s of these later themselves: those answers stand.",
            len(outcome.stood),
        )
        messages.info(request, words % {"count": len(outcome.stood)})
    return True
