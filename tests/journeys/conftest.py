"""Journeys: a real service on a port of its own, a real browser, a real film."""

from __future__ import annotations

import fcntl
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import psycopg
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from tests import migrated

from .readied import Readied, Running

ROOT = Path(__file__).resolve().parents[2]
# As long as Playwright waits for what is to be pressed: when a page says what it is to say hangs on
# the processor, and where six programs share one, its own five seconds are not enough.
expect.set_options(timeout=30_000)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]


@dataclass
class Service:
    """A running `plainview serve` with its own data folder and database."""

    url: str
    data: Path
    environment: dict[str, str]
    process: Running | None = field(default=None)
    readied: Readied | None = field(default=None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds, read past the gate."""
        address = self.environment.get("PLAINVIEW_DATABASE_URL", "")
        if address:
            with psycopg.connect(address) as connection:
                return connection.execute(sql).fetchall()
        with closing(sqlite3.connect(self.data / "plainview.sqlite3")) as connection:
            return connection.execute(sql).fetchall()

    def tables(self) -> list[str]:
        """The names of all tables, also of those that no model has."""
        if self.environment.get("PLAINVIEW_DATABASE_URL", ""):
            said = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        else:
            said = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return [str(name) for (name,) in self.rows(said)]

    def ready(self) -> Readied:
        """A `plainview` with this environment that is loaded already."""
        if self.readied is None or self.readied.environment != self.environment:
            self.readied = Readied(self.environment)
        return self.readied

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a `plainview` command against the same data."""
        return self.ready().run(arguments, check=check)

    def worker(self) -> Running:
        """Start a job worker beside it, or without it."""
        return self.ready().start(["work"], self.data / "worker.log")

    @cached_property
    def stream_keys(self) -> str:
        """What nginx is told of the keys of films' addresses, which stay as they are meanwhile."""
        return self.command("stream", "nginx").stdout

    def start(self, *options: str) -> None:
        self.process = self.ready().start(["serve", *options], self.data / "serve.log")
        deadline = time.monotonic() + 180  # other work on the machine may slow it down
        while time.monotonic() < deadline and self.process.alive():
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2)  # noqa: S310
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
            else:
                return
        raise AssertionError((self.data / "serve.log").read_text()[-3000:])

    def stop(self) -> None:
        if self.process is not None:
            self.process.tell(signal.SIGTERM)
            self.process.wait(20)
        if self.readied is not None:
            self.readied.end()
            self.readied = None


def free_port() -> int:
    """A port that nobody listens at, and that no connection going out takes while nobody does."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, laid: Service) -> Iterator[Service]:
    """An installation that nobody used yet, served."""
    running = copy_of(laid, tmp_path_factory.mktemp("service"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def another(service: Service) -> Iterator[Service]:
    """A second process of the same service, on the same data, at a port of its own."""
    port = str(free_port())
    beside = Service(f"http://localhost:{port}", service.data, service.environment)
    beside.readied = service.ready()
    beside.start("--port", port)
    yield beside
    beside.readied = None  # which is the other's
    beside.stop()


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Service:
    """A fresh installation with its tables, which is copied and never used; one for all workers.

    On SQLite they are those of a run before, where the same migrations made them.
    """
    shared = tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else None
    folder = (shared or tmp_path_factory.mktemp("laid")) / "laid"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        name = f"journey_laid_{os.getppid() if shared else os.getpid()}"
        done = folder.exists()
        folder.mkdir(exist_ok=True)
        made = _install(folder, name, make=not done)
        if not done:
            if (tables := migrated.kept(pytestconfig)).exists():
                shutil.copyfile(tables, folder / "plainview.sqlite3")
            # What the checks would miss in such a file, the walls of ledgers, is put there by it.
            made.command("manage", "migrate", "-v0", "--skip-checks")
            made.stop()
    return made


@pytest.fixture
def idle_service(tmp_path: Path, laid: Service) -> Service:
    """An installation that is not served and has no worker: the test starts its own."""
    return copy_of(laid, tmp_path)


@pytest.fixture
def served(idle_service: Service) -> Iterator[Service]:
    """A fresh installation, served for this test alone."""
    idle_service.start()
    yield idle_service
    idle_service.stop()


ROLES = "from plainview.privacy import roles; roles.renew()"
"""Those of PostgreSQL are a database's own; whatever else follows a migration is copied with it."""


def copy_of(laid: Service, data: Path) -> Service:
    """The installation once more, in an own folder, with an own database."""
    shutil.copytree(laid.data, data, dirs_exist_ok=True)
    like = laid.environment.get("PLAINVIEW_DATABASE_URL", "").partition("/journey_")[2]
    copied = _install(data, like=f"journey_{like.partition('?')[0]}" if like else "")
    if like:
        copied.command("manage", "shell", "-v0", "--command", ROLES)
    return copied


