"""A running service keeps the policy that it has, until it is given one that it can take."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from plainview.domains.accounts.models import User
from plainview.engine import load
from plainview.privacy import policies, policy_reload
from plainview.privacy.gate import purposes
from plainview.privacy.models import Standing
from plainview.privacy.versions import services

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RECOMMEND = Path("purposes") / "recommend.toml"


@pytest.fixture
def folder(tmp_path):
    """A policy folder to edit; what was in force before is so again afterwards."""
    before = purposes.policy()
    yield Path(shutil.copytree(settings.POLICY_DIR, tmp_path / "edited"))
    purposes.enforce(before)


def change(folder: Path, file: Path | str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def test_a_policy_that_does_not_load_is_not_taken_and_the_log_says_why(folder, tmp_path, caplog):
    had = purposes.policy()
    kept = policy_reload.begin(settings.POLICY_DIR, tmp_path)
    change(folder, RECOMMEND, "[purpose.recommend]", "[purpose.recommend")
    policy_reload.log.addHandler(caplog.handler)
    try:
        assert not policy_reload.reload(folder, tmp_path)
    finally:
        policy_reload.log.removeHandler(caplog.handler)
    assert purposes.policy() is had
    assert load(kept).fingerprint == had.fingerprint
    assert "is not taken: version" in caplog.text and f"{RECOMMEND}" in caplog.text


def test_a_policy_without_a_purpose_that_doors_name_is_not_taken(folder, tmp_path, monkeypatch):
    policy_reload.begin(settings.POLICY_DIR, tmp_path)
    had = purposes.policy()
    monkeypatch.setattr(services, "AGAINST_SOFTWARE", (lambda: [_Missing()],))
    change(folder, "texts/en/purposes.toml", "what you may like", "whatever you may like")
    assert not policy_reload.reload(folder, tmp_path)
    assert purposes.policy() is had


class _Missing:
    msg, hint = "door x names purpose y, which the policy does not have", "mend it"
    id = "privacy.E021"


def test_a_policy_that_loads_is_taken_and_everyone_is_folded_by_it(folder, tmp_path):
    ines = User.objects.create_user("ines@example.org", "a long enough password")
    kept = policy_reload.begin(settings.POLICY_DIR, tmp_path)
    before = policies.in_force().fingerprint
    change(folder, "texts/en/purposes.toml", "what you may like", "whatever you may like")
    assert policy_reload.reload(folder, tmp_path, patience=0)
    after = policies.in_force().fingerprint
    assert before != after == load(kept).fingerprint
    assert Standing.objects.get(subject=ines.pk).policy == after


@pytest.mark.parametrize("place", ["data/policy", "data/policy/in-force", "data/policy/mine", "."])
def test_a_policy_where_its_own_copies_go_is_refused_and_stays_as_it_is(tmp_path, place):
    data = tmp_path / "data"
    folder = tmp_path / place
    shutil.copytree(settings.POLICY_DIR, folder, dirs_exist_ok=True)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(policy_reload.Misplaced, match="put it elsewhere"):
        policy_reload.copied(folder, data)
    assert sorted(tmp_path.rglob("*")) == before


def test_serve_says_so_and_does_not_start(tmp_path):
    folder = tmp_path / "policy"
    shutil.copytree(settings.POLICY_DIR, folder)
    said = subprocess.run(
        [sys.executable, "-m", "plainview", "serve"],
        env={
            **os.environ,
            "PLAINVIEW_DATA_DIR": str(tmp_path),
            "PLAINVIEW_POLICY_DIR": str(folder),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 1
    assert "put it elsewhere, and name that in PLAINVIEW_POLICY_DIR" in said.stderr
    assert "Traceback" not in said.stderr
