"""Browsers that answer, and what they are handed for it."""

from tests.consent.conftest import member, window  # noqa: F401
