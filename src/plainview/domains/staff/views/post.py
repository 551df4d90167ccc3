"""Letters to the privacy address that a person must read, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from plainview.domains.staff.access import look, me, staff
from plainview.domains.staff.forms.post import ADD, REQUEST, LetterForm
from plainview.domains.staff.forms.shared import form_page
from plainview.platform import languages
from plainview.privacy.gate import looks
from plainview.privacy.gate.doors import serves
from plainview.privacy.post import queries, services
from plainview.privacy.post.models import Letter
from plainview.privacy.requests import machine
from plainview.privacy.requests.models import Request

PAGE = 20
LISTS = ("post.received", "requests.rights")
UNREAD = "whom a letter is about, and what it asks for, is found out by reading it"
HANDLED = gettext_lazy("Somebody has dealt with this letter. Nothing was changed.")
STATES = (Letter.State.WAITING, Letter.State.REQUEST, Letter.State.ASIDE, Letter.State.AUTOMATIC)


def in_case(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives a view the letter of a key once the log says who reads it, and in which case.

    A letter that waits is the case, by its key; one that belongs to a request is read in that, and
    any other in a case about whoever it came from. Raises Http404 for a key of none.
    """

    @wraps(view)
    def opened(request: HttpRequest, key: str) -> HttpResponseBase:
        try:
            row = queries.one(key)
        except Letter.DoesNotExist:
            raise Http404("no such letter") from None
        if request.method == "POST" and row.state != Letter.State.WAITING:
            looks.leads_elsewhere()
            messages.warning(request, HANDLED)
            return redirect("desk-letters")
        case = row.key if row.state == Letter.State.WAITING else ""
        if row.request is not None and row.request.state not in machine.FINAL:
            case = row.request.number
        return look(request, row.subject, case) or view(request, row)

    return opened


@serves("rights", may=["account"], source="staff", everyone=UNREAD, lists=LISTS)
@staff("privacy.letters")
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The letters that wait, the oldest first; `?state=` shows others. It names no sender."""
    state = request.GET.get("state", "")
    state = state if state in STATES else Letter.State.WAITING
    page = Paginator(queries.letters(state), PAGE).get_page(request.GET.get("page"))
    states = [(each.value, each.label, each == state) for each in STATES]
    rows = [(row, languages.own_name(row.language) if row.language else "") for row in page]
    context = {"page": page, "rows": rows, "states": states}
    return render(request, "staff/letters.html", context)


@serves("rights", may=["account"], source="staff", everyone=UNREAD)
@staff("privacy.letters")
@in_case
def letter(request: HttpRequest, row: Letter) -> HttpResponse:
    """One letter: what it says, what is known of its sender, and what it is."""
    form = LetterForm(request.POST if request.method == "POST" else None, letter=row)
    if form.is_bound and form.is_valid():
        if _done(request, row, form):
            return redirect("desk-letters")
        form.add_error("number", _("There is no request of this number."))
    return form_page(request, "staff/letter.html", {"letter": row, "form": form})


@serves("rights", may=["account"], source="staff", everyone=UNREAD)
@staff("privacy.letters")
@require_safe
@in_case
def raw(request: HttpRequest, row: Letter) -> HttpResponseBase:
    """The letter as it came, for a mail program; no browser opens it."""
    if not row.file.name or not row.file.storage.exists(row.file.name):
        raise Http404("it has gone")
    answer = FileResponse(
        row.file.open(),
        as_attachment=True,
        filename=f"letter-{row.key}.eml",
        content_type="application/octet-stream",
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _done(request: HttpRequest, row: Letter, form: LetterForm) -> bool:
    """Do what the form says; False where it names a request that there is not."""
    given, staff_ = form.cleaned_data, me(request)
    try:
        if given["act"] == REQUEST:
            language = given["language"] or row.language
            made = services.make_request(
                row.key, kind=given["kind"], language=language, staff=staff_
            )
            said = _("It is the request %(number)s now.") % {"number": made.number}
        elif given["act"] == ADD:
            added = services.add_to(row.key, given["number"], staff=staff_)
            said = _("It belongs to the request %(number)s now.") % {"number": added.number}
        else:
            services.put_aside(row.key)
            said = _("Put aside. It goes in three months.")
    except Request.DoesNotExist:
        return False
    except services.Handled:
        messages.warning(request, HANDLED)
    else:
        messages.success(request, said)
    return True
