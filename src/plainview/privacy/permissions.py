"""What a person permits, folded from what is known of them and kept as one integer."""

from __future__ import annotations

from plainview.engine import Standing as Facts
from plainview.engine import fold
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force

_DOOR = Door("plainview.privacy.permissions", "privacy-choices")


def begin(subject: int) -> None:
    """Write the standing of somebody new, who has chosen nothing and whose place is not known.

    Belongs into the transaction that makes the person; without it whatever can be refused is.
    """
    policy = in_force()
    permitted = fold(policy, Facts.newcomer(presence=None))
    with Opened(_DOOR, lambda: subject):
        Standing.objects.create(subject=subject, permitted=permitted, policy=policy.fingerprint)
