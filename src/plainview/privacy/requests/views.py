"""Asking, with an account or without, and following what was asked; all of it without script."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plainview.privacy.consent import cookie
from plainview.privacy.gate.doors import serves
from plainview.privacy.gate.identity import identifying
from plainview.privacy.origin import same_origin_post
from plainview.privacy.places.territories import territory_name
from plainview.privacy.policies import in_force
from plainview.privacy.requests import (
    acting,
    allowance,
    carrying,
    clock,
    copying,
    disputing,
    moving,
    numbers,
    queries,
    receipt,
    refusing,
    services,
    wording,
)
from plainview.privacy.requests import forms as asking
from plainview.privacy.requests.forms import (
    AskForm,
    MemberForm,
    PublicForm,
    SayForm,
    ShowForm,
)
from plainview.privacy.requests.models import RESTRICT, Channel, Proof, Request, Restricts
from plainview.privacy.requests.services import Asked
from plainview.privacy.rights.copies import telling
from plainview.privacy.rights.copies.views import handed
from plainview.privacy.visitors import Visitor, visitor_of

UNPROCESSABLE, TOO_MANY = 422, 429
FOLLOWS = "whoever holds the secret of a request may follow it, signed in or not"
ANYBODY = "whoever asks needs no account; what they send is about themselves or whom they act for"
METHODS = ["GET", "HEAD", "POST"]
ANOTHER = "another"
TOO_OFTEN = gettext_lazy(
    "That was many letters in an hour. What you typed is still here; send it later."
)


@serves("rights", may=["account"], source="form", everyone=ANYBODY)
@same_origin_post
@require_http_methods(METHODS)
def public(request: HttpRequest, american: bool = False) -> HttpResponse:
    """The form that needs neither account nor script (P5.2a), and its American door (P5.2b).

    Whoever is signed in is led to their own, but with `?for=another`, by which they ask for
    somebody else (P5.2d). What was typed before they signed in is taken all the same.
    """
    visitor = visitor_of(request)
    own = visitor.account is not None and request.GET.get("for") != ANOTHER
    if own and request.method != "POST" and not receipt.number(request):
        query = {"state": "1"} if american else {}
        if kind := request.GET.get("kind"):
            query["kind"] = kind
        return redirect(reverse("privacy-request-new", query=query))
    form = PublicForm(
        request.POST or None,
        request.FILES or None,
        american=american,
        initial={"residence": visitor.presence or "", "kind": request.GET.get("kind", "")},
    )
    if request.method != "POST":
        return _page(request, form, american)
    if not form.is_valid():
        return _page(request, form, american, UNPROCESSABLE)
    if not _may_ask(request, form):
        return _page(request, form, american, TOO_MANY)
    asked = _of_public(visitor, form, american)
    remembered = None
    if not asked.agent:
        remembered = refusing.close_here(visitor, asked.kind, asked.purposes)
    response = _filed(services.file(asked), american)
    if remembered is not None:
        cookie.hand(response, remembered)
    return response


def _filed(row: Request, american: bool) -> HttpResponse:
    """Where the form leads: to the request itself, if no letter leads there."""
    if not row.contact:
        return redirect("privacy-request-status", row.number, numbers.secret(row.pk))
    name = "privacy-request-state" if american else "privacy-request"
    return redirect(receipt.address(name, row.number))


def _page(
    request: HttpRequest, form: PublicForm, american: bool, status: int = 200
) -> HttpResponse:
    mail = in_force().mail
    context = {
        "form": form,
        "received": receipt.number(request),
        "state_words": mail.state_rights if american and mail else "",
        "state_door": mail.state_rights if mail and not american else "",
        "united_states": territory_name(clock.AMERICA),
        "mail": in_force().controller.email,
    }
    return render(request, "privacy/requests/public.html", context, status=status)


def _of_public(visitor: Visitor, form: PublicForm, american: bool) -> Asked:
    said = form.cleaned_data
    presence = visitor.presence or ""
    american = american or clock.names_a_state(said["words"])
    return Asked(
        kind=said["kind"],
        channel=Channel.AGENT if said["agent"] else Channel.FORM,
        language=asking.language(),
        words=said["words"],
        contact=said["contact"],
        place=presence,
        residence=clock.lives(said["residence"], presence, american=american),
        agent=said["agent"],
        mandate=said["mandate"],
        file=said["file"] if said["agent"] else b"",
        restricts=said["restricts"],
        purposes=said["purposes"],
    )


def _may_ask(request: HttpRequest, form: AskForm) -> bool:
    """Whether this client has not asked too often; else the form says so and keeps all of it."""
    if ratelimit.consume(request, action="write"):
        return True
    form.add_error(None, TOO_OFTEN)
    return False


def _of_members(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Opens a page to whoever is signed in; others are led to where they sign in."""

    @wraps(view)
    def page(request: HttpRequest, **named: str) -> HttpResponse:
        if visitor_of(request).account is None:
            return redirect_to_login(request.get_full_path())
        return view(request, **named)

    return page