def _install(data: Path, name: str = "", *, make: bool = True, like: str = "") -> Service:
    port = free_port()
    environment = {
        **os.environ,
        "PLAINVIEW_DATA_DIR": str(data),
        "PLAINVIEW_PORT": str(port),
        # A proxy of ours stands in front and says where readers are: the browser plays its part.
        "PLAINVIEW_TRUSTED_PROXIES": "1",
        "PLAINVIEW_PLACE_HEADER": "X-Place",
    }
    address = environment.get("PLAINVIEW_DATABASE_URL", "")
    if address:
        name = name or f"journey_{os.getpid()}_{port}"
        if make:
            _create_database(address, name, like or "template1")
        environment["PLAINVIEW_DATABASE_URL"] = address.replace("/postgres?", f"/{name}?")
    return Service(f"http://localhost:{port}", data, environment)


def _create_database(address: str, name: str, like: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')


def _film(path: Path, seconds: int) -> Path:
    """A real film: moving picture, sound, an embedded Spanish subtitle track."""
    lines = path.with_suffix(".srt")
    lines.write_text(f"1\n00:00:01,000 --> 00:00:{seconds - 3:02},000\nHola desde el puerto\n")
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y",
            "-f", "lavfi", "-i", f"testsrc2=size=426x240:rate=12:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}",
            "-i", str(lines),
            "-map", "0:v", "-map", "1:a", "-map", "2:s",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
            "-c:a", "aac", "-c:s", "srt", "-metadata:s:s:0", "language=spa", str(path),
        ],
        check=True,
    )  # fmt: skip
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of twelve seconds."""
    return _film(tmp_path_factory.mktemp("clip") / "harbour walk.mkv", 12)


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of five seconds, for who asks that it is taken, and not how it plays."""
    return _film(tmp_path_factory.mktemp("short") / "harbour.mkv", 5)


ARABIC = "WEBVTT\n\n00:00:01.000 --> 00:00:09.000\nمساء الخير من الميناء\n"
KOREAN = "1\n00:00:01,000 --> 00:00:09,000\n항구에서 전하는 저녁 인사\n"


@dataclass
class Film:
    """What the ingest of the clip gave."""

    path: str
    key: str


def put_on(service: Service, path: Path, name: str, *more: str) -> Film:
    """Put a film on by the command, which says where it is watched."""
    said = service.command("ingest", str(path), "--name", name, *more).stdout
    found = re.search(r"/watch/([a-z0-9]+)/", said)
    assert found, said
    return Film(found[0], found[1])


@pytest.fixture(scope="session")
def film(service, clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Film:
    """The clip, ingested by the command, with Arabic and Korean subtitles added from files."""
    made = put_on(service, clip, "Harbour Walk", "--language", "es")
    folder = tmp_path_factory.mktemp("subtitles")
    (folder / "walk.ar.vtt").write_text(ARABIC, encoding="utf-8")
    (folder / "walk.ko.srt").write_text(KOREAN, encoding="cp949")
    files = str(folder / "walk.ar.vtt"), str(folder / "walk.ko.srt")
    service.command("subtitles", made.key, *files)
    return made


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    chromium()  # without one even the driver may not start, and that is no fault of the service
    with sync_playwright() as running:
        yield running


def chromium(*, whole: bool = False) -> dict[str, Any]:
    """How Playwright starts it: its shell that has no windows, where there is one, or it `whole`.

    The shell takes a third of the processor's time for the same pages. It keeps no settings and
    takes no messages, so what is about these asks for the whole.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    if not path:
        pytest.skip("no Chromium: install one or set CHROMIUM")
    if path == "playwright":  # whose own choice is the shell
        return {"channel": "chromium"} if whole else {}
    return {"executable_path": path if whole else os.environ.get("CHROMIUM_SHELL") or path}


def launched(playwright: Playwright, *flags: str, whole: bool = False) -> Browser:
    """A browser whose readers want less motion, where a test does not want it otherwise.

    Each fade from one page to the next is drawn by the processor, sixty times a second.
    """
    running = playwright.chromium.launch(**chromium(whole=whole), args=[*FLAGS, *flags])
    new = partial(running.new_context, reduced_motion="reduce")
    running.new_context = new  # type: ignore[method-assign]
    return running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launched(playwright)
    yield running
    running.close()


@pytest.fixture
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser with all that has no part in the drawing of pages."""
    running = launched(playwright, whole=True)
    yield running
    running.close()


PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(params=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of a fresh visitor, at phone and at desk size."""
    with unharmed(browser, phone=request.param == "phone") as page:
        yield page


@contextmanager
def unharmed(browser: Browser, *, phone: bool) -> Iterator[Page]:
    """A page of a browser of its own, in which no script fails and nothing is refused."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK, has_touch=phone, is_mobile=phone, locale="en-GB"
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    # Chromium's own word that a page was left before the next could fade in: nobody's script.
    quiet = "ViewTransition opt-in disabled"
    context.expose_function("refused", lambda what: faults.append(f"refused by CSP: {what}"))
    page.add_init_script(
        "addEventListener('securitypolicyviolation',"
        " e => refused(e.effectiveDirective + ' ' + e.blockedURI))"
    )
    yield page
    context.close()
    faults = [each for each in faults if quiet not in each]
    assert not faults, faults
