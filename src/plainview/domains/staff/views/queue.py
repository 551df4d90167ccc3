"""The officer's queue of requests: what is due, finding one, and what is safe to do with many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms.casework import FindRequestForm, rights
from plainview.domains.staff.forms.shared import form_page
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.places.territories import territory_name
from plainview.privacy.requests import clock, numbers, queue, services
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import Channel, Event, Request

if TYPE_CHECKING:
    from datetime import date

    from django_stubs_ext import StrOrPromise

LISTS = ("requests.rights",)
WRITES = (*LISTS, "requests.letters")
"""That it came is mailed to whoever asked; the page that follows shows none of it."""
FINDS = (*WRITES, "account", "contact.email")
"""An exact address is compared; a list of requests without names is what is shown."""
ALL = "the officer sees what is due to anybody who asked, and no name of theirs in the list"
MANY = 100
"""So many can be ticked at once: two pages."""
BULK = ("assign", "acknowledge")
"""What is safe to do with many: neither tells anybody anything of what is held."""


class Line(NamedTuple):
    """A row in words."""

    row: queue.Row
    kind: str
    state: StrOrPromise
    channel: StrOrPromise
    place: str
    officer: str
    late: bool
    soon: bool


@serves("rights", may=["account"], source="staff", everyone=ALL, lists=LISTS)
@staff("privacy.requests")
def requests(request: HttpRequest) -> HttpResponse:
    """What is open, by the day on which the next thing is due; `?after=` goes on."""
    asked = request.GET
    filters = queue.Filters(*(asked.get(name, "")[:40] for name in queue.Filters._fields))
    found = queue.page(filters, staff=me(request), after=asked.get("after", "")[:40])
    today = clock.today()
    chosen = {name: value for name, value in filters._asdict().items() if value}
    context = {
        "lines": told(found.rows, today),
        "after": urlencode(chosen | {"after": found.after}) if found.after else "",
        "filters": filters,
        "filtered": bool(chosen),
        "figures": queue.figures(staff=me(request), today=today),
        "states": [(each.value, each.label) for each in queue.STATES],
        "kinds": [*rights(), (queue.UNSORTED, _("Not sorted yet"))],
        "places": [(each, territory_name(each)) for each in queue.places()],
        "form": FindRequestForm(),
    }
    return render(request, "staff/requests.html", context)


@serves("rights", may=["account"], source="staff", everyone=ALL, lists=FINDS)
@staff("privacy.requests")
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """To a request by its number; by an exact address to the open ones of a person, if any."""
    form = FindRequestForm(request.POST)
    lines: list[Line] = []
    if form.is_valid():
        what = form.cleaned_data["what"].strip()
        number = numbers.read(what)
        if number and queue.of_numbers([number]):
            return redirect("desk-request", number)
        lines = told(_open_of(what), clock.today()) if "@" in what else []
        if not lines:
            words = _(
                "Nothing that is open has this number or address. Closed requests open by number"
                " alone."
            )
            form.add_error("what", words)
    return form_page(request, "staff/requests_found.html", {"form": form, "lines": lines})


def _open_of(address: str) -> list[queue.Row]:
    """The open requests of whoever has an address; without one nothing is told of them."""
    with entering("account"):
        account = accounts.account_at(address)
    mine = queue.open_about(account) if account is not None else []
    seen = {each.id for each in mine}
    return mine + [each for each in queue.open_from(address) if each.id not in seen]


@serves("rights", may=["account"], source="staff", everyone=ALL, lists=WRITES)
@staff("privacy.requests")
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Takes what is ticked for oneself, or says of it that it came; what can't be is told."""
    ticked = request.POST.getlist("number")[:MANY]
    step = request.POST.get("act", "")
    if step not in BULK or not ticked:
        messages.warning(request, _("Tick at least one request, then choose what to do."))
        return redirect("desk-requests")
    done = sum(_do(row, step, me(request)) for row in queue.of_numbers(ticked))
    if done:
        words = ngettext("Done with %(count)s request.", "Done with %(count)s requests.", done)
        messages.success(request, words % {"count": done})
    if left := len(set(ticked)) - done:
        words = ngettext(
            "%(count)s request was left as it was: somebody has it in hand, or it is past that.",
            "%(count)s requests were left as they were: somebody has them in hand, or they are past"
            " that.",
            left,
        )
        messages.info(request, words % {"count": left})
    return redirect("desk-requests")


def _do(row: queue.Row, step: str, officer: int) -> bool:
    """Take a safe step on one of many, and put it back; False if it can't be taken."""
    if step == "acknowledge" and row.acknowledged_at is not None:
        return False
    try:
        changes = {"officer": officer} if step == "assign" else None
        services.move(row.id, step, by=Event.By.OFFICER, staff=officer, changes=changes)
    except (services.InHand, services.Overtaken, services.Impossible, Request.DoesNotExist):
        return False
    services.let_go(row.id, officer)
    return True


def told(rows: Iterable[queue.Row], today: date) -> list[Line]:
    """Rows in words. Belongs behind a door that may enter `account`."""
    found = list(rows)
    with entering("account"):
        names = accounts.colleagues({each.officer for each in found if each.officer})
    words = dict(rights())
    return [
        Line(
            row=each,
            kind=words.get(each.kind, each.kind) or _("Not sorted yet"),
            state=State(each.state).label,
            channel=Channel(each.channel).label,
            place=territory_name(each.residence or each.place),
            officer=names.get(each.officer or 0, ""),
            late=each.next_on < today,
            soon=each.escalated_at is not None,
        )
        for each in found
    ]
