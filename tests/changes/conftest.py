"""Two policies, the second of which sends data to a country that the first did not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from tests.consent.conftest import window  # noqa: F401
from tests.disclosures.conftest import (  # noqa: F401
    change,
    connect,
    enter,
    folders,
    mailbox,
    member,
    platform,
    words,
    work,
)

from plainview.engine import Difference, Policy, differences, load
from plainview.privacy import permissions
from plainview.privacy.changes import publishing
from plainview.privacy.gate import purposes

NEWS = {
    "en": "South Africa",
    "ar": "جنوب أفريقيا",
    "ja": "南アフリカ共和国",
    "ko": "남아프리카 공화국",
    "pt-BR": "África do Sul",
}
TOUCHED = "audience-uploads/northgate"


@pytest.fixture(scope="session")
def moved_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy with Northgate in South Africa."""
    folder = tmp_path_factory.mktemp("moved") / "policy"
    shutil.copytree(settings.POLICY_DIR, folder)
    move(folder)
    return folder


@pytest.fixture(scope="session")
def moved(moved_folder: Path) -> Policy:
    """That policy, loaded."""
    return load(moved_folder)


NORTHGATE = (
    'name = "Northgate Social"\nclause = "4.1.2"\npromises = ["P4.1.2a", "P4.1.2b"]\n'
    'role = "partner"\ncountry = "US"'
)


def move(folder: Path) -> None:
    """Let a policy's folder say that Northgate is in South Africa."""
    edit(folder, "recipients.toml", NORTHGATE, NORTHGATE.replace('"US"', '"ZA"'))
    edit(folder, "policy.toml", 'version = "2026-11-20"', 'version = "2026-12-15"')
    for texts in (folder / "texts").iterdir():
        path = texts / "countries.toml"
        if path.exists():
            name = NEWS.get(texts.name, NEWS["en"])
            path.write_text(f'{path.read_text()}ZA = "{name}"\n')


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))


@pytest.fixture(scope="session")
def differing(moved: Policy) -> list[Difference]:
    """What sets the two apart."""
    return differences(load(settings.POLICY_DIR), moved)


@pytest.fixture
def publish(moved: Policy, differing: list[Difference]) -> Iterator[Callable[..., Policy]]:
    """`publish()` puts the second policy into force, as a publication does."""
    before = purposes.policy()

    def put(new: Policy = moved) -> Policy:
        old: Any = purposes.policy()
        with transaction.atomic(), purposes.holding(new):
            publishing.after_publish(old, new, differing if new is moved else differences(old, new))
            permissions.refold()
        purposes.enforce(new)
        return new

    yield put
    purposes.enforce(before)
