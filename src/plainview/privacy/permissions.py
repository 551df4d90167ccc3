"""What a person permits, folded from what is known of them and kept as one integer."""

from __future__ import annotations

from plainview.engine import Standing as Facts
from plainview.engine import fold
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force

_DOOR = Door("plainview.privacy.permissions", "privacy-choices")


def newcomer() -> int:
    """What somebody permits who has chosen nothing and whose place is not known."""
    return fold(in_force(), Facts.newcomer(presence=None))


def begin(subject: int) -> None:
    """Write the standing of somebody new.

    Belongs into the transaction that makes the person; without it whatever can be refused is.
    """
    permitted, fingerprint = newcomer(), in_force().fingerprint
    with Opened(_DOOR, lambda: subject):
        Standing.objects.create(subject=subject, permitted=permitted, policy=fingerprint)
