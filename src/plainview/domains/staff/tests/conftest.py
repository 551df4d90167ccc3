"""An editor at the desk, and a title to work on."""

from __future__ import annotations

import pytest
from django.test import Client

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title
from plainview.web.tests.conftest import a_title


@pytest.fixture
def desk(at_desk, db) -> Client:
    return at_desk(User.objects.create_user("desk@example.org", roles="editor"))


@pytest.fixture
def film(db) -> Title:
    return a_title("harbour-lights")
