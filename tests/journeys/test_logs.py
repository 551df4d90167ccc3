"""What the service writes about itself names nobody, even where it says the most."""

from __future__ import annotations

import socketserver
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest

from .conftest import Service
from .walking import PASSWORD, in_files

pytestmark = [pytest.mark.journey, pytest.mark.slow]
ADDRESS, ELSEWHERE, SOUGHT = "quinn@lantern.example", "203.0.113.77", "what-quinn-looked-for"
AGENT = "QuinnsBrowser/9"
REQUESTS: list[tuple[str, dict[str, str] | None, dict[str, str]]] = [
    ("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}, {}),
    ("/accounts/login/?next=/my/", {"login": ADDRESS, "password": "wrong"}, {}),
    ("/accounts/password/reset/", {"email": ADDRESS}, {}),
    ("/accounts/signup/", {"email": ADDRESS, "password1": PASSWORD, "territory": "DE", "age": "18",
                           "certified": "on"}, {}),
    ("/accounts/signup/", {"email": ADDRESS, "password1": "x", "territory": "nowhere"}, {}),
    (f"/search/?q={SOUGHT}", None, {}),
    (f"/{ADDRESS}/?q={SOUGHT}", None, {}),
    (f"/privacy/left/{ADDRESS}/", None, {}),
    (f"/accounts/confirm-email/{SOUGHT}/", None, {}),
    (f"/accounts/email/back/{SOUGHT}/", {"take": "back"}, {}),
    (f"/accounts/email/keep/{SOUGHT}/", {"keep": "it"}, {}),
    ("/accounts/email/lost/", {"old": ADDRESS, "new": f"new-{ADDRESS}", "words": SOUGHT}, {}),
    ("/privacy/choices/", {"via": SOUGHT}, {"Origin": "https://elsewhere.example"}),
    ("/privacy/choices/", {"via": SOUGHT}, {"Cookie": f"plainview-choices={SOUGHT}"}),
    ("/settings/", None, {"Cookie": f"plainview-session={SOUGHT}"}),
    ("/", None, {"X-Place": SOUGHT, "Referer": f"https://elsewhere.example/{SOUGHT}"}),
    ("/watch/nowhere/signal/", {"sitting": SOUGHT}, {}),
    (f"/stream/{SOUGHT}/master.m3u8", None, {"Range": "bytes=x-y"}),
]  # fmt: skip


def ask(service: Service, path: str, form: dict[str, str] | None, headers: dict[str, str]) -> None:
    """One request, as a browser sends it through a proxy."""
    data = None if form is None else urllib.parse.urlencode(form).encode()
    sent = {"X-Forwarded-For": ELSEWHERE, "User-Agent": AGENT, "Origin": service.url, **headers}
    request = urllib.request.Request(service.url + path, data, sent)  # noqa: S310
    with suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        answer.read()


class Refusing(socketserver.StreamRequestHandler):
    """A mail server that knows nobody, and repeats whom it does not know."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            said = b"550 nobody is called " + line.strip() if word == b"RCPT" else b"250 well"
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else said + b"\r\n")


@pytest.fixture
def post() -> Iterator[str]:
    """The address of that mail server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def loud(idle_service: Service, post: str) -> Iterator[Service]:
    """A service at its chattiest: errors in full, warnings shown, mail that nobody takes."""
    idle_service.environment |= {
        "PLAINVIEW_DEBUG": "true",
        "PLAINVIEW_EMAIL_URL": post,
        "PYTHONWARNINGS": "default",
        "PYTHONDEVMODE": "1",
    }
    idle_service.start()
    yield idle_service
    idle_service.stop()


def test_p1_1_1c_p1_2_1a_at_its_chattiest_the_log_names_nobody(loud: Service) -> None:
    for path, form, headers in REQUESTS:
        ask(loud, path, form, headers)
    deadline = time.monotonic() + 60
    mails = "SELECT attempts FROM jobs_job WHERE task LIKE 'disclosures.deliver%'"
    while not all(tried for (tried,) in loud.rows(mails)) or not loud.rows(mails):
        assert time.monotonic() < deadline, "the mails were to be tried once"
        time.sleep(0.1)
    loud.stop()
    words = {ADDRESS, ELSEWHERE, SOUGHT, AGENT, "elsewhere.example", PASSWORD}
    found = in_files(loud.data, {word.lower().encode() for word in words})
    assert {name for name, _ in found if not name.startswith("plainview.sqlite3")} == set()
    assert "is at http" in (loud.data / "serve.log").read_text()
