"""What can be asked about accounts."""

from __future__ import annotations

from plainview.domains.accounts.models import Certification, User


def staff_exists() -> bool:
    """Whether the service has been set up, that is, has a staff account."""
    return User.objects.filter(is_staff=True).exists()


def address_of(account: int) -> str:
    """The address that an account signs in with; empty if there is no such account."""
    return User.objects.filter(pk=account).values_list("email", flat=True).first() or ""


def certified(account: int) -> Certification | None:
    """The last certificate of age of an account; None for one made at the first run."""
    return Certification.objects.filter(account=account).order_by("-certified_at").first()
