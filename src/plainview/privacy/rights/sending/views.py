"""The doors of sending: the code, the question, how far it is."""

from __future__ import annotations

from collections.abc import Callable

from allauth.core import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from plainview.privacy.disclosures import named
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.disclosures.queries import categories_words
from plainview.privacy.gate.doors import serves
from plainview.privacy.origin import same_origin_post
from plainview.privacy.rights.doorway import confirmed, to_confirm
from plainview.privacy.rights.sending import services
from plainview.privacy.rights.sending.models import Sending
from plainview.privacy.rights.sending.protocol import LONGEST_CODE, Unfit
from plainview.privacy.visitors import visitor_of

State = Sending.State
ACTS: dict[str, Callable[[int], object]] = {
    "yes": services.send,
    "again": services.again,
    "drop": services.drop,
}


@serves("rights", may=["account"], source="form")
@same_origin_post
def send(request: HttpRequest) -> HttpResponseBase:
    """Have what travels sent straight to a service that one names (GDPR 20(2), P5.2.1.8a)."""
    account = visitor_of(request).account
    if account is None:
        return redirect_to_login(request.get_full_path())
    if not confirmed(request, ""):
        return to_confirm(request)
    problem, code = "", request.POST.get("code", "").strip()[: LONGEST_CODE + 1]
    if request.method == "POST":
        problem = _act(request, account, code)
        if not problem:
            return HttpResponseRedirect(request.path)
    row = services.of(account)
    state = row.state if row is not None else ""
    offered = state == State.OFFERED
    return render(
        request,
        "privacy/rights/send.html",
        {
            "problem": problem,
            "code": code,
            "row": row,
            "state": state,
            "going": state in (State.SENDING, State.READING),
            "kinds": categories_words(" ".join(services.categories(account))) if offered else "",
            "trouble": trouble_words(row.trouble, begun=True)
            if row is not None and row.trouble
            else "",
        },
        status=422 if problem else 200,
    )


def _act(request: HttpRequest, account: int, code: str) -> str:
    """Do what the button says, and nothing that another field could; what is wrong, in words."""
    act = request.POST.get("act", "")
    try:
        if act in ACTS:
            ACTS[act](account)
        elif not ratelimit.consume(request, action="connect"):
            return _(
                "That was many invitations in an hour. What you typed is still here; look at it "
                "later."
            )
        else:
            services.offer(account, code)
    except Unfit:
        return _(
            "This is not an invitation that we can read. Copy all of it at the other service, from "
            "https to the last letter, and paste it here."
        )
    except named.Trouble as trouble:
        return trouble_words(trouble.code)
    except Denied:
        return _("What is held about you is set aside now, so nothing of it can be sent.")
    return ""


def trouble_words(code: str, *, begun: bool = False) -> str:
    """What keeps it from going on, in words that say what to do; `begun` is after their yes."""
    words = {
        "unproved": _(
            "The other service no longer proves that the invitation is its own, so no more of your "
            "data goes there. What went before stands in “Who got what”."
        )
        if begun
        else _(
            "The service at this address did not prove that the invitation is its own. "
            "Nothing about you was sent there. Make a new one there, and look closely at its name."
        ),
        "http-404": _(
            "The other service knows no such invitation, or its hour is over. Make a new one there."
        ),
        "http-409": _(
            "The other service has used this invitation for something else. Make a new one there."
        ),
        "http-413": _("It is more than the other service takes. Save your copy instead."),
        "forbidden": _("This address leads into a network that we send nothing to."),
        "no-copy": _("We could not make the copy. Begin anew; if it fails again, write to us."),
        "failed": _("The other service has all of it, but stopped reading it. Look there."),
        services.GIVEN_UP: _("We tried for hours. Try again when the other service is back."),
    }
    return words.get(code) or _(
        "The other service can’t be reached right now, or does not take it."
    )
