"""Pages about people: opening one for a reason, roles, and what a person reads of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.models import Role, User
from plainview.domains.accounts.services import (
    IsStaff,
    LastAdministrator,
    NoSuchAccount,
    Unconfirmed,
)
from plainview.domains.staff import queries, services
from plainview.domains.staff.access import for_oneself, me, staff, to_colleague
from plainview.domains.staff.forms import CaseForm, FindForm, RoleForm, StateForm
from plainview.domains.staff.forms.shared import form_page
from plainview.domains.staff.models import Look
from plainview.domains.staff.permissions import permitted
from plainview.platform.identifiers import number_in
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.scope import entering
from plainview.privacy.requests import oversight

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

PAGE = 40


class Rows(NamedTuple):
    """Rows of one's own page of looks, by `?of=`; all but the first are of the staff's own work."""

    of: str
    words: StrOrPromise
    rows: Callable[[int], QuerySet[Any]]


OPENS = {
    "people.help": {Look.Kind.HELP, Look.Kind.REPORT, Look.Kind.SECURITY},
    "privacy.requests": {Look.Kind.RIGHTS, Look.Kind.LAW},
}
"""On which grounds a case is opened, by who may."""
WHOSE = (
    Rows("", gettext_lazy("Who looked"), queries.told_of),
    Rows("mine", gettext_lazy("When you opened somebody"), queries.looks_by),
    Rows("changed", gettext_lazy("What you changed for others"), queries.changes_by),
)
RECENT = 10


@serves(
    "account",
    source="staff",
    everyone="who has exactly this address or number is asked before anything of theirs is opened",
    lists=["account", "contact.email", "access.looks", "access.changes"],
)
@staff("people.open")
def people(request: HttpRequest) -> HttpResponse:
    """Finds one person by exact address or number, posted, and leads to where the reason is."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = accounts.account_known_as(form.cleaned_data["who"])
        if found is not None:
            return redirect("desk-person-reason", found)
        form.add_error("who", _("Nobody has this address or number. Look for a slip in it."))
    looks = queries.looks_by(me(request))[: RECENT + 1]
    waiting = queries.proposals() if "people.delete" in request.may else []  # type: ignore[attr-defined]
    context = {
        "form": form,
        "looks": looks[:RECENT],
        "more": len(looks) > RECENT,
        "waiting": waiting,
        "to_agree": queries.to_agree(me(request)) if "privacy.requests" in request.may else [],  # type: ignore[attr-defined]
    }
    return form_page(request, "staff/people.html", context)


