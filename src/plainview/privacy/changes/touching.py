"""Whom a difference touches: what of a person must wait until they have answered about it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from plainview.engine import Difference, Policy, decide
from plainview.engine import Standing as Facts


def touched(policy: Policy, facts: Facts, differences: Iterable[Difference]) -> frozenset[str]:
    """What `policy`, new, may not do with somebody until they say so: `purpose[/recipient]` (P11e).

    That is what it would allow by what they said, or left unsaid, before it was published, now or
    once nothing else forbids it: an objection taken back must not open what it never knew of. What
    rests on a contract, the law or security does not wait. Somebody who said no is not touched.
    """
    if facts.pending is None:
        return frozenset()
    laws = under(policy, facts)
    names = {
        name
        for each in differences
        if each.triggers == "consent" and concerns(each, laws)
        for name in each.touches
    }
    return frozenset(name for name in names if _stretches(policy, facts, name))


def under(policy: Policy, facts: Facts) -> set[str]:
    """The laws that hold for somebody, by id, and their places, of which none may have a law."""
    places = {each for each in (facts.presence, facts.residence) if each}
    return places | {each.id for each in policy.laws(facts.presence, facts.residence)}


def concerns(difference: Difference, laws: Iterable[str]) -> bool:
    """Whether a difference is one under any of these laws, or in these places (`under`)."""
    return not difference.jurisdictions or not set(difference.jurisdictions).isdisjoint(laws)


def opened(policy: Policy, facts: Facts, name: str) -> bool:
    """Whether a yes to what waits would allow it, as things stand."""
    purpose, _, recipient = name.partition("/")
    if purpose not in policy.purposes or (recipient and recipient not in policy.recipients):
        return False
    others = (facts.pending or frozenset()) - {name, purpose}
    return _allowed(policy, msgspec.structs.replace(facts, pending=others), purpose, recipient)


def _stretches(policy: Policy, facts: Facts, name: str) -> bool:
    purpose, _, recipient = name.partition("/")
    if purpose not in policy.purposes or (recipient and recipient not in policy.recipients):
        return False
    free = msgspec.structs.replace(
        facts,
        objections={},
        restrictions=(),
        signals=frozenset(),
        age="certified-adult",
        pending=frozenset(),
        valid_until=None,
    )
    waits = msgspec.structs.replace(free, pending=frozenset({purpose}))
    plans = {facts.plan, "none"}
    return not decide(policy, waits, purpose) and any(
        _allowed(policy, msgspec.structs.replace(free, plan=plan), purpose, recipient)
        for plan in plans
    )


def _allowed(policy: Policy, facts: Facts, purpose: str, recipient: str) -> bool:
    return bool(decide(policy, facts, purpose, recipient or None))
