"""P11a: an update that asks more of a policy keeps no service from starting on what is in force."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from plainview.engine import PolicyErrors, load, loading
from plainview.privacy import policies, policy_reload
from plainview.privacy.consent import storage
from plainview.privacy.gate import purposes
from plainview.privacy.policies import PolicyDoesNotLoad

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AUTHORITY = 'authority = "Data Protection Commission; Information Commissioner\'s Office"\n'
ASKED = "binding rules name who approved them and where"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    before = purposes.policy()
    yield tmp_path / "data"
    purposes.enforce(before)


def old(folder: Path, file: str, before: str, after: str) -> Path:
    """A folder like the shipped one, but for one thing that the software did not ask for then."""
    shutil.copytree(settings.POLICY_DIR, folder)
    change(folder, file, before, after)
    return folder


def change(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text()
    assert before in text
    (folder / file).write_text(text.replace(before, after))


def begin(folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The software of before the update runs on a folder; its copy of what is in force."""
    with monkeypatch.context() as before:
        before.setattr(loading, "check", lambda *_: None)
        return policy_reload.begin(folder, data)


def starts(folder: Path, data: Path | None) -> bool:
    try:
        policies.start(folder, storage.declared(), data)
    except PolicyDoesNotLoad as told:
        assert ASKED in str(told)
        return False
    return True


def test_p11a_what_was_in_force_starts_though_it_would_not_be_taken_today(
    data, tmp_path, monkeypatch
):
    """The service, each of its processes from the copy, and what was in force before that one."""
    folder = old(tmp_path / "mine", "recipients.toml", AUTHORITY, "")
    assert not starts(folder, data), "what never was in force is not taken"
    copy = begin(folder, data, monkeypatch)
    with pytest.raises(PolicyErrors):
        load(folder)
    assert starts(folder, data) and starts(copy, data)
    assert policy_reload.begin(folder, data) == copy
    assert not starts(folder, None), "a command that has no data folder judges it as it is"
    another = tmp_path / "another"
    shutil.copytree(settings.POLICY_DIR, another)
    assert policy_reload.reload(another, data, patience=0)
    assert starts(folder, data), "it was in force too"


def test_p11a_what_was_edited_since_is_judged_by_what_is_asked_now(data, tmp_path, monkeypatch):
    folder = old(tmp_path / "mine", "recipients.toml", AUTHORITY, "")
    begin(folder, data, monkeypatch)
    change(folder, "texts/en/purposes.toml", "what you may like", "whatever you may like")
    assert not starts(folder, data)