@serves("account", source="staff")
@staff("people.open")
def reason(request: HttpRequest, person: int) -> HttpResponse:
    """Looks at a person in an open case about them, or opens one: a ground and a line (P2.1.6a)."""
    grounds = _grounds(request, person)
    if not grounds:
        return to_colleague(request, "people.open")
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    if asked in ("look", "close"):
        return _in_case(request, person, asked, grounds)
    form = CaseForm(request.POST or None, only=grounds - {Look.Kind.RIGHTS})
    if request.method == "POST" and form.is_valid():
        services.open_case(staff=me(request), person=person, **form.cleaned_data)
        return redirect(_onward(request) or reverse("desk-person", args=[person]))
    context = {
        "form": form,
        "person": person,
        "minutes": int(queries.OPEN_FOR.total_seconds() // 60),
        "cases": [each for each in queries.cases(person=person) if each.kind in grounds],
        "requests": oversight.numbers_of(person) if Look.Kind.RIGHTS in grounds else [],
    }
    return form_page(request, "staff/reason.html", context)


def _grounds(request: HttpRequest, person: int) -> set[str]:
    """On which grounds this member of the staff sees somebody, and themselves if nobody else can.

    That a colleague could open what is about them keeps it closed.
    """
    found: set[str] = set()
    for permission, kinds in OPENS.items():
        held = permission in request.may  # type: ignore[attr-defined]
        if held and for_oneself(request, person, permission):
            found |= kinds
    return found


def _in_case(request: HttpRequest, person: int, act: str, grounds: set[str]) -> HttpResponse:
    """Look at a person in one of their open cases, or end that."""
    number = request.POST.get("case", "")
    case = next((each for each in queries.cases(person=person) if each.number == number), None)
    if case is not None and case.kind in grounds:
        if act == "close":
            services.close_case(number=number, person=person)
            messages.success(request, _("The case is closed. Nobody looks at them in it any more."))
            return redirect("desk-people")
        kind, why = case.kind, case.reason
    elif Look.Kind.RIGHTS in grounds and oversight.is_ground(number, person) and act == "look":
        kind, why = Look.Kind.RIGHTS, _("Your request %(number)s") % {"number": number}
    else:
        messages.error(request, _("This case is over. Open another one, if you need it."))
        return redirect(request.get_full_path())
    services.look(staff=me(request), person=person, kind=kind, case=number, reason=why)
    return redirect(_onward(request) or reverse("desk-person", args=[person]))


def _onward(request: HttpRequest) -> str:
    """The page of ours that asked for the reason, or nothing."""
    onward = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    return onward if here and onward.startswith("/") else ""


@serves("account", may=["authentication", "contribute"], source="staff", about="person")
@staff("people.open", about="person")
def person(request: HttpRequest, person: int) -> HttpResponse:
    """How somebody's account stands."""
    return _shown(request, person, StateForm())


@serves("account", may=["authentication", "contribute"], source="staff", about="person")
@staff("people.suspend", about="person")
def state(request: HttpRequest, person: int) -> HttpResponse:
    """Suspends an account or opens it again, for a reason (post only)."""
    form = StateForm(request.POST)
    if request.method != "POST":
        return redirect("desk-person", person)
    if form.is_valid():
        why = form.cleaned_data["reason"]
        try:
            if request.POST.get("act") == "reopen":
                services.reopen(staff=me(request), person=person, reason=why)
                messages.success(request, _("The account is open again."))
            else:
                services.suspend(staff=me(request), person=person, reason=why)
                messages.success(request, _("The account is suspended and signed out everywhere."))
            return redirect("desk-person", person)
        except services.DecidedElsewhere as decided:
            words = _(
                "This account is closed for the request %(number)s. To open the account, refuse"
                " that request."
            )
            form.add_error(None, words % {"number": decided.args[0]})
        except IsStaff:
            form.add_error(
                None, _("This account has a role. An administrator takes the role first.")
            )
    return _shown(request, person, form)


@serves("account", source="staff", about="person")
@staff("people.delete", about="person")
def deletion(request: HttpRequest, person: int) -> HttpResponse:
    """Proposes to delete an account that nobody asked to delete; a second person decides."""
    form = StateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report = _deleted(request, person, form)
        if report is not None:
            return redirect("desk-people")
    proposed = queries.proposal(person)
    with entering("account", oneself=True):
        warrant = queries.warrant(staff=me(request), person=person)
    context = {
        "person": person,
        "form": form,
        "proposed": proposed,
        "mine": proposed is not None and proposed.staff == me(request),
        "days": queries.PROPOSAL_LASTS.days,
        "warrant": warrant,
    }
    return form_page(request, "staff/deletion.html", context)


def _deleted(request: HttpRequest, person: int, form: StateForm) -> str | None:
    """Do what the form asks; None with the reason in the form if it can't be done."""
    act, why = request.POST.get("act"), form.cleaned_data["reason"]
    try:
        if act == "propose":
            services.propose_deletion(staff=me(request), person=person, reason=why)
            messages.success(request, _("Proposed. A second person decides within two weeks."))
            return ""
        seen = (number_in(request.POST.get("seen", "")) or 0) if act == "delete" else None
        key = services.settle_deletion(staff=me(request), person=person, reason=why, seen=seen)
    except IsStaff:
        form.add_error(None, _("This account has a role. An administrator takes the role first."))
    except services.NeedsAnother:
        form.add_error(None, _("Deleting what nobody asked to delete takes a second person."))
    except services.Hindered as hindered:
        form.add_error(None, str(hindered))
    except (services.NoProposal, services.NobodyThere, NoSuchAccount):
        form.add_error(None, _("This is settled already, or was proposed too long ago."))
    else:
        done = _("The account is closed, and what is held is being deleted.")
        messages.success(request, done if act == "delete" else _("Nothing is deleted."))
        return key
    return None


def _shown(request: HttpRequest, person: int, form: StateForm) -> HttpResponse:
    portrait = queries.portrait(person)
    if portrait is None:
        raise Http404("no such account")
    warrant = queries.warrant(staff=me(request), person=person)
    law = warrant is not None and queries.asked_by_law(warrant.case, person) is not None
    of_request = warrant is not None and oversight.is_ground(warrant.case, person)
    context = {
        "person": person,
        "portrait": portrait,
        "warrant": warrant,
        "of_request": of_request and "privacy.requests" in request.may,  # type: ignore[attr-defined]
        "law": law and "privacy.requests" in request.may,  # type: ignore[attr-defined]
        "form": form,
    }
    return form_page(request, "staff/person.html", context)


@serves(
    "account",
    source="staff",
    everyone="it keeps the list of everybody who is staff",
    lists=["account", "contact.email", "account.state", "access.changes"],
)
@staff("people.manage-roles")
def roles(request: HttpRequest) -> HttpResponse:
    """Who is staff, and a form that gives a role or takes it."""
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _change(request, form):
        return redirect(_where_next(request, form))
    given = request.GET.get("of") == "given"
    rows = queries.role_changes() if given else accounts.staff()
    page: Page[Any] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "of_given": given}
    context["rows"] = queries.roles_given(page) if given else page
    return form_page(request, "staff/roles.html", context)


