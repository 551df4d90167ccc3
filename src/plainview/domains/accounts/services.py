"""What can be done with accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from plainview.domains.accounts.models import User
from plainview.platform.encryption import cipher


class AlreadySetUp(Exception):
    """The first staff account exists, so the first-run page is closed."""


def create_first_staff(*, email: str, password: str) -> User:
    """Make the first staff account. Raises AlreadySetUp, or ValidationError for a bad address."""
    with transaction.atomic():
        if User.objects.select_for_update().filter(is_staff=True).exists():
            raise AlreadySetUp
        return User.objects.create_user(email, password, is_staff=True)


def reencrypt() -> int:
    """Carry every second-factor secret over to the first key; return how many there are.

    All or none. Raises Unreadable if one is under none of the keys.
    """
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
        for authenticator in held:
            for name in {"secret", "seed"} & authenticator.data.keys():
                authenticator.data[name] = cipher().renewed(authenticator.data[name])
            authenticator.save(update_fields=["data"])
        return len(held)
