"""Somebody whose address is to change."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from plainview.domains.accounts.models import User

PASSWORD = "the night train leaves at nine"
OLD = "mira@lantern.example"


@pytest.fixture
def mira(db):
    """Mira, with a confirmed address and a password."""
    cache.clear()
    user = User.objects.create_user(OLD, PASSWORD)
    EmailAddress.objects.create(user=user, email=OLD, verified=True, primary=True)
    return user
