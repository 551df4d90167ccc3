"""Entering what somebody asked by letter or telephone: it becomes a request like any other."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.staff.access import look, me, staff
from plainview.domains.staff.forms.entering import EnterForm
from plainview.domains.staff.forms.shared import form_page
from plainview.privacy.gate.doors import serves
from plainview.privacy.requests import services
from plainview.privacy.requests.models import Channel

LISTS = ("requests.rights",)
ALL = "who wrote or called need have no account, and is known by what they said"


@serves("rights", may=["account", "privacy-choices"], source="staff", everyone=ALL, lists=LISTS)
@staff("privacy.requests")
def enter(request: HttpRequest) -> HttpResponse:
    """What was asked, how it came and on which day: its days count from then (P5.2a)."""
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = services.file(_asked(form, me(request)))
        look(request, row.subject, row.number)  # what was entered is the case that comes next
        messages.success(request, _("Entered as %(number)s.") % {"number": row.number})
        return redirect("desk-request", (row.joined_to or row).number)
    return form_page(request, "staff/request_enter.html", {"form": form})


def _asked(form: EnterForm, staff: int) -> services.Asked:
    said = form.cleaned_data
    day: dt.date = said["received_on"]
    noon = timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
    return services.Asked(
        kind=said["kind"],
        channel=Channel(said["channel"]),
        language=said["language"],
        words=said["words"],
        contact=said["contact"],
        residence=said["residence"],
        agent=said["agent"],
        mandate=said["mandate"],
        restricts=said["restricts"],
        purposes=said["purposes"],
        at=min(noon, timezone.now()),
        staff=staff,
    )
