"""Whose law is taken out of the policy is told so, and by the names of places."""

from __future__ import annotations

import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from tests.changes.conftest import edit, work

from plainview.engine import Policy, load

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
GONE = "No law of its own holds any longer: Liechtenstein."


@pytest.fixture
def lawless(tmp_path: Path) -> Policy:
    """The policy without the law of Liechtenstein."""
    folder = Path(shutil.copytree(settings.POLICY_DIR, tmp_path / "policy"))
    (folder / "jurisdictions/eu-li.toml").unlink()
    edit(folder, "policy.toml", 'version = "2026-11-20"', 'version = "2026-12-15"')
    for file in folder.glob("texts/*/*.toml"):
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line for line in lines if not line.startswith("eu-li = ")))
    return load(folder)


def test_p11d_whose_law_is_taken_away_is_told_by_name(member, mailbox, publish, lawless):
    """Nobody else is: for them the law is what it was."""
    member("ines", "DE")
    member("omar", "LI")
    publish(lawless)
    work()
    (raw,) = (raw for _, raw in mailbox.letters)
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == "omar@lantern.example"
    said = " ".join(letter.get_body(("plain",)).get_content().split())
    assert GONE in said and "eu-li" not in said
