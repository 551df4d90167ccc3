"""What the policy says of each kind of data for one person: where from, what for, who, how long.

Nothing is retyped: every sentence is the policy's, every recipient stands in it or in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable

from plainview.engine import explain, permits
from plainview.platform import languages
from plainview.privacy import permissions
from plainview.privacy.consent.questions import say
from plainview.privacy.disclosures import deciding
from plainview.privacy.disclosures.recalls import left
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
            recipients=list(_recipients(id_, received)),
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


def _received(subject: int) -> dict[tuple[str, str], str]:
    """The day on which each recipient last got each category."""
    found: dict[tuple[str, str], str] = {}
    for row in left(subject).iterator(500):
        day = (row.sent_at or row.tried_at or row.queued_at).date().isoformat()
        for category in row.categories.split():
            key = (category, row.recipient)
            found[key] = max(found.get(key, day), day)
    return found


def _recipients(category: str, received: dict[tuple[str, str], str]) -> Iterable[Recipient]:
    """Those that the policy lets have it, and those that got it while an older one held."""
    declared = in_force().recipients
    may = {
        each.id: [purpose for purpose, kinds in each.receives.items() if category in kinds]
        for each in declared.values()
    }
    got = {recipient for kind, recipient in received if kind == category}
    for id_ in sorted({id_ for id_, purposes in may.items() if purposes} | got):
        known = declared.get(id_)
        yield Recipient(
            id_,
            known.name if known else id_,
            say(f"notice.roles.{known.role}") if known else "",
            say(f"countries.{known.country}") if known else "",
            may.get(id_, []),
            received.get((category, id_)),
        )


def _kept(category: str) -> Kept:
    schedule = in_force().schedule(category)
    return Kept(schedule.keep, schedule.after, schedule.then, say(f"retention.{schedule.id}"))
