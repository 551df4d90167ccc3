"""People of the rights desk, and the ways they go: signed in, confirmed, by a device."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from tests.people import HERE, browser_of, somebody, viewed

from plainview.domains.accounts.models import User
from plainview.domains.catalogue.models import Title, Video
from plainview.domains.playback.models import Viewing
from plainview.platform.jobs import worker
from plainview.privacy.commands import privacy
from plainview.privacy.consent import cookie
from plainview.privacy.rights import holdings
from plainview.privacy.rights.holdings import Quiet
from plainview.privacy.rights.person import Person
from plainview.privacy.rights.planning import Line

PASSWORD = "a lantern in the rain"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """A data folder of the test's own, apart from the database."""
    caches["shelves"].clear()
    data = tmp_path / "data"
    (data / "outbox").mkdir(parents=True)
    (data / "uploads").mkdir()
    monkeypatch.setattr(settings, "DATA", data)
    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", str(data / "outbox"), raising=False)
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", data / "uploads")
    return data


def _member(name: str) -> User:
    return somebody(f"{name}@lantern.example", PASSWORD)


@pytest.fixture
def member() -> Callable[[str], User]:
    return _member


@pytest.fixture
def ines(db) -> User:
    return _member("ines")


@pytest.fixture
def tom(db) -> User:
    return _member("tom")


@pytest.fixture
def sitting(ines: User) -> Callable[..., Viewing]:
    """Makes sittings, watched so many days ago: of Ines, or of another subject."""
    title = Title.objects.create(slug="x", kind="film", year=2026, texts={"en": {"name": "X"}})
    video = Video.objects.create(title=title, language="en")

    def make(days: int, subject: int = 0) -> Viewing:
        at = timezone.now() - dt.timedelta(days)
        return viewed(subject or ines.pk, video, f"{days}-{subject}", at)

    return make


@pytest.fixture
def in_ireland(placed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of ours states that whoever comes in is there."""
    monkeypatch.setitem(HERE, "x-place", "IE")


def sign_in(user: User) -> Client:
    """A browser in which `user` has signed in by the form."""
    client = Client(headers=HERE)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def enter(user: User, *, confirmed: bool = True) -> Client:
    """A browser in which `user` is signed in, and has given the password just now."""
    client = browser_of(user, headers=HERE)
    return confirm(client, user) if confirmed else client


def confirm(client: Client, user: User, *, age: float = 0) -> Client:
    """The browser in which `user` has given the password once more, so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - age, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def arrive(*answers: str, choice: str = "reject") -> tuple[Client, int]:
    """A browser without account that answered the banner; the number it got."""
    client = Client(headers=HERE)
    page = client.get("/privacy/choices/")
    shown = page.context["shown"]
    form: dict[str, Any] = {"via": "centre", "shown": shown, "answer": choice}
    assert client.post("/privacy/choices/", form).status_code == 302
    request = page.wsgi_request
    request.COOKIES[cookie.NAME] = client.cookies[cookie.NAME].value
    remembered = cookie.read(request)
    assert remembered is not None
    return client, remembered.device


def archive(client: Client, path: str = "/privacy/copy/") -> zipfile.ZipFile:
    """Ask for a copy, have it made, fetch it."""
    answer = client.post(path)
    place = answer.headers.get("Location", "")
    assert place.startswith(path.partition("?")[0]), place
    work()
    page = client.get(path)
    fetched = client.get(page.context["fetch"])
    assert fetched.status_code == 200
    content = b"".join(fetched.streaming_content)
    assert len(content) == int(fetched["Content-Length"])
    zipped = zipfile.ZipFile(io.BytesIO(content))
    assert zipped.testzip() is None
    return zipped


def rows(zipped: zipfile.ZipFile, table: str) -> list[dict[str, Any]]:
    """The rows of a table in a copy."""
    return json.loads(zipped.read(f"data/{table}.json"))


def work() -> None:
    """Let the worker do what waits."""
    worker.run_all()


class Late(io.BytesIO):
    """A body that comes slowly: `meanwhile` something else happens."""

    def __init__(self, body: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(body)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return super().read(size)


def slowly(client: Client, path: str, form: dict[str, Any], meanwhile: Callable[[], object]) -> int:
    """The status of a form whose body comes in after something else has happened."""
    client.post("/privacy/choices/", {"answer": "reject", "via": "centre"})
    body = encode_multipart(BOUNDARY, form)
    late = {"wsgi.input": Late(body, meanwhile), "CONTENT_TYPE": MULTIPART_CONTENT}
    return client.generic("POST", path, CONTENT_LENGTH=str(len(body)), **late).status_code


class Clock:
    """The day that the service believes in."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def on(self, day: dt.date) -> None:
        self.now = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at nine in the morning of a day, until it is put on."""
    clock = Clock(timezone.now())
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    clock.on(dt.date(2026, 11, 27))
    return clock


@pytest.fixture
def sweep(clock: Clock) -> Callable[[dt.date], list[str]]:
    """`sweep(day)` sweeps on that day, by the command; the titles of the letters it sent."""

    def swept(day: dt.date) -> list[str]:
        clock.on(day)
        mail.outbox.clear()
        done = CliRunner().invoke(privacy, ["sweep"], catch_exceptions=False)
        assert done.exit_code == 0
        work()
        return [each.subject for each in mail.outbox]

    return swept


class Stuck(Quiet):
    """A store that can't let go, until it can."""

    name = "stuck"
    broken = True

    def plan(self, person: Person) -> Iterator[Line]:
        yield Line(self.name, "profile.picture", "removed", 1)

    def erase(self, person: Person) -> int:
        if self.broken:
            raise OSError("the disk is gone")
        return 1


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Stuck:
    holding = Stuck()
    monkeypatch.setattr(holdings, "_registered", [*holdings.registered(), holding])
    return holding