@serves("rights", may=["account"], source="use")
@never_cache
@_of_members
def mine(request: HttpRequest) -> HttpResponse:
    """The requests of an account: how each stands, and by when."""
    rows = queries.of_account(_account(request))
    listed = [(row, wording.kind(row.kind), wording.following(row)) for row in rows]
    return render(request, "privacy/requests/mine.html", {"listed": listed})


@serves("rights", may=["account"], source="form")
@same_origin_post
@require_http_methods(METHODS)
@_of_members
def new(request: HttpRequest) -> HttpResponse:
    """Ask for something, signed in: that is proof enough but for a deletion, which takes more."""
    initial = {"kind": request.GET.get("kind", ""), "words": _state_words(request)}
    held = disputing.kinds(_account(request))
    form = MemberForm(request.POST or None, initial=initial, held=held)
    if request.method != "POST" or not form.is_valid():
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "privacy/requests/new.html", {"form": form}, status=status)
    if not _may_ask(request, form):
        return render(request, "privacy/requests/new.html", {"form": form}, status=TOO_MANY)
    visitor, said = visitor_of(request), form.cleaned_data
    row = services.file(
        Asked(
            kind=said["kind"],
            channel=Channel.ACCOUNT,
            language=asking.language(),
            words=said["words"],
            account=_account(request),
            place=visitor.presence or "",
            residence=visitor.facts.residence or "",
            proof=_proof(request, said["kind"]),
            restricts=said["restricts"],
            purposes=said["purposes"],
            matter=disputing.every(said["wrong"]) if _names_wrong(said) else None,
        )
    )
    messages.success(request, _("Your request has come in."))
    return redirect("privacy-request-mine", row.number)


def _state_words(request: HttpRequest) -> str:
    """What somebody led here from the American door has said by it, where they live unknown."""
    mail = in_force().mail
    says = "state" in request.GET and visitor_of(request).facts.residence is None
    return mail.state_rights if mail and says else ""


def _names_wrong(said: dict[str, str]) -> bool:
    return said["kind"] == disputing.CORRECT and bool(said["wrong"])


def _proof(request: HttpRequest, kind: str) -> str:
    """The session shows who asks; a deletion needs the password too, or a link by mail."""
    if kind != carrying.DELETE:
        return Proof.SESSION
    with identifying():
        return Proof.SESSION if did_recently_reauthenticate(request) else ""


def _account(request: HttpRequest) -> int:
    account = visitor_of(request).account
    if account is None:
        raise Http404("nobody is signed in")
    return account


@serves("rights", may=["account"], source="form")
@same_origin_post
@require_http_methods(METHODS)
@_of_members
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One request of the account: its timeline, and what can be done with it."""
    row = queries.by_number(number)
    if row is None or not row.member or row.subject != _account(request):
        raise Http404("no such request")
    return _status(request, row)


@serves("rights", may=["account"], source="form", everyone=FOLLOWS)
@same_origin_post
@require_http_methods(METHODS)
def status(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """How a request stands, what is next and by when, and where to complain (P5.2.1.10a)."""
    row = queries.opened_by(number, secret)
    if row is None:
        raise Http404("no such request")
    return _status(request, row)


@serves("rights", may=["account"], source="form", everyone=FOLLOWS)
@same_origin_post
@require_http_methods(["POST"])
@never_cache
def copy(request: HttpRequest, number: str, secret: str) -> HttpResponseBase:
    """The copy for somebody who can't sign in, once they have given the password (P5.2.1.2a)."""
    row = queries.opened_by(number, secret)
    made = copying.waiting(row) if row is not None else None
    if row is None or made is None:
        raise Http404("no copy is here")
    if copying.knows_password(row, request.POST.get("password", "")):
        return handed(row.subject, made.key)
    messages.error(request, _("That is not the password of this account."))
    return redirect("privacy-request-status", number, secret)


