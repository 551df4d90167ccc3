"""Pages of the account: registering, what can be set, and what others see of a person."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.forms import default_token_generator
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, clear_login
from allauth.account.utils import get_next_redirect_url, user_pk_to_url_str
from allauth.account.views import PasswordResetView, SignupView, confirm_email, email, login
from allauth.core import ratelimit
from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import login_webauthn
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from plainview.domains.accounts import adapter, queries, services
from plainview.domains.accounts.forms import PlaceForm
from plainview.domains.accounts.forms.losing import LostAddressForm
from plainview.domains.accounts.forms.telling import AboutForm, ProfileForm
from plainview.domains.accounts.models import APART, About, Audience, Gender, Name, Picture
from plainview.domains.accounts.queries import changing
from plainview.domains.accounts.services import addresses
from plainview.platform import languages
from plainview.platform.overtaking import looks_again
from plainview.privacy.consent import connected
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.places.territories import territory_name
from plainview.privacy.policies import controller
from plainview.privacy.requests import services as requests
from plainview.privacy.requests.models import Channel, Proof
from plainview.privacy.rights import unseen
from plainview.privacy.visitors import visitor_of

FORGET = "forget"
RESET_DONE = "account_reset_password_done"

# Without a token in a cookie: whoever is refused leaves with nothing at all (P10c).
register = serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="nobody is signed in; it asks whether an address has an account",
)(same_origin_post(SignupView.as_view()))

# Pressed in two tabs at once, or by two whose address is the same.
show_codes = serves("authentication", may=["account"], source="form")(looks_again(activate_totp))
confirm_address = serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="who is at the door is what it finds out",
)(looks_again(confirm_email))


@serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="nobody is signed in yet; it asks whose the address is",
)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with address and password.

    Who is asked for the second factor and follows another link comes to that page in the end; who
    sends address and password anew begins anew, whoever another tab was signing in.
    """
    going = get_next_redirect_url(request)
    _begin_anew(request)
    if going and isinstance(begun := request.session.get(LOGIN_SESSION_KEY), dict):
        request.session[LOGIN_SESSION_KEY] = begun | {"redirect_url": going}
    return login(request)


@serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="nobody is signed in yet; it asks whose the key is",
)
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey: what it is to sign, for a stranger too, and what it signed."""
    if request.method != "POST":  # each challenge is a session's
        often = ratelimit.consume_or_429(request, action="challenge", limit_get=True)
        if often:
            return often
    _begin_anew(request)
    response: HttpResponse = login_webauthn(request)
    return _going_on(request, response, "account_login")


@serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="nobody is signed in; it asks whether an address has an account",
)
def reset(request: HttpRequest) -> HttpResponse:
    """Asks for a new password; the page that says where its link went leads on to where one was.

    The letter itself does not say where somebody was going.
    """
    asked = PasswordResetView.as_view(get_success_url=lambda: resolve_url(RESET_DONE))
    return _going_on(request, asked(request), RESET_DONE)


def _begin_anew(request: HttpRequest) -> None:
    """Forget who was half signed in here: another sign-in is sent."""
    if request.method == "POST" and LOGIN_SESSION_KEY in request.session:
        clear_login(request)


def _going_on(request: HttpRequest, response: HttpResponse, name: str) -> HttpResponse:
    """The answer; where it leads to the page of that name, it keeps where somebody was going."""
    going = get_next_redirect_url(request)
    if going and response.get("Location") == resolve_url(name):
        response["Location"] += f"?{urlencode({'next': going})}"
    return response


@serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="whoever reads the address needs no session: the key of the letter says whose it was",
)
@same_origin_post
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Where a letter to an address that was given up leads: its button takes the change back.

    A get only asks, since mail programs open links. Whoever pressed it sets a new password next,
    and at the account nothing opens before they have (P1.1.1b).
    """
    found = changing.given_up(key)
    said: dict[str, object] = {"address": found.email if found else "", "officer": controller()}
    if request.method != "POST" or found is None:
        return render(request, "accounts/take_back.html", said, status=200 if found else 404)
    try:
        with transaction.atomic():
            back = addresses.take_back(key)
            if back is not None:
                adapter.told_of(request, back)
    except addresses.AddressTaken:
        return render(request, "accounts/take_back.html", said | {"taken": True}, status=409)
    if back is None:
        return render(request, "accounts/take_back.html", said | {"address": ""}, status=404)
    if _account(request) == back.user.pk:
        logout(request)
    token = default_token_generator.make_token(back.user)
    key = user_pk_to_url_str(back.user)
    return redirect("account_reset_password_from_key", uidb36=key, key=token)


@serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="whoever reads the address needs no session: the key of the letter says whose it is",
)
@same_origin_post
def keep_address(request: HttpRequest, key: str) -> HttpResponse:
    """Where a letter to an address leads that is said to be lost: its button stops the change."""
    found = changing.to_stop(key)
    said = {"address": found and found.address.user.email, "kept": False, "officer": controller()}
    if found is not None and request.method == "POST":
        addresses.stop(found)
        said["kept"] = True
    return render(request, "accounts/keep.html", said, status=200 if found else 404)


@serves("authentication", may=["account"], source="form")
def change_address(request: HttpRequest) -> HttpResponse:
    """Changes the address; what is to take the place of a lost one can be stopped here, too."""
    if request.method == "POST" and "action_stop" in request.POST:
        if request.user.is_authenticated and (found := changing.replacing(_me(request))):
            addresses.stop(found)
            messages.success(request, _("Your address stays as it was."))
        return redirect("account_email")
    response: HttpResponse = looks_again(email)(request)
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        found = changing.replacing(_me(request))
        until = found and changing.last_day(found.since)
        response.context_data |= {"replaces": found, "until": until}
    return response


@serves(
    "rights",
    may=["account"],
    source="form",
    everyone="whoever lost the address may be signed out; what they send is about themselves",
)
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def lost_address(request: HttpRequest) -> HttpResponse:
    """What to do who neither reads mail at the old address nor can sign in to change it.

    It becomes a request like any other, in which the desk sees who asks (P5.2e). Nothing here says
    whether there is such an account.
    """
    account = _account(request)
    form = LostAddressForm(request.POST or None, signed_in=account is not None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "accounts/lost.html", {"form": form}, status=status)
    if not ratelimit.consume(request, action="write"):
        form.add_error(None, _("That was many letters in an hour. Send it later."))
        return render(request, "accounts/lost.html", {"form": form}, status=429)
    said = form.cleaned_data
    lines = [_("I can’t read mail at the address of my account any more.")]
    if "old" in said:
        lines.append(_("Address of the account: %(address)s") % {"address": said["old"]})
    lines.append(_("Address where I read mail now: %(address)s") % {"address": said["new"]})
    visitor = request.visitor  # type: ignore[attr-defined]
    row = requests.file(
        requests.Asked(
            kind="correct" if account is not None else "",
            channel=Channel.ACCOUNT if account is not None else Channel.FORM,
            language=languages.current(),
            words="\n".join([*lines, "", said["words"]]),
            account=account,
            contact=said["new"],
            lost=True,
            place=visitor.presence or "",
            residence=visitor.facts.residence or "" if account is not None else "",
            proof=Proof.SESSION if account is not None else "",
        )
    )
    return render(request, "accounts/lost.html", {"number": row.number, "mine": account})


@serves("account", source="form")
@login_required
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """What a person can set, each a page."""
    return render(request, "accounts/settings.html")


@serves("account", source="form")
@login_required
@never_cache
def place(request: HttpRequest) -> HttpResponse:
    """Where a person lives; another place asks to certify its age."""
    account = _me(request)
    held = queries.certified(account)
    form = PlaceForm(request.POST or None, initial={"territory": held.territory if held else ""})
    if request.method == "POST" and form.is_valid():
        territory = form.cleaned_data["territory"]
        services.move(account, territory)
        said = {"place": territory_name(territory)}
        messages.success(request, _("You live in %(place)s. Its law counts from now on.") % said)
        return redirect("settings-place")
    return render(request, "accounts/place.html", {"form": form, "held": held})


