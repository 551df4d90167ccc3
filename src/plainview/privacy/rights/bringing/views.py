"""The door where somebody brings what they took elsewhere (P5.2.1.8a)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from plainview.platform import languages
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.rights import wording
from plainview.privacy.rights.bringing import reading, services
from plainview.privacy.rights.bringing.services import PURPOSES, Outcome
from plainview.privacy.rights.doorway import visitor_of


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of data of a copy, and what became of it, in sentences."""

    what: str
    sentences: tuple[str, ...]


@serves("rights", may=list(PURPOSES), source="import")
@never_cache
@same_origin_post
def bring(request: HttpRequest) -> HttpResponseBase:
    """Take in a copy from another Plainview, and say of each kind what became of it."""
    visitor = visitor_of(request)
    if visitor.account is None:
        return redirect("account_login")
    if request.method != "POST":
        return render(request, "privacy/rights/bring.html")
    problem, told = "", []
    file = request.FILES.get("copy")
    if file is None:
        problem = _("Choose the file that you saved at the other service.")
    else:
        try:
            found = services.bring(file, file.size or 0, visitor.account, visitor.permits)
            told = [_told(each, request) for each in found]
        except reading.NotACopy:
            problem = _(
                "This is not a copy that we can read, or it was damaged. Nothing was taken over. "
                "Save it once more there, and send the zip as it is."
            )
        except reading.TooMuch:
            problem = _(
                "This copy holds more than we take at once (%(rows)s rows, %(size)s MB). "
                "Nothing was taken over."
            ) % {"rows": reading.MOST_ROWS, "size": reading.LONGEST_FILE >> 20}
    return render(
        request,
        "privacy/rights/bring.html",
        {"problem": problem, "told": told},
        status=422 if problem else 200,
    )


def _told(outcome: Outcome, request: HttpRequest) -> Told:
    kinds = languages.listed(wording.category(each) for each in outcome.categories)
    return Told(kinds or outcome.name, tuple(_sentences(outcome, request)))


def _sentences(outcome: Outcome, request: HttpRequest) -> list[str]:
    if not outcome.taken:
        return [_("Not taken over: it belongs to the other service, or you give it here anew.")]
    if outcome.refused:
        because = visitor_of(request).explain(outcome.refused).because
        return [_("Not taken over, since it is not permitted here."), because]
    counted = (
        (outcome.written, _("Entries taken over: %(n)s.")),
        (outcome.there, _("Entries that were here already: %(n)s.")),
        (outcome.unknown, _("Entries about something not in the programme here: %(n)s.")),
    )
    said = [words % {"n": formats.number_format(n)} for n, words in counted if n]
    return said or [_("Nothing of it was in the copy.")]
