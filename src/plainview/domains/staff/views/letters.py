"""Letters at the desk: copyright notices, each with a decision that its sender is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plainview.domains.catalogue.models import Video
from plainview.domains.playback import queries as playback
from plainview.domains.staff import queries as looking
from plainview.domains.staff.access import look, me, staff
from plainview.domains.staff.forms.letters import OutcomeForm, SettleForm
from plainview.domains.staff.queries import at_work
from plainview.domains.support import queries, services
from plainview.domains.support.models import CopyrightNotice
from plainview.platform.languages import speaking
from plainview.privacy.gate.doors import serves
from plainview.privacy.oneself import OwnMatter, alone

PAGE = 40
UNPROCESSABLE, CONFLICT = 422, 409
REPORTED = "whoever moderates reads every notice; each is about who wrote it, and none by name"
State = CopyrightNotice.State


def in_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a view the notice of a number once the log says who looks, and in which case.

    A notice that is open, or by which something is down, is the case; one that is over is read in
    another case about whoever sent it. Whoever was writing as it ended gets back what they wrote.
    Raises Http404 for a number of none.
    """

    @wraps(view)
    def opened(request: HttpRequest, number: str) -> HttpResponse:
        row = get_object_or_404(queries.notices(), number=number)
        ended = row.settled_at if request.method == "POST" else None
        just_now = ended is not None and ended > timezone.now() - looking.OPEN_FOR
        is_open = row.state == State.OPEN or row.state in CopyrightNotice.STANDS or just_now
        return look(request, row.subject, row.number if is_open else "") or view(request, row)

    return opened


@serves(
    "moderation",
    may=["account"],
    source="staff",
    everyone=REPORTED,
    lists=["moderation.reports", "moderation.strikes"],
)
@staff("copyright.settle")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Every copyright notice, those to decide first, by number and title; none says who sent it."""
    page = Paginator(queries.listed_notices(), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    named = queries.named_in_each(["" if each.title else each.where for each in rows])
    context = {
        "page": page,
        "rows": [(each, each.title or title) for each, title in zip(rows, named, strict=True)],
        "closed": queries.of_many_strikes(),
    }
    return render(request, "staff/copyright.html", context)


@serves("moderation", may=["account"], source="staff", everyone=REPORTED)
@staff("copyright.settle")
@require_safe
@in_case
def notice(request: HttpRequest, row: CopyrightNotice) -> HttpResponse:
    """One notice: what it says, what came of it, and the decision."""
    return _shown(request, row, _form(row))


@serves("moderation", may=["account"], source="staff", everyone=REPORTED)
@staff("copyright.settle")
@require_POST
@in_case
def settle(request: HttpRequest, row: CopyrightNotice) -> HttpResponse:
    """Upholds or refuses a notice, for a reason that its sender reads."""
    form = SettleForm(request.POST)
    if row.state != State.OPEN:
        return _too_late(request, row, form)
    if not form.is_valid():
        return _shown(request, row, form, UNPROCESSABLE)
    given = form.decided()
    title = given["title"] or queries.named_in(row.where)
    about = services.concerned(row, title, given["video"], given["part"])
    try:
        if alone(me(request), about, at_work("copyright.settle")):
            given["reason"] = f"{given['reason']}\n\n{_by_themselves(row)}"
        services.settle_notice(row.number, staff=me(request), **given)
    except OwnMatter:
        return _own(request, row, form)
    except services.AlreadySettled:
        return _too_late(request, row, form)
    messages.success(request, _("Decided, and its sender is told."))
    return redirect("desk-copyright")


@serves("moderation", may=["account"], source="staff", everyone=REPORTED)
@staff("copyright.settle")
@require_POST
@in_case
def court(request: HttpRequest, row: CopyrightNotice) -> HttpResponse:
    """Enters what a court decided: what was taken down stays so, or is put back."""
    form = OutcomeForm(request.POST)
    if row.state != State.SUED:
        return _too_late(request, row, form)
    if not form.is_valid():
        return _shown(request, row, form, UNPROCESSABLE)
    given = form.cleaned_data
    video = Video.objects.filter(key=row.video).first()
    about = services.concerned(row, row.title, video, row.part)
    try:
        alone(me(request), about, at_work("copyright.settle"))
        stays = given["outcome"] == "stays"
        services.judge(row.number, staff=me(request), stays=stays, case=given["case"])
    except OwnMatter:
        return _own(request, row, form)
    except services.Passed:
        return _too_late(request, row, form)
    messages.success(request, _("Entered, and both sides are told."))
    return redirect("desk-copyright")


def _own(request: HttpRequest, row: CopyrightNotice, form: Form) -> HttpResponse:
    """The notice with what was written about it, for a colleague of whoever it is about."""
    form.add_error(
        None,
        _("You sent this notice, or it is about what you put on or wrote. A colleague decides it."),
    )
    return _shown(request, row, form, CONFLICT)


def _by_themselves(row: CopyrightNotice) -> str:
    """What both sides read where nobody else could decide, in the language of the notice."""
    with speaking(row.language):
        return _("Whoever decided this is concerned themselves: nobody else here decides notices.")


def _too_late(request: HttpRequest, row: CopyrightNotice, form: Form) -> HttpResponse:
    """The notice as it is now, with what was written about it and why nothing came of that."""
    form.add_error(None, _("Somebody has decided this notice. Nothing was changed."))
    return _shown(request, row, form, CONFLICT)


def _shown(
    request: HttpRequest, row: CopyrightNotice, form: Form | None, status: int = 200
) -> HttpResponse:
    counter = queries.counters([row.number]).get(row.number)
    title = row.title or queries.named_in(row.where)
    context = {
        "each": row,
        "form": form,
        "counter": counter,
        "named": title,
        "put_on_since": title is not None and playback.put_on_since(title, row.sent_at),
    }
    return render(request, "staff/copyright_notice.html", context, status=status)


def _form(row: CopyrightNotice) -> Form | None:
    """The form that decides an open notice, with the title whose address the claimant wrote.

    For one before a court, the form that says what it decided.
    """
    if row.state == State.SUED:
        return OutcomeForm()
    if row.state != State.OPEN:
        return None
    title = queries.named_in(row.where)
    return SettleForm(initial={"place": title.get_absolute_url() if title else ""})
