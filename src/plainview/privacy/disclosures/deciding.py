"""Whether something about a person may go to a recipient now: the policy's answer by the row."""

from __future__ import annotations

from plainview.engine import Decision, UnknownRecipient, decide
from plainview.engine import Standing as Facts
from plainview.privacy import permissions
from plainview.privacy.gate.scope import current
from plainview.privacy.policies import in_force


class Denied(Exception):
    """Nothing leaves: the person, the law or the recipient's conditions do not permit it."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"{decision.purpose} to {decision.recipient}: {decision.rule}")
        self.decision = decision


def facts_of(subject: int | None, *, held: bool = False) -> Facts:
    """What is known of a person now, by the row; of nobody in particular, a newcomer's facts.

    `held` keeps the row as it is until the transaction ends. Somebody without a row is unknown.
    """
    if subject is None:
        return permissions.newcomer()
    found = permissions.read(subject, held=held)
    return Facts() if found is None else permissions.live(found[0])


def decided(facts: Facts, subject: int | None, purpose: str, recipient: str) -> Decision:
    """The decision on handing it over. Raises UnknownPurpose, UnknownRecipient, Denied.

    The request at hand may be stricter than the row: another place, a signal just heard.
    """
    policy = in_force()
    decision = decide(policy, facts, purpose, recipient)
    if not decision:
        raise Denied(decision)
    scope = current()
    if scope is not None and not scope.everyone and scope.life.subject == subject:
        bit = policy.bit(purpose)
        if policy.refusable(purpose) and not scope.life.allows(bit):
            raise Denied(decision)
    return decision


__all__ = ["Denied", "UnknownRecipient", "decide", "decided", "facts_of"]
