"""Letters, a maildir to deliver them into, and what a mail server of ours says of their senders."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.disclosures.conftest import connect, enter, folders, mailbox, member, work

from plainview.domains.accounts.models import User
from plainview.privacy.gate.doors import runs
from plainview.privacy.post import arriving, confined, letters, services

__all__ = ["connect", "enter", "folders", "mailbox", "member", "work"]
OURS = "mx.lantern.example"
PRIVACY = "privacy@lanternstreet.example"
_number = itertools.count(1)


def proved(address: str) -> str:
    """What our mail server writes above a letter whose sender it has proved."""
    domain = address.rpartition("@")[2]
    return f"{OURS}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}"


def letter(
    text: str = "Please send me a copy of all the data you hold about me.",
    *,
    sender: str = "mira@elsewhere.example",
    subject: str = "My data",
    judged: str = "",
    charset: str = "utf-8",
    **headers: str,
) -> bytes:
    """A letter as a mail server hands it over. Headers are named with `_` for `-`."""
    message = EmailMessage()
    if judged:
        message["Authentication-Results"] = judged
    message["From"], message["To"], message["Subject"] = sender, PRIVACY, subject
    message["Message-ID"] = f"<letter-{next(_number)}@elsewhere.example>"
    message["Date"] = "Thu, 26 Nov 2026 09:00:00 +0000"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text, charset=charset)
    return message.as_bytes()


@pytest.fixture
def desk(at_desk: Callable[..., Client], db: None) -> Client:
    return at_desk(User.objects.create_user("noor@example.org", roles="privacy-officer"))


@pytest.fixture(autouse=True)
def own_server(monkeypatch: pytest.MonkeyPatch, folders: Path) -> None:
    """The operator has named their mail server. Letters are read here, where no test says not."""
    monkeypatch.setattr(settings, "POST_SERVERS", (OURS,))
    monkeypatch.setattr(settings, "POST_URL", f"maildir:{folders / 'letters'}")
    monkeypatch.setattr(services, "read_confined", letters.read)


@pytest.fixture
def confining(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters are read in a process of its own, as they are in real life."""
    monkeypatch.setattr(services, "read_confined", confined.read_confined)


@pytest.fixture
def deliver(folders: Path) -> Callable[..., None]:
    """`deliver(raw, …)`: the mail server puts letters into the maildir, and a worker fetches."""
    new = folders / "letters" / "new"
    new.mkdir(parents=True)

    def put(*raws: bytes) -> None:
        for raw in raws:
            (new / f"{next(_number)}.lantern").write_bytes(raw)
        fetch()

    return put


def fetch() -> int:
    """As the worker does every minute."""
    return runs("rights", source="mail", everyone="a test's worker")(arriving.fetch)()
