"""What applies to you: the rights, days, authority and defaults of where one is and lives."""

from __future__ import annotations

import functools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plainview.privacy.breaches.due import PEOPLE
from plainview.privacy.breaches.wording import rules
from plainview.privacy.consent import questions
from plainview.privacy.gate.doors import serves
from plainview.privacy.places.applying import Applied, applied
from plainview.privacy.places.territories import territories
from plainview.privacy.policies import in_force
from plainview.privacy.visitors import Visitor
from plainview.web.pages.caching import cached

PROOFS = {
    "session": _("Signing in is enough; without an account, a mail to your address."),
    "reasonable": _("With reasonable means; opting out needs none."),
    "degrees": _("The more personal the answer, the surer we must be; opting out needs no proof."),
    "doubt": _("Only where we have reason to doubt it."),
    "request": _("You ask in writing, in a way that shows who you are."),
    "proportionate": _("No harder than giving us the data was."),
}
AGENTS = {
    "written": _("Anybody you authorise in writing."),
    "opt-outs": _("Anybody you authorise, to opt out for you; we accept them for the rest too."),
    "parents": _("Parents and guardians by law; we accept whomever you authorise."),
    "allowed": _("Anybody who can show that they act for you."),
}


@serves("browse", may=["account"], source="use")
@cached
def place(request: HttpRequest) -> HttpResponse:
    """What applies to whoever asks, or in `?place=`: an ISO code or the id of a law (P3.1b, P5.2c).

    Where they are is looked up and dropped; where they live is as they said.
    """
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    chosen = _chosen(request)
    presence, residence = (chosen, None) if chosen else (visitor.presence, visitor.facts.residence)
    day = timezone.localdate().isoformat()
    found = _applied(in_force().fingerprint, questions.language(), presence, residence, day)
    context = {
        "found": found,
        "chosen": chosen,
        "listed": chosen or residence or presence,
        "unknown": presence is None,
        "declared": bool(residence) and not chosen,
        "proofs": [PROOFS[each] for each in found.verification],
        "agents": [AGENTS[each] for each in found.agents],
        "after_a_breach": [
            (rule.when, rule.law)
            for rule in rules(found.laws, timezone.now())
            if rule.duty == PEOPLE
        ],
        "by_law": [each for each in found.given if each.by_law],
        "by_choice": [each for each in found.given if not each.by_law],
        "grounds": [(questions.say(f"notice.kinds.{it.kind}"), it.words) for it in found.grounds],
        "groups": [
            ("", [(key, name)]) if isinstance(name, str) else (key, name)
            for key, name in territories()
        ],
        "today": timezone.localdate(),
    }
    return render(request, "pages/place.html", context)


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get("place", "")[:20]
    policy = in_force()
    return asked if asked in policy.places or asked in policy.jurisdictions else ""


@functools.lru_cache(maxsize=512)
def _applied(
    fingerprint: str, language: str, presence: str | None, residence: str | None, day: str
) -> Applied:
    return applied(in_force(), language, presence, residence, timezone.now())
