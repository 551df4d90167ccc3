"""What goes to a court or an authority: inside an open case, within its scope, by hand, recorded.

Nothing else reads for the purpose of cases. Whose case it is, on which ground and by whose word is
the caller's; here the policy decides by the person's own law whether that ground holds for them,
and what of the scope the recipient may have at all. A person's facts count with the case for as
long as something is handed over, in that transaction: a case that ends leaves nothing open, and no
copy that is put back opens one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import msgspec
from django.db import transaction
from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.engine import decide
from plainview.privacy import permissions, withholding
from plainview.privacy.disclosures import cutting, deciding
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.services import RECORDING
from plainview.privacy.gate import purposes
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.versions import fence

RECIPIENT, PURPOSE = "authorities", "legal"
GROUNDS = ("legal-obligation", "legal-claims", "public-interest", "vital-interests")
"""The grounds of a case by their ids in `rules.toml`."""
BINDING = frozenset({"legal-obligation", "public-interest"})
"""Grounds that only the law of the person's own place lays down (GDPR Art. 6(3) and 48)."""
OURS = frozenset({"gdpr", "uk-gdpr"})
"""Regimes under which no order from elsewhere binds."""
_DOOR = Door("plainview.privacy.disclosures.authorities", "privacy-choices", source="derived")
T = TypeVar("T")


class Scope(NamedTuple):
    """What a case is about: its ground, who asks and where that is, which data of which days.

    `number` is the case's own; `country` an ISO code; `first` and `last` bound what bears a day.
    `untold` is the day on which the person may be told, None where no law forbids it.
    """

    number: str
    ground: str
    authority: str
    country: str
    categories: frozenset[str]
    first: dt.date | None = None
    last: dt.date | None = None
    untold: dt.date | None = None


def kinds() -> tuple[str, ...]:
    """The kinds of data that an authority may have at all, in the policy's order.

    None where the policy names no authorities among its recipients.
    """
    policy = in_force()
    allowed = cutting.allowed(RECIPIENT, PURPOSE) if RECIPIENT in policy.recipients else ()
    return tuple(each for each in policy.categories if each in allowed)


def holds(subject: int, ground: str, country: str) -> bool:
    """Whether a ground opens a case about somebody, by their law, for who asks from a country.

    What only the law of the Union or of the United Kingdom lays down, no order from elsewhere does;
    Brazil knows two grounds (P3.2a, P3.3a).
    """
    policy, facts = in_force(), deciding.facts_of(subject)
    presence, residence = facts.presence or facts.residence, facts.residence or facts.presence
    theirs = {law.regime for law in policy.laws(presence, residence)} & OURS
    if ground in BINDING and theirs - {policy.jurisdiction(country).regime}:
        return False
    cased = msgspec.structs.replace(facts, cases=frozenset({ground}))
    return bool(decide(policy, cased, PURPOSE, RECIPIENT))


def handed(subject: int, number: str) -> list[Disclosure]:
    """What was handed over about somebody in a case, the first first."""
    with Opened(RECORDING):
        rows = Disclosure.objects.filter(
            subject=subject, recipient=RECIPIENT, reference=number, state=Disclosure.State.CASE
        )
        return list(rows.order_by("queued_at"))


def tell_on(subject: int, number: str, day: dt.date | None) -> None:
    """Let what was handed over in a case be told on another day; None: from now on."""
    with Opened(RECORDING):
        rows = Disclosure.objects.filter(subject=subject, recipient=RECIPIENT, reference=number)
        rows.update(untold_until=day)


def hand_over(subject: int, scope: Scope) -> dict[str, cutting.Rows]:
    """What is held of somebody within the scope of a case, and the ledger's row of it (P4.1.5a).

    In the caller's transaction, which records who did it. May be empty: then nothing is recorded.
    Raises deciding.Denied where the ground does not hold for them, cutting.TooMuch for a kind that
    the recipient may not have, Standing.DoesNotExist for somebody who has left.
    """
    cutting.refuse_more(RECIPIENT, PURPOSE, scope.categories)

    def read(facts: Facts) -> tuple[deciding.Ruling, dict[str, cutting.Rows]]:
        ruling = deciding.ruled(facts, subject, PURPOSE, RECIPIENT)
        during = cutting.During(scope.categories, scope.first, scope.last)
        return ruling, cutting.read(
            subject, RECIPIENT, PURPOSE, ruling.decision.withheld, during=during
        )

    if not holds(subject, scope.ground, scope.country):
        raise deciding.Denied(decide(in_force(), Facts(), PURPOSE, RECIPIENT))
    ruling, data = _in_case(subject, scope.ground, read)
    if data:
        _record(subject, scope, ruling, data)
    return data


def _record(
    subject: int, scope: Scope, ruling: deciding.Ruling, data: dict[str, cutting.Rows]
) -> None:
    now = timezone.now()
    with Opened(RECORDING):
        Disclosure.objects.create(
            subject=subject,
            recipient=RECIPIENT,
            named=scope.authority,
            purpose=PURPOSE,
            categories=" ".join(sorted(data)),
            basis=ruling.decision.basis or "",
            country=scope.country,
            reference=scope.number,
            queued_at=now,
            sent_at=now,
            state=Disclosure.State.CASE,
            policy=in_force().fingerprint,
            untold_until=scope.untold,
        )


def _in_case(subject: int, ground: str, act: Callable[[Facts], T]) -> T:
    """Return what `act` does with the facts of somebody about whom a case of `ground` is open.

    What they permit counts with the case as long as `act` runs, and is then as it was: nobody else
    meets it, and what fails leaves nothing open.
    """
    with Opened(_DOOR, lambda: subject), transaction.atomic(), purposes.holding(fence.held()):
        row = Standing.objects.select_for_update().get(subject=subject)
        facts = permissions.live(Facts.from_json(row.facts))
        cased = msgspec.structs.replace(facts, cases=frozenset({ground}), valid_until=None)
        mine: Any = Standing.objects.filter(subject=subject)
        open_ = permissions.integer(cased, device=row.device) | withholding.flag(cased)
        mine.update(permitted=open_, valid_until=None)
        done = act(cased)
        mine.update(permitted=row.permitted, valid_until=row.valid_until)
    return done
