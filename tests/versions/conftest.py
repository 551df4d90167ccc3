"""What tests of versions share: a service that has begun, folders to edit, and releases."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from plainview.platform.identifiers import new_id
from plainview.privacy import policy_reload
from plainview.privacy.versions import archive, publishing, queries, services
from plainview.privacy.versions.models import Version

LAX = ('personalise = "consent"', 'personalise = "legitimate-interest"')
"""In India what is suggested would need no yes any more."""


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a publication sets off elsewhere (who is asked, who is told) is tested there."""
    monkeypatch.setattr(publishing, "after_publish", [])


kept = functools.lru_cache(maxsize=8)(archive.kept)
"""Most tests compress the same two archives."""


@pytest.fixture(autouse=True)
def _compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "kept", kept)


@pytest.fixture
def begun(db, tmp_path: Path) -> Version:
    """The service runs on its first version."""
    assert policy_reload.reload(settings.POLICY_DIR, tmp_path / "data")
    return queries.current()


@pytest.fixture(scope="session")
def edit(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`edit(("retention.toml", (old, new)), …)` is a folder like the shipped one, but for that.

    It is made once, and read only.
    """

    @functools.cache
    def edited(
        *changes: tuple[str, tuple[str, str]], version: str = "2026-11-26", day: str = "2026-11-26"
    ) -> Path:
        folder = tmp_path_factory.mktemp("edited") / "policy"
        shutil.copytree(settings.POLICY_DIR, folder)
        head = (
            ("policy.toml", ('version = "2026-11-20"', f'version = "{version}"')),
            ("policy.toml", ("effective = 2026-11-27", f"effective = {day}")),
        )
        for file, (old, new) in (*head, *changes):
            text = (folder / file).read_text()
            assert old in text, f"{old!r} is not in {file}"
            (folder / file).write_text(text.replace(old, new, 1))
        return folder

    return edited


def released(folder: Path, **when: object) -> Version:
    """A version that two people released."""
    version = services.propose(folder, **when)
    for staff in (new_id(), new_id()):
        services.release(version, staff=staff)
    return version


def published(folder: Path) -> publishing.Published:
    """A version that is in force."""
    done = publishing.publish(released(folder), patience=0)
    assert done is not None
    return done
