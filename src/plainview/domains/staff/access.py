"""Who may sit at the desk, and with what in hand: a role, a second factor, a reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from plainview.domains.accounts.models import Role, User
from plainview.domains.staff import queries
from plainview.domains.staff.navigation import navigation
from plainview.domains.staff.permissions import PERMISSIONS, permitted
from plainview.domains.support import queries as letters
from plainview.privacy import oneself
from plainview.privacy.gate import looks
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.scope import entering
from plainview.privacy.log import accounting

View = Callable[..., HttpResponseBase]
ATTRIBUTE = "desk_permission"
FACTOR = "mfa"


def staff(permission: str, *, about: str = "") -> Callable[[View], View]:
    """Opens a view to staff who have `permission` and gave a second factor in this session.

    Strangers are asked to sign in and members find nothing here; staff without the permission are
    told which role has it. `about` names the keyword of a view about one person, who stays closed
    but in an open case about them; what is about oneself is a colleague's (`for_oneself`). Raises
    KeyError for a permission that is not declared.
    """
    needed = PERMISSIONS[permission]

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.is_staff:
                raise Http404("the desk is for staff")
            if not factor_given(request):
                return _ask_for_factor(request)
            request.may = permitted(request.user.held_roles)  # type: ignore[attr-defined]
            request.desk = navigation(request.path, request.may)  # type: ignore[attr-defined]
            if permission not in request.may:  # type: ignore[attr-defined]
                context = {
                    "needed": needed.words,
                    "roles": [role.label for role in Role if role in needed.roles],
                }
                return render(request, "staff/forbidden.html", context, status=403)
            looks.watch(request.scope_of_door.life.door)  # type: ignore[attr-defined]
            if about and not for_oneself(request, kwargs[about], permission):
                return to_colleague(request, permission)
            found = queries.warrant(staff=me(request), person=kwargs[about]) if about else None
            if about and not found:
                return to_case(request, kwargs[about])
            _answered_for(request, kwargs.get("person"), found)
            return view(request, *args, **kwargs)

        setattr(guarded, ATTRIBUTE, permission)
        return never_cache(guarded)

    return declare


def for_oneself(request: HttpRequest, person: int, permission: str) -> bool:
    """Whether what `permission` opens about somebody is for whoever is at the door, by whom it is.

    It always is about somebody else; about themselves only where nobody else there has it.
    """
    return person != me(request) or not _colleagues(request, permission)


def to_colleague(request: HttpRequest, permission: str) -> HttpResponse:
    """Says that what was asked is about whoever asked, and which colleagues can do it."""
    looks.leads_elsewhere()
    others = _colleagues(request, permission)
    context = {"needed": PERMISSIONS[permission].words, "others": others}
    return render(request, "staff/own.html", context, status=403)


def _colleagues(request: HttpRequest, permission: str) -> list[str]:
    """The addresses of those besides whoever asks who have a permission."""
    there, own = queries.at_work(permission), me(request)
    others = oneself.others(own, {own}, there) or ()
    return [there[account] for account in there if account in others]


def may(request: HttpRequest, permission: str) -> bool:
    """Whether whoever asks has `permission` and gave a second factor."""
    user = request.user
    if not user.is_authenticated or not factor_given(request):
        return False
    return permission in permitted(user.held_roles)


def warranted(request: HttpRequest, person: int) -> str:
    """In which case this request may be about `person`; "" in none. Asks all that `staff` does."""
    if not may(request, "people.open"):
        return ""
    found = queries.warrant(staff=me(request), person=person)
    return found.case if found is not None else ""


def look(request: HttpRequest, person: int, case: str = "") -> HttpResponse | None:
    """Record a look at somebody in the `case` that led here, which is open and about them.

    Where that is over (`""`) it takes another open case about the same person; without one, the
    way to where it is opened is returned, and nothing may be shown.
    """
    if not case:
        found = queries.warrant(staff=me(request), person=person)
        if found is None:
            looks.leads_elsewhere()
            return to_case(request, person)
        case = found.case
    door = request.scope_of_door.life.door  # type: ignore[attr-defined]
    accounting.staff_sees(request, door, person, case)
    return None


def factor_given(request: HttpRequest) -> bool:
    """Whether the person at the door gave a second factor in this session."""
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == FACTOR for each in records)


def me(request: HttpRequest) -> int:
    """The account at the door, which is signed in."""
    return cast(User, request.user).pk


def uploads_closed(request: HttpRequest) -> bool:
    """Whether whoever is at the door has so many open strikes that they put on no films."""
    with entering("moderation"):
        return letters.uploads_closed(me(request))


def to_case(request: HttpRequest, person: int) -> HttpResponse:
    """To where a case about somebody is opened, and on to what was asked for."""
    asks = reverse("desk-person-reason", args=[person])
    onward = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{asks}?{urlencode(onward)}" if onward else asks)


def _answered_for(request: HttpRequest, person: int | None, found: queries.Warrant | None) -> None:
    """Record a form sent at the desk, or a list of people opened, before anything is done.

    `found` is in which case they look at the person, where the view asked for one.
    """
    door = request.scope_of_door.life.door  # type: ignore[attr-defined]
    if request.method == "POST" or door.everyone:
        if person and not found:
            found = queries.warrant(staff=me(request), person=person)
        untold = queries.untold(number=found.case, person=person) if found and person else None
        accounting.desk_acts(me(request), door, str(request.method), person, untold)


def _ask_for_factor(request: HttpRequest) -> HttpResponse:
    """To where the second factor is given, or set up if there is none."""
    where = urlencode({"next": request.get_full_path()})
    if has_factor(account=me(request)):
        return redirect(f"{reverse('mfa_reauthenticate')}?{where}")
    messages.info(request, _("The desk opens with a second factor. Set one up here first."))
    return redirect("mfa_index")


@runs("authentication", source="use", about="account")
def has_factor(*, account: int) -> bool:
    """Whether an account has a second factor."""
    return Authenticator.objects.filter(user_id=account).exists()


def count_first_factor(
    sender: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever has just shown that a first factor works need not show it again.

    A further one proves nothing: whoever adds it gave, or still has to give, the one before.
    """
    others = Authenticator.objects.filter(user_id=user.pk).exclude(pk=authenticator.pk)
    recovery = Authenticator.Type.RECOVERY_CODES
    if authenticator.type == recovery or others.exclude(type=recovery).exists():
        return
    record_authentication(request, user, FACTOR, id=authenticator.pk, type=authenticator.type)
