"""An editor at the desk, and a title to work on."""

from __future__ import annotations

import pytest
from django.test import Client

from plainview.domains.accounts.models import Role, User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.catalogue.services import add_film
from plainview.web.tests.conftest import a_title


@pytest.fixture
def desk(at_desk, db) -> Client:
    return at_desk(User.objects.create_user("desk@example.org", roles="editor"))


@pytest.fixture
def film(db) -> Title:
    return a_title("harbour-lights")


@pytest.fixture
def a_film(db) -> Video:
    return add_film(name="Harbour Lights", language="en")


@pytest.fixture
def officer(db) -> User:
    return User.objects.create_user("officer@lantern.example", roles=Role.OFFICER)
