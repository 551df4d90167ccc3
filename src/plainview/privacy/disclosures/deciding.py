"""Whether something about a person may go to a recipient now: the policy's answer by the row."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import NamedTuple

from plainview.engine import Decision, Policy, UnknownRecipient, decide
from plainview.engine import Standing as Facts
from plainview.privacy import permissions
from plainview.privacy.disclosures import transfers
from plainview.privacy.gate.scope import current
from plainview.privacy.policies import in_force


class Denied(Exception):
    """Nothing leaves: the person, the law or the recipient's conditions do not permit it."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"{decision.purpose} to {decision.recipient}: {decision.rule}")
        self.decision = decision


class Ruling(NamedTuple):
    """A decision on a recipient, the kinds of data it may have, and what protects them there."""

    decision: Decision
    kinds: frozenset[str]
    country: str
    safeguard: str


def facts_of(subject: int | None) -> Facts:
    """What is known of a person now, by the row; of nobody in particular, a newcomer's facts.

    Somebody without a row is unknown.
    """
    if subject is None:
        return permissions.newcomer()
    found = permissions.read(subject)
    return Facts() if found is None else permissions.live(found[0])


def facts_of_each(subjects: Iterable[int | None], *, held: bool = False) -> dict[int | None, Facts]:
    """The same of several. `held` keeps the rows as they are until the transaction ends."""
    wanted = set(subjects)
    known = permissions.read_each((each for each in wanted if each is not None), held=held)
    return {
        each: permissions.newcomer() if each is None else permissions.live(known.get(each, Facts()))
        for each in wanted
    }


def ruled(facts: Facts, subject: int | None, purpose: str, recipient: str) -> Ruling:
    """The ruling on handing it over. Raises UnknownPurpose, UnknownRecipient, Denied.

    What is asked for each recipient goes to the one that was named alone (P2.3d).

    The request at hand may be stricter than the row: another place, a signal just heard.
    """
    policy = in_force()
    ruling = _ruled(_Law(policy), facts.to_json(), purpose, recipient)
    if not ruling.decision:
        raise Denied(ruling.decision)
    scope = current()
    if scope is not None and not scope.everyone and scope.life.subject == subject:
        bit = policy.bit(purpose)
        if policy.refusable(purpose) and not scope.life.allows(bit):
            raise Denied(ruling.decision)
    return ruling


class _Law:
    """A policy as the law stands on a day, by its fingerprint: equal ones decide alike."""

    __slots__ = ("key", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.key: tuple[str, dt.date] = (policy.fingerprint, policy.since)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Law) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@functools.lru_cache(maxsize=8192)
def _ruled(law: _Law, stored: bytes, purpose: str, recipient: str) -> Ruling:
    """Decided once for each policy, standing, purpose and recipient, and cut once."""
    policy, facts = law.policy, Facts.from_json(stored)
    decision = decide(policy, facts, purpose, recipient)
    declared = policy.recipients[recipient]
    laws = policy.laws(facts.presence, facts.residence)
    return Ruling(
        decision,
        frozenset(declared.receives.get(purpose, ())) - decision.withheld,
        declared.country,
        transfers.protected_by(declared, laws),
    )


__all__ = [
    "Denied",
    "Ruling",
    "UnknownRecipient",
    "decide",
    "facts_of",
    "facts_of_each",
    "ruled",
]
