"""The policy's versions at the desk: what the next one changes, who releases it, and from when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as accounts
from plainview.domains.staff.access import me, staff
from plainview.domains.staff.forms.shared import form_page
from plainview.domains.staff.forms.versions import EffectiveForm, LensForm
from plainview.privacy.gate.doors import serves
from plainview.privacy.versions import comparing, drafts, queries, services
from plainview.privacy.versions.models import Version

EVERYBODY = "the officer sees who of the staff released a version, and figures over everybody"
LISTS = ("access.looks", "contact.email")
PAGE = 40


@serves("account", source="staff", everyone=EVERYBODY, lists=LISTS)
@staff("privacy.versions")
def versions(request: HttpRequest) -> HttpResponse:
    """What is in force, what is about to be, and everything that was."""
    context = {
        "current": queries.current(),
        "waiting": [(each, len(queries.releasers(each))) for each in queries.waiting()],
        "page": Paginator(queries.published(), PAGE).get_page(request.GET.get("page")),
        "needed": services.PEOPLE,
        "drafts": drafts.every(),
    }
    return render(request, "staff/versions.html", context)


@serves("account", source="staff", everyone=EVERYBODY, lists=LISTS)
@staff("privacy.versions")
def version(request: HttpRequest, name: str) -> HttpResponse:
    """What a version changes, for whom, and its release; `?against=` compares with another."""
    shown = _named(name)
    form = EffectiveForm(
        request.POST if request.POST.get("act") == "schedule" else None,
        initial={"effective": timezone.localtime(shown.effective)},
    )
    if request.method == "POST":
        done = _acted(request, shown, form)
        if done is not None:
            return done
    other = _named(request.GET["against"]) if "against" in request.GET else queries.before(shown)
    lens = LensForm(request.GET if "presence" in request.GET else None)
    people = queries.releasers(shown)
    names = accounts.colleagues(set(people))
    context: dict[str, Any] = {
        "version": shown,
        "against": other,
        "others": [each for each in queries.published() if each != shown],
        "form": form,
        "lens": lens,
        "released": [(names.get(who, ""), at) for who, at in people.items()],
        "mine": me(request) in people,
        "needed": services.PEOPLE,
        "is_draft": shown.state == Version.State.DRAFT,
        "due": shown.effective <= timezone.now(),
        "waits": shown.state in (Version.State.DRAFT, Version.State.RELEASED),
        "current": queries.current(),
    }
    if other is not None:
        context["differences"] = comparing.said(other, shown)
        context["clauses"] = comparing.clauses(other, shown)
        if context["waits"]:
            context["counted"] = comparing.counted(other, shown)
        if lens.is_bound:
            context["turns"] = comparing.turns(other, shown, lens.lens())
    return form_page(request, "staff/version.html", context)


def _acted(request: HttpRequest, shown: Version, form: EffectiveForm) -> HttpResponse | None:
    """What was asked for, done; None where the form has faults to show."""
    act = request.POST.get("act", "")
    try:
        if act == "schedule":
            if not form.is_valid():
                return None
            services.schedule(shown, form.cleaned_data["effective"])
        elif act == "release":
            services.release(shown, staff=me(request), seen=request.POST.get("seen", ""))
        elif act == "withdraw":
            services.withdraw(shown)
            messages.success(request, _("It is withdrawn. Nothing was changed."))
            return redirect("desk-versions")
        elif act == "restore":
            shown = services.restore(shown)
            messages.success(request, _("It waits as a draft; two people release it."))
        else:
            raise Http404
    except services.NotPossible as fault:
        if act == "schedule":
            form.add_error("effective", str(fault))
            return None
        messages.error(request, _("That could not be done. It may have been taken up already."))
    except services.Faulty as faulty:
        messages.error(request, "\n".join(map(str, faulty.problems)))
    return redirect("desk-version", name=shown.name)


def _named(name: str) -> Version:
    try:
        return queries.named(name)
    except Version.DoesNotExist:
        raise Http404 from None
