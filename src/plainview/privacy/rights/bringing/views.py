"""The door where somebody brings what they took elsewhere (P5.2.1.8a)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _

from plainview.platform import languages
from plainview.platform.storage.bodies import takes
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.people import there_still
from plainview.privacy.rights import wording
from plainview.privacy.rights.bringing import arriving, reading, services
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.bringing.writing import Outcome
from plainview.privacy.visitors import visitor_of

State = Bringing.State
TAKE = "take"
ACTS: dict[str, Callable[[int], object]] = {"on": services.go_on, "drop": services.drop}


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of data of a copy, and what became of it, in sentences."""

    what: str
    sentences: tuple[str, ...]


@serves("rights", may=["account"], source="import")
@takes(reading.LONGEST_FILE)
@same_origin_post
def bring(request: HttpRequest) -> HttpResponseBase:
    """Take in a copy from another Plainview, say how far it is and what became of each kind."""
    account = visitor_of(request).account
    if account is None:
        return redirect_to_login(request.get_full_path())
    problem = ""
    if request.method == "POST":
        there_still(request)
        problem = _act(request, account)
        if not problem:
            return HttpResponseRedirect(request.path)
    row = services.of(account)
    state = row.state if row is not None else ""
    broke = row is not None and state == State.ARRIVING and not row.secret
    return render(
        request,
        "privacy/rights/bring.html",
        {
            "problem": problem or (_why(row) if row and (broke or state == State.REFUSED) else ""),
            "row": row,
            "reading": state == State.READING,
            "invited": state == State.INVITED,
            "arriving": state == State.ARRIVING and not broke,
            "code": arriving.invitation(row).code if row and state == State.INVITED else "",
            "possible": arriving.possible(),
            "failed": state == State.FAILED,
            "told": [_told(each, request) for each in services.outcomes(row)]
            if row and state == State.DONE
            else [],
            "twice": row.rows * 2 if row else 0,
        },
        status=422 if problem else 200,
    )


def _act(request: HttpRequest, account: int) -> str:
    """Do what the button says, and nothing that another field could; what is wrong, in words."""
    act = request.POST.get("act", "")
    if act == "invite" and arriving.possible():
        arriving.invite(account)
    if act in ACTS:
        ACTS[act](account)
    if act != TAKE:
        return ""
    file = request.FILES.get("copy")
    if file is None:
        return _("Choose the file that you saved at the other service.")
    try:
        services.take(file, file.size or 0, account)
    except reading.TooMuch:
        return _too_much()
    return ""


def _why(row: Bringing) -> str:
    if row.problem == services.TOO_MUCH:
        return _too_much()
    if row.state == State.ARRIVING:
        return _("We were interrupted while we took your copy in. Please send it once more.")
    return _(
        "This is not a copy that we can read, or it was damaged. Nothing was taken over. "
        "Save it once more there, and send the zip as it is."
    )


def _too_much() -> str:
    return _(
        "This copy holds more than we take at once (%(rows)s rows, %(size)s MB). "
        "Nothing was taken over."
    ) % {"rows": formats.number_format(reading.MOST_ROWS), "size": reading.LONGEST_FILE >> 20}


def _told(outcome: Outcome, request: HttpRequest) -> Told:
    kinds = languages.listed(wording.category(each) for each in outcome.categories)
    return Told(kinds or outcome.name, tuple(_sentences(outcome, request)))


def _sentences(outcome: Outcome, request: HttpRequest) -> list[str]:
    if not outcome.taken:
        return [_("Not taken over: it belongs to the other service, or you give it here anew.")]
    closed = []
    if outcome.refused:
        because = visitor_of(request).explain(outcome.refused).because
        closed = [_("Not taken over, since it is not permitted here."), because]
    counted = (
        (outcome.written, _("Entries taken over: %(n)s.")),
        (outcome.there, _("Entries that were here already: %(n)s.")),
        (outcome.unknown, _("Entries about something not in the programme here: %(n)s.")),
    )
    said = [words % {"n": formats.number_format(n)} for n, words in counted if n]
    return closed + said or [_("Nothing of it was in the copy.")]
