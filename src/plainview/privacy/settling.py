"""Who outside settles a dispute about what the desk decided, without a court, by the policy."""

from __future__ import annotations

from plainview.engine import Settlement
from plainview.privacy import permissions
from plainview.privacy.places import applying
from plainview.privacy.policies import in_force


def settlers(subject: int) -> tuple[Settlement, ...]:
    """Those of the places where somebody is and lives; all of the policy for whom nobody places.

    `subject` is an account, or any other number of somebody (Regulation (EU) 2022/2065, Art. 21).
    """
    found = permissions.read(subject)
    at = (found[0].presence, found[0].residence) if found is not None else (None, None)
    return applying.settlers(in_force().laws(*at))
