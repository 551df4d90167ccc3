"""What can be asked about accounts."""

from __future__ import annotations

from plainview.domains.accounts.models import User


def staff_exists() -> bool:
    """Whether the service has been set up, that is, has a staff account."""
    return User.objects.filter(is_staff=True).exists()
