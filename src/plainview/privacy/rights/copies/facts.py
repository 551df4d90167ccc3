"""What the policy says of each kind of data for one person: where from, what for, who, how long.

Nothing is retyped: every sentence is the policy's, every recipient stands in it or in the ledger.
Whoever got something counts as what they were then, beside what they are now (P5.2.1.1a).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from plainview import engine
from plainview.engine import explain, permits
from plainview.platform import languages
from plainview.privacy import permissions
from plainview.privacy.consent.questions import say
from plainview.privacy.disclosures import deciding
from plainview.privacy.disclosures.queries import country
from plainview.privacy.disclosures.recalls import left
from plainview.privacy.disclosures.receiving import as_then
from plainview.privacy.models import Device
from plainview.privacy.policies import in_force
from plainview.privacy.rights import wording
from plainview.privacy.rights.copies.form import Kept, Kind, Purpose, Recipient


def of(subject: int, categories: Iterable[str]) -> dict[str, Kind]:
    """Each of these categories in the order of the policy. Needs a duty."""
    wanted, policy = set(categories), in_force()
    purposes = _purposes(subject)
    received = _received(subject)
    return {
        id_: Kind(
            name=wording.category(id_),
            sources={each: say(f"sources.{each}") for each in policy.categories[id_].sources},
            purposes=[purposes[each] for each in sorted(policy.purposes_of(id_))],
            recipients=list(_recipients(id_, received.get(id_, {}))),
            kept=_kept(id_),
        )
        for id_ in policy.categories
        if id_ in wanted
    }


def _purposes(subject: int) -> dict[str, Purpose]:
    policy, facts = in_force(), deciding.facts_of(subject)
    device = Device.objects.filter(pk=subject).exists()
    open_ = permissions.integer(facts, device=device)
    language = languages.current()
    return {
        id_: Purpose(
            id_,
            say(f"purposes.{id_}.name"),
            permits(open_, policy.bit(id_)),
            explain(policy, facts, id_, language=language).because,
        )
        for id_ in policy.purposes
    }


class _Got(NamedTuple):
    """Who got something in some role, as the policy of then had them, and when it was last."""

    name: str
    role: str
    country: str
    day: dt.date


def _received(subject: int) -> dict[str, dict[tuple[str, str], _Got]]:
    """Of each category, who got it in which role, by their ids; of the last time that they did."""
    found: dict[str, dict[tuple[str, str], _Got]] = {}
    known: dict[tuple[str, str], engine.Recipient | None] = {}
    for row in left(subject).iterator(500):
        whom = (row.recipient, row.policy)
        if whom not in known:
            known[whom] = as_then(row)
        then = known[whom]
        day = timezone.localdate(row.sent_at or row.tried_at or row.queued_at)
        got = (then.name, then.role, then.country) if then else (row.recipient, "", "")
        for category in row.categories.split():
            of_it, who = found.setdefault(category, {}), (row.recipient, got[1])
            if who not in of_it or of_it[who].day < day:
                of_it[who] = _Got(*got, day)
    return found


def _recipients(category: str, received: dict[tuple[str, str], _Got]) -> Iterable[Recipient]:
    """Those that the policy lets have it, and those that got it, as what they then were."""
    may: dict[tuple[str, str], list[str]] = {
        (each.id, each.role): [
            purpose for purpose, kinds in each.receives.items() if category in kinds
        ]
        for each in in_force().recipients.values()
    }
    for whom in sorted({whom for whom, purposes in may.items() if purposes} | set(received)):
        now, then = in_force().recipients.get(whom[0]), received.get(whom)
        known = now if whom in may else then
        if known is not None:
            yield Recipient(
                whom[0],
                known.name,
                say(f"notice.roles.{known.role}") if known.role else "",
                country(known.country) if known.country else "",
                may.get(whom, []),
                then.day.isoformat() if then else None,
                _protection(now),
            )


def _protection(recipient: engine.Recipient | None) -> list[str]:
    kinds = dict.fromkeys(each.kind for each in recipient.safeguard) if recipient else ()
    return [say(f"safeguards.{each}") for each in kinds]


def _kept(category: str) -> Kept:
    schedule = in_force().schedule(category)
    return Kept(schedule.keep, schedule.after, schedule.then, say(f"retention.{schedule.id}"))
