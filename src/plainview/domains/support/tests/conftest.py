"""Who put a film on, and the desk that decides about it."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from plainview.domains.accounts.models import User


@pytest.fixture
def uploader() -> User:
    user = User.objects.create_user("tomas@example.org", "a long sentence of words", roles="editor")
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )
    return user


@pytest.fixture
def desk(at_desk) -> Client:
    user = User.objects.create_user("desk@example.org", "a good sentence", roles="moderator")
    return at_desk(user, Client())