@serves("account", may=[APART], source="form")
@login_required
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Name and picture, each with who may see it (P5.1.1a)."""
    account = _me(request)
    held = queries.told(account)
    form = ProfileForm(request.POST or None, request.FILES or None, initial=_initial(held))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.tell(account, Name, said["name"], form.audience("name"))
        value = b"" if said["remove_picture"] else said["picture"]
        services.tell(account, Picture, value, form.audience("picture"))
        messages.success(request, _("Saved."))
        return redirect("settings-profile")
    return _settings_page(request, "accounts/profile.html", form, held)


@serves("account", may=[APART], source="form")
@login_required
@never_cache
def about(request: HttpRequest) -> HttpResponse:
    """What a person tells of themselves, each with who may see it (P5.1.1a).

    Where the law calls gender sensitive it is asked by itself first, and what was told of it
    elsewhere can be deleted unseen (P1.1.3a).
    """
    account = _me(request)
    if request.POST.get("act") == FORGET:
        services.forget_gender(account)
        messages.success(request, _("Deleted."))
        return redirect("settings-about")
    visitor = visitor_of(request)
    open_ = visitor.permits(APART)
    held = queries.told(account) | (queries.told_apart(account) if open_ else {})
    form = AboutForm(request.POST or None, initial=_initial(held), gender=open_)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.tell(account, About, said["about"], form.audience("about"))
        if open_:
            services.tell(account, Gender, said["gender"], form.audience("gender"))
        messages.success(request, _("Saved."))
        return redirect("settings-about")
    more = {
        "apart": queries.asks_apart(visitor.facts),
        "unseen": not open_ and unseen.goes_on(account, services.GENDER),
    }
    return _settings_page(request, "accounts/about.html", form, held, **more)


def _initial(held: dict[str, tuple[object, int]]) -> dict[str, object]:
    values: dict[str, object] = {f"{field}_audience": who for field, (_told, who) in held.items()}
    return values | {field: told for field, (told, _who) in held.items() if field != "picture"}


def _settings_page(
    request: HttpRequest,
    template: str,
    form: object,
    held: dict[str, tuple[object, int]],
    **more: object,
) -> HttpResponse:
    key = queries.profile_key(_me(request))
    context = {"form": form, "key": key, "has_picture": held["picture"][0]} | more
    return render(request, template, context)


@serves("authentication", may=["account"], source="use")
@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, in apps too; ends one, or all others, at once (P2.1.2a)."""
    account, here = _me(request), request.session.session_key or ""
    if request.method == "POST":
        one, app = request.POST.get("end", ""), request.POST.get("app", "")
        if app:
            connected.disconnect(account, app)
        else:
            services.end_sittings(account, handle=one, but=here)
        said = _("Signed out there.") if one or app else _("Signed out elsewhere.")
        messages.success(request, said)
        return redirect("sessions")
    context = {"sittings": queries.sittings(account, here), "apps": connected.apps(account)}
    return render(request, "accounts/sessions.html", context)


@serves("community", may=["account", APART], source="use")
@never_cache
def member(request: HttpRequest, key: str) -> HttpResponse:
    """What others see of a person; `?as=everyone` is what strangers see. Its owner sees no more.

    404 if nothing is shown, as if there were nobody.
    """
    seen = queries.shown(key, to=_audience(request))
    if not seen and not _own(request, key):
        raise Http404("nothing is shown under this key")
    return render(request, "accounts/member.html", {"member": seen})


@serves("community", source="use")
@never_cache
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """A portrait, to those who may see it and to its owner."""
    data = queries.picture(key, to=_audience(request), account=_account(request))
    if not data:
        raise Http404("no picture is shown under this key")
    return HttpResponse(data, content_type="image/webp")


def _me(request: HttpRequest) -> int:
    """The account that is signed in, where only those get who are."""
    return int(request.user.pk or 0)


def _account(request: HttpRequest) -> int | None:
    found: int | None = request.visitor.account  # type: ignore[attr-defined]
    return found


def _audience(request: HttpRequest) -> int:
    if _account(request) is None or request.GET.get("as") == "everyone":
        return Audience.EVERYONE
    return Audience.MEMBERS


def _own(request: HttpRequest, key: str) -> bool:
    account = _account(request)
    return account is not None and queries.profile_key(account) == key
