"""Somebody whose address is to change."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from tests.people import HERE, somebody

from plainview.domains.accounts.models import User

PASSWORD = "the night train leaves at nine"
OLD = "mira@lantern.example"


@pytest.fixture
def mira(db):
    """Mira, with a confirmed address and a password."""
    cache.clear()
    return somebody(OLD, PASSWORD)


@pytest.fixture
def signed_in(mira) -> Client:
    """A browser that signed in as Mira."""
    client = Client(headers=HERE)
    client.post("/accounts/login/", {"login": OLD, "password": PASSWORD})
    return client


def address_of(user: User) -> str:
    """The address of an account as it is now."""
    user.refresh_from_db()
    return user.email
