"""People, their choices, and recipients that listen on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from tests.disclosures.doubles import Mailbox, Recipient
from tests.people import HERE, browser_of, somebody
from tests.rights.conftest import PASSWORD, confirm

from plainview.domains.accounts.models import User
from plainview.engine.folder import read_folder
from plainview.engine.loading import assembled
from plainview.engine.reading import Reader
from plainview.platform.jobs import worker
from plainview.platform.jobs.models import Job
from plainview.privacy import permissions, policy_reload
from plainview.privacy.disclosures import cutting, delivery
from plainview.privacy.gate import purposes
from plainview.privacy.policies import in_force

KEY = "a key that both sides know"
AUDIENCE = {"recipient": "northgate", "purpose": "audience-uploads"}
YES = {"audience-uploads": "granted"}
KEYS = ["same", "listed", "retired"]
"""What became of the service's own key: `listed` the one before still opens links; `retired` it
opens nothing, and knows again all the same."""


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """The outbox and the connections of the test's own; mail goes through the door."""
    data = tmp_path / "data"
    (data / "uploads").mkdir(parents=True)
    monkeypatch.setattr(settings, "DATA", data)
    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", str(data / "outbox"))
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", data / "uploads")
    monkeypatch.setattr(settings, "CONNECTIONS", data / "connections.toml")
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "plainview.privacy.disclosures.post.Door")
    monkeypatch.setattr(settings, "MAIL_SERVER", "")
    monkeypatch.setattr(cutting, "_composers", {})
    monkeypatch.setattr(delivery, "resting", delivery.Resting())
    return data


@pytest.fixture(params=KEYS[1:])
def rotate(request, monkeypatch):
    """`rotate()`: the service starts again with another key, and the one before in a list."""

    def another() -> None:
        if request.param in KEYS[1:]:
            name = "SECRET_KEY_FALLBACKS" if request.param == "listed" else "SECRET_KEYS_RETIRED"
            monkeypatch.setattr(settings, name, [settings.SECRET_KEY])
            monkeypatch.setattr(settings, "SECRET_KEY", "n" * 60)

    return another


@pytest.fixture
def member(db: None) -> Callable[..., User]:
    """`member("ines", "DE", northgate="granted")`: an account, its place and its choices."""

    caches["default"].clear()

    def make(name: str, place: str = "DE", choices: dict[str, str] | None = None, **more: Any):
        user = somebody(f"{name}@lantern.example", PASSWORD)
        change(user, presence=place, residence=place, choices=choices or {}, **more)
        return user

    return make


def change(user: User, **facts: Any) -> None:
    """Change what is known of somebody, as a page would."""
    permissions.change(user.pk, lambda old: msgspec.structs.replace(old, **facts))


@pytest.fixture
def connect(folders) -> Callable[..., None]:
    """`connect(northgate=("audience", url))` writes the operator's file of connections."""

    def write(**known: tuple[str, str]) -> None:
        text = "".join(
            f'[connection.{name}]\nkind = "{kind}"\nurl = "{url}"\nkey = "{KEY}"\nprivate = true\n'
            f'access = "AKIDEXAMPLE"\n'
            for name, (kind, url) in known.items()
        )
        (folders / "connections.toml").write_text(text)

    return write


@pytest.fixture
def platform() -> Iterator[Recipient]:
    with Recipient() as double:
        yield double


@pytest.fixture
def pushing(platform, connect) -> Recipient:
    """A push service on this machine, in the place of Mozilla's."""
    connect(**{"mozilla-push": ("push", platform.url)})
    return platform


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[Mailbox]:
    with Mailbox() as double:
        monkeypatch.setattr(settings, "MAIL_SERVER", double.url)
        yield double


def work(*, times: int = 1) -> None:
    """Let the worker do what waits; what failed is due again at once, `times` over."""
    for _ in range(times):
        worker.run_all()
        Job.objects.filter(state=Job.State.WAITING).exclude(
            task__in=("disclosures.ask", "disclosures.forget", "disclosures.review")
        ).update(run_at=timezone.now())


def enter(user: User) -> Client:
    """A browser in which `user` is signed in and has given the password just now."""
    client = browser_of(user, headers=HERE)
    return confirm(client, user)


def words(page: Any) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def later(**recipients):
    """The policy of now, but for these recipients; None takes one out."""
    parts = read_folder(Reader(settings.POLICY_DIR))
    held = {id_: each for id_, each in {**parts.recipients, **recipients}.items() if each}
    return assembled(msgspec.structs.replace(parts, recipients=held), f"later {recipients}")


@pytest.fixture
def another(tmp_path):
    """Puts another policy into force, when called; that of before comes back at the end."""
    before = in_force()
    policy_reload.begin(settings.POLICY_DIR, tmp_path / "policies")
    yield purposes.enforce
    purposes.enforce(before)
