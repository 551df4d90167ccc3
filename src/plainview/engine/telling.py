"""Sentences that the policy's own facts fill in: what protects people, and what programs decide."""

from typing import NamedTuple

from plainview.engine.checks.interests import LONGEST_MONTHS
from plainview.engine.declarations import Guard
from plainview.engine.policy import Policy


class Decided(NamedTuple):
    """An automated decision in words: what is decided, by which logic, with what effect."""

    name: str
    logic: str
    effect: str


def guard_in_words(policy: Policy, purpose: str, guard: Guard, language: str = "en") -> str:
    """Return what a safeguard of a purpose means. Raises UnknownPurpose."""
    return policy.text(
        f"guards.{guard}",
        language,
        threshold=str(policy.purpose(purpose).threshold),
        months=str(LONGEST_MONTHS),
    )


def decision_in_words(policy: Policy, decision: str, language: str = "en") -> Decided:
    """Return an automated decision in words. Raises KeyError for one not in the register."""
    least, most = policy.decisions[decision].band or (0, 0)
    facts = {"least": str(least), "most": str(most)}
    words = (f"decisions.{decision}.{word}" for word in Decided._fields)
    return Decided(*(policy.text(key, language, **facts) for key in words))
