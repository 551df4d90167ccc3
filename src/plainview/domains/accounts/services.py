"""What can be done with accounts."""

from __future__ import annotations

from django.db import transaction

from plainview.domains.accounts.models import User


class AlreadySetUp(Exception):
    """The first staff account exists, so the first-run page is closed."""


def create_first_staff(*, email: str, password: str) -> User:
    """Make the first staff account. Raises AlreadySetUp, or ValidationError for a bad address."""
    with transaction.atomic():
        if User.objects.select_for_update().filter(is_staff=True).exists():
            raise AlreadySetUp
        return User.objects.create_user(email, password, is_staff=True)