def _change(request: HttpRequest, form: RoleForm) -> bool:
    """Give or take the role; False with the reason in the form."""
    role = Role(form.cleaned_data["role"])
    account = accounts.account_at(form.cleaned_data["email"])
    act = services.take_role if request.POST.get("act") == "take" else services.give_role
    try:
        if account is None:
            raise NoSuchAccount
        act(staff=me(request), person=account, role=role)
    except NoSuchAccount:
        form.add_error("email", _("Nobody has an account with this address. They register first."))
        return False
    except Unconfirmed:
        said = _("Nobody has confirmed this address. They open the link in our letter first.")
        form.add_error("email", said)
        return False
    except LastAdministrator:
        form.add_error(
            None,
            _(
                "There is no other administrator, so nobody could give roles any more."
                " Make somebody else one first."
            ),
        )
        return False
    messages.success(request, _("Done. It counts from their next page on."))
    return True


def _where_next(request: HttpRequest, form: RoleForm) -> str:
    """The roles; for whoever has just taken that page away from themselves, what they have left."""
    left = cast(User, request.user).held_roles
    own = accounts.account_at(form.cleaned_data["email"]) == me(request)
    if own and request.POST.get("act") == "take":
        left -= {Role(form.cleaned_data["role"])}
    if "people.manage-roles" in permitted(left):
        return request.get_full_path()
    return reverse("desk" if left else "home")


@serves("account", source="use")
@login_required
@never_cache
def looks(request: HttpRequest) -> HttpResponse:
    """When and why the staff opened one's data, and what they changed (P2.1.6a)."""
    mine, of = me(request), request.GET.get("of", "")
    whose = {each.of: each for each in WHOSE} if request.user.is_staff else {}
    shown = whose.get(of, WHOSE[0])
    page = Paginator(shown.rows(mine), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "shown": shown, "whose": whose.values()}
    if shown is WHOSE[0]:
        context["changes"] = queries.told_changes(mine)
        context["asked"] = queries.asked_of(mine)
    return render(request, "staff/looks.html", context)
