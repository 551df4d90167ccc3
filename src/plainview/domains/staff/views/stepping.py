"""One step of a request at the officer's desk: its form, what is read first, and the step taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms.casework import OUTGOING, STEPS, Fact, StepForm
from plainview.domains.staff.forms.shared import UNPROCESSABLE
from plainview.domains.staff.queries import at_work
from plainview.domains.staff.views import children, complaints, refusals
from plainview.domains.staff.views.cases import DESK, steps_of, told
from plainview.domains.staff.views.looking import ONE, in_case
from plainview.platform import languages
from plainview.platform.languages import reading
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.requests import (
    answers,
    disputing,
    letters,
    minors,
    oversight,
    queries,
    services,
)
from plainview.privacy.requests.models import Request

CONFLICT = 409


@serves("rights", may=["account", "authentication"], source="staff", everyone=ONE)
@staff(DESK)
@in_case
def step(request: HttpRequest, row: Request, step: str) -> HttpResponse:
    """Takes one step. What is mailed can be read first, as it will be read."""
    if step not in STEPS:
        raise Http404("no such step")
    form = _form(request, row, step)
    if request.method != "POST":
        with entering("account"):
            desk = at_work(DESK)
        own = oversight.own(row, me(request), desk)
        if step not in steps_of(row, me(request), desk, own):
            messages.warning(request, refusals.MOVED_ON)
            return redirect("desk-request", row.number)
        return _page(request, row, step, form)
    valid, preview = form.is_valid(), request.POST.get("act") == "preview"
    if preview or not valid:
        status = 200 if valid or not form.is_bound else UNPROCESSABLE
        return _page(request, row, step, form, preview=preview, status=status)
    if not _take(request, row, step, form):
        return _page(request, row, step, form, status=CONFLICT)
    messages.success(request, _("Done."))
    if queries.is_over(row.pk):  # the case is, and with it the ground to look
        return redirect("desk-requests")
    return redirect("desk-request", row.number)


def _form(request: HttpRequest, row: Request, step: str) -> StepForm:
    with entering("account"):
        colleagues = list(at_work(DESK).items())
    form = StepForm(
        request.POST if request.POST.get("act") in ("take", "preview") else None,
        step=step,
        kind=row.kind,
        language=row.language,
        colleagues=colleagues,
        proved=bool(row.proof),
        member=row.member,
        says_itself=oversight.says_itself(row),
        fact=_fact(row),
        disputable=disputing.choices(row.subject)
        if step == "sort" and row.kind == disputing.CORRECT and row.member
        else None,
        whole=oversight.whole(row),
        suspended=complaints.suspension(row) is not None,
        initial={"seq": row.seq, "officer": me(request)},
    )
    if not form.is_bound:
        _go_on(request, row, form)
    return form


def _go_on(request: HttpRequest, row: Request, form: StepForm) -> None:
    """Keep what was typed where somebody takes a text to begin with, and add that text to it."""
    typed = {name: request.POST[name] for name in ({*form.fields} - {"seq"}) & {*request.POST}}
    begun, said = _begun(row, request.POST.get("template", "")), typed.get("said", "").strip()
    form.initial.update(typed, said=said if begun in said else f"{said}\n\n{begun}".strip())
    if begun and "said" in form.fields:
        form.begin(request.POST["template"])


def _begun(row: Request, key: str) -> str:
    """The text of a template, with what is known of the request filled in; "" for no template."""
    if key not in {each.key for each in answers.TEMPLATES}:
        return ""
    with languages.speaking(row.language):
        until = questions.dated(row.extend_to) if row.extend_to else ""
        return answers.begun(key, row.language, number=row.number, until=until)


def _page(
    request: HttpRequest,
    row: Request,
    step: str,
    form: StepForm,
    *,
    preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    said, outgoing = form.typed("said"), step in OUTGOING
    context = told(request, row) | {
        "step": step,
        "words": STEPS[step][0],
        "form": form,
        "outgoing": outgoing,
        "read_first": preview and outgoing,
        "as_read": said,
        "unreached": outgoing and not letters.reaches(row),
        "says_itself": step in oversight.ENDS and oversight.says_itself(row),
        "reading": reading.read(said, row.language) if said and outgoing else None,
        "erases": oversight.erases(row) and step in oversight.ENDS,
        "templates": answers.fitting(step, row.kind),
    }
    return render(request, "staff/request_step.html", context, status=status)


def _take(request: HttpRequest, row: Request, step: str, form: StepForm) -> bool:
    """Take the step; False with the reason in the form, at its field, if it can't be taken."""
    values, officer = form.cleaned_data, me(request)
    changes, reason = _changed(row, step, form)
    if form.errors:
        return False
    with entering("account"):
        desk = at_work(DESK)
    said, opens = values.get("said", ""), complaints.opens(row, step, values.get("suspended", ""))
    try:
        with transaction.atomic():
            children.decide(row, step, reason, staff=officer)
            oversight.move(
                row.pk,
                step,
                staff=officer,
                desk=desk,
                seq=values["seq"],
                reason=reason,
                said=said if opens is None else complaints.words(row, said),
                note=values.get("note", ""),
                changes=changes,
                change=form.change(),
                disputed=values.get("disputed", "") if reason == disputing.CORRECT else "",
            )
            children.settle(row, step, changes, staff=officer)
            if opens is not None:
                complaints.open_again(row, opens, staff=officer)
    except services.InHand as held:
        form.add_error(None, refusals.in_hand(held))
    except services.Overtaken:
        form.seen_again(queries.timeline(row.pk)[-1].seq)
        overtaken = _(
            "A colleague moved this request meanwhile. Read what happened, then send yours again"
            " if it still fits; nothing you wrote is lost."
        )
        form.add_error(None, overtaken)
    except tuple(refusals.REFUSALS) as refused:
        form.add_error(*refusals.refusal(refused, form.fields))
    if form.errors:
        return False
    if "officer" in values and values["officer"] != officer:
        services.let_go(row.pk, officer)
    return True


def _changed(row: Request, step: str, form: StepForm) -> tuple[dict[str, Any], str]:
    """What the form changes of a request, and the reason of the step; errors go into the form."""
    values = form.cleaned_data
    changes: dict[str, Any] = {
        each: values[each] for each in ("kind", "officer", "proof") if each in values
    }
    reason: str = values.get("outcome") or values.get("ground") or ""
    reason = values.get("proof", values.get("kind", reason))
    if step == "answer":
        changes["ground"] = values["ground"] if values["outcome"] == "partly" else ""
    whose = "child" if values.get("kind") == minors.MINOR else "account"
    if typed := values.get(whose, ""):
        with entering("account"):
            account = accounts.account_known_as(typed)
        if account is None:
            unknown = _("Nobody has this address or number. Look for a slip in it.")
            form.add_error(whose, unknown)
        changes |= {"subject": account, "member": True}
    changes |= children.beside(row, changes)
    if "other" in values:
        other = queries.by_number(values["other"])
        if other is None or (unfit := refusals.not_joined(row, other)):
            form.add_error("other", unfit if other else refusals.NO_OTHER)
        else:
            changes["joined_to_id"], reason = other.pk, other.number
    return changes, reason


def _fact(row: Request) -> Fact | None:
    """The disputed fact, as an officer can put it right here."""
    matter = disputing.of(row) if row.kind == disputing.CORRECT and row.member else None
    if matter is None or matter.about != disputing.FACT:
        return None
    if matter.entry and disputing.now(matter, row.subject) is None:
        return Fact({}, removable=False)
    fields = disputing.fields(matter, row.subject)
    return Fact(fields, disputing.removable(matter, row.subject), not matter.entry)
