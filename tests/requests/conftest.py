"""What tests of requests share: somebody who asks from home."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.consent.conftest import window  # noqa: F401

HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def at_home(mira) -> Client:
    """Mira, signed in; each file says who she is."""
    client = Client(headers=HERE)
    client.force_login(mira)
    return client