def _status(request: HttpRequest, row: Request) -> HttpResponse:
    problem = ""
    form = SayForm(request.POST or None)
    shows = _shows(request, row)
    if request.POST.get("act") == "show" and shows is not None:
        if shows.is_valid() and _showed(request, row, shows):
            return redirect(request.path)
    elif request.method == "POST" and form.is_valid():
        act, words = request.POST.get("act", ""), form.cleaned_data["words"]
        problem = _acted(request, row, act, words)
        if not problem:
            other = queries.opened_without_address(row.pk) if act == "say" else None
            if other is not None:
                return redirect("privacy-request-status", other.number, numbers.secret(other.pk))
            return redirect(request.path)
    made = copying.waiting(row)
    context = about(row) | {
        "problem": problem,
        "typed": request.POST.get("words", ""),
        "shows": shows,
        "shown": acting.shown(row) if shows else [],
        "copy": made,
        "copy_ends": telling.ends_at(made) if made is not None else None,
    }
    code = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "privacy/requests/status.html", context, status=code)


def _shows(request: HttpRequest, row: Request) -> ShowForm | None:
    """The form by which whoever acts for somebody shows that they may, while it makes sense."""
    if not acting.waits(row):
        return None
    sent = request.POST.get("act") == "show"
    return ShowForm(request.POST, request.FILES) if sent else ShowForm()


def _showed(request: HttpRequest, row: Request, form: ShowForm) -> bool:
    """Keep what shows that somebody may act; False with the reason in the form."""
    words, file = form.cleaned_data["mandate"], form.cleaned_data["file"]
    if not (words.strip() or file):
        form.add_error(None, _("Write what shows it, or choose a file."))
    elif not ratelimit.consume(request, action="write"):
        form.add_error(None, TOO_OFTEN)
    else:
        try:
            acting.show(row.pk, words, file)
        except acting.Unfit:
            form.add_error(None, _("You sent a great deal already. Write to us instead."))
        except services.Impossible:
            form.add_error(None, _("The request has moved on meanwhile, so nothing was done."))
        else:
            messages.success(request, _("We have it. A person looks at it."))
            return True
    return False


def _acted(request: HttpRequest, row: Request, act: str, words: str) -> str:
    """Do what a button of the page says; words for the person where it can't be done."""
    if act in ("say", "appeal") and not words.strip():
        return _("Write what you want to tell us first.")
    if act in ("say", "appeal") and not ratelimit.consume(request, action="write"):
        return str(TOO_OFTEN)
    try:
        match act:
            case "say":
                services.hear(row.pk, words)
            case "appeal":
                services.appeal(row.pk, words)
            case "withdraw":
                services.withdraw(row.pk)
            case _:
                return _("Nothing was done.")
    except services.TooLate:
        return _("The time for an appeal is over. You can ask anew, or complain to the authority.")
    except (services.Impossible, services.Overtaken):
        return _("The request has moved on meanwhile, so nothing was done. This is how it stands.")
    if act != "withdraw":
        messages.success(request, _("We have it. A person looks at it."))
    return ""


@serves("rights", may=["account"], source="form", everyone=FOLLOWS)
@same_origin_post
@require_http_methods(METHODS)
def prove(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Where a link to an address leads: a get only asks, since mail programs open links."""
    if request.method != "POST":
        context = {
            "number": number,
            "needless": services.needless_link(number, token),
            "agent": acting.of_link(number, token),
        }
        return render(request, "privacy/requests/prove.html", context)
    row = services.prove(number, token, place=visitor_of(request).presence or "")
    if row is None:
        context = {"number": number, "spent": True}
        return render(request, "privacy/requests/prove.html", context, status=UNPROCESSABLE)
    return redirect("privacy-request-status", row.number, numbers.secret(row.pk))


def about(row: Request) -> dict[str, object]:
    """What a page about a request shows."""
    outcome, ground = wording.decided(row)
    matter = disputing.of(row)
    return {
        "row": row,
        "matter": disputing.told(matter) if matter is not None else None,
        "kind": wording.kind(row.kind),
        "next": wording.following(row),
        "timeline": wording.timeline(row, queries.timeline(row.pk)),
        "outcome": outcome,
        "ground": ground,
        **wording.outside(row),
        "may_appeal": wording.may_appeal(row),
        "restricts": Restricts(row.restricts).label if row.restricts else "",
        "named": wording.named(row),
        "itself_at": carrying.itself_at(row),
        "lifts": wording.lifts_on(row) if row.kind == RESTRICT else None,
        "beyond": allowance.beyond(row) if row.open else None,
        "keep_address": not row.member and "@" not in row.contact and row.open,
        "may_withdraw": row.rests or (row.open and moving.may_withdraw(row)),
        "erasing": queries.erasing(row),
        "officer": in_force().controller.officer or in_force().controller.email,
    }
