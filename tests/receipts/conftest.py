"""Browsers that answer, the verifier that outsiders run, and an officer at the desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.consent.conftest import member, window  # noqa: F401
from tests.rights.conftest import ines, tom  # noqa: F401

from plainview import verify
from plainview.domains.accounts.models import User
from plainview.privacy.consent.models import Answer
from plainview.privacy.log.models import Key

REASON = {
    "kind": "law",
    "authority": "The court",
    "reference": "17",
    "reason": "The authority asked.",
}


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    """A data folder of the test's own, where the log keeps its head."""
    settings.DATA = tmp_path


@pytest.fixture
def verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[bytes], int]:
    """Runs `plainview-verify receipt` on a file with the log's key; its exit code."""

    def check(data: bytes, what: str = "receipt") -> int:
        file = tmp_path / "brought"
        file.write_bytes(data)
        key = Key.objects.values_list("public", flat=True).first()
        return verify.main([what, str(file), "--key", key])

    return check


@pytest.fixture
def officer(at_desk: Callable[..., Client]) -> Client:
    """A privacy officer with the second factor given."""
    return at_desk(User.objects.create_user("officer@lantern.example", roles="privacy-officer"))


def opened(officer: Client, person: int) -> str:
    """The page of proofs about a person, opened for a reason."""
    officer.post(f"/desk/people/{person}/reason/", REASON)
    return f"/desk/privacy/proofs/{person}/"


def latest() -> Answer:
    """The last answer that was given."""
    return Answer.objects.latest("given_at")
