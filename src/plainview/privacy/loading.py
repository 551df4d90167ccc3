"""Puts the policy of the operator's folder into force when the process starts, and on request."""

from __future__ import annotations

from pathlib import Path

from plainview.engine import Policy, load
from plainview.privacy.gate import purposes


def put_into_force(folder: Path) -> Policy:
    """Load the policy in `folder` and let every scope opened from now on follow it.

    Raises PolicyErrors, and then the policy that was in force stays so.
    """
    policy = load(folder)
    purposes.enforce(policy)
    return policy
