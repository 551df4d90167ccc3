"""Pages of the account: registering, and the way to everything that can be set."""

from __future__ import annotations

from allauth.account.views import SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from plainview.domains.accounts import queries, services
from plainview.domains.accounts.forms import PlaceForm
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.places.territories import territory_name

# Without a token in a cookie: whoever is refused leaves with nothing at all (P10c).
register = serves(
    "authentication",
    may=["account"],
    source="form",
    everyone="nobody is signed in; it asks whether an address has an account",
)(same_origin_post(SignupView.as_view()))


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
    account = int(request.user.pk or 0)
    held = queries.certified(account)
    form = PlaceForm(request.POST or None, initial={"territory": held.territory if held else ""})
    if request.method == "POST" and form.is_valid():
        territory = form.cleaned_data["territory"]
        services.move(account, territory)
        said = {"place": territory_name(territory)}
        messages.success(request, _("You live in %(place)s. Its law counts from now on.") % said)
        return redirect("settings-place")
    return render(request, "accounts/place.html", {"form": form, "held": held})
