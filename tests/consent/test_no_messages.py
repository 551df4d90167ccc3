"""A policy that names no kinds of messages has no list of them."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from plainview.engine import load
from plainview.privacy.gate import purposes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STILL = "Some messages come whatever you choose here"


def test_p5_1_2b_no_list_of_messages_is_begun_where_the_policy_names_none(window, tmp_path):
    """`messages.toml` may be missing; with it, what comes in any case is listed."""
    window = window("DE")
    assert STILL in window.open("/privacy/choices/").content.decode()
    before = purposes.policy()
    folder = Path(shutil.copytree(settings.POLICY_DIR, tmp_path / "policy"))
    (folder / "messages.toml").unlink()
    purposes.enforce(load(folder))
    try:
        page = window.open("/privacy/choices/").content.decode()
    finally:
        purposes.enforce(before)
    assert STILL not in page and 'id="service"' not in page
