"""Who put a film on, and the desk that decides about it."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.test import Client
from tests.people import somebody

from plainview.domains.accounts.models import User


@pytest.fixture(autouse=True)
def _nobody_wrote_yet() -> None:
    caches["default"].clear()


@pytest.fixture
def uploader() -> User:
    return somebody("tomas@example.org", "a long sentence of words", roles="editor")


@pytest.fixture
def desk(at_desk) -> Client:
    user = User.objects.create_user("desk@example.org", "a good sentence", roles="moderator")
    return at_desk(user, Client())
