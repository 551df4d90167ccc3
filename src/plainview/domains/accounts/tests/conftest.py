"""Somebody whose address is to change."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.people import somebody

PASSWORD = "the night train leaves at nine"
OLD = "mira@lantern.example"


@pytest.fixture
def mira(db):
    """Mira, with a confirmed address and a password."""
    cache.clear()
    return somebody(OLD, PASSWORD)
