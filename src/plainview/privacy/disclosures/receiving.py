"""Who it is that got something: as the policy has them now, or had them then."""

from __future__ import annotations

from collections.abc import Sequence

from plainview.engine import Recipient
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.policies import in_force
from plainview.privacy.versions import following
from plainview.privacy.versions.models import Version


def declared(id_: str, rows: Sequence[Disclosure]) -> Recipient | None:
    """A recipient as the policy has it, or as it had it when it got something last."""
    found = in_force().recipients.get(id_)
    return found or as_then(max(rows, key=lambda row: row.queued_at))


def as_then(row: Disclosure) -> Recipient | None:
    """Who got something, as the policy of then had it: the role, above all, may be another now.

    Where the policy of then is not known, as it is now; None where nobody is.
    """
    policy = in_force()
    if row.policy != policy.fingerprint:
        version = Version.objects.filter(policy=row.policy).values_list("pk", flat=True).first()
        found = following.policy_of(version).recipients.get(row.recipient) if version else None
        if found is not None:
            return found
    return policy.recipients.get(row.recipient)
