"""P5.2.1.8a: two installations, encryption between them, and one person who is at home in both."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.certificates import certify

from .conftest import Service, copy_of, free_port
from .walking import PASSWORD, confirm, follow_the_mail, press

ABOUT = "I like ferries, and the benches at their bows."


@contextmanager
def front(port: int, to: int, certificate: Path) -> Iterator[None]:
    """The proxy that an operator puts before a service: TLS at `port`, plain HTTP behind it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            line = http.client.HTTPConnection("127.0.0.1", to)
            said = {**dict(self.headers.items()), "X-Forwarded-Proto": "https"}
            line.request(self.command, self.path, body, {**said, "X-Forwarded-For": "127.0.0.1"})
            answer = line.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def member(page: Page, service: Service, url: str, address: str) -> None:
    """From the form through the mail to a member."""
    page.goto(f"{url}/accounts/signup/")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Where you live").select_option("NL")
    page.get_by_label("I am 18 or older").check()
    press(page, "Make the account")
    follow_the_mail(page, service, address)


@pytest.mark.journey
@pytest.mark.soak
@pytest.mark.slow
def test_p5_2_1_8a_from_one_installation_straight_to_another(
    tmp_path: Path, laid: Service, browser: Browser
) -> None:
    certificate, port = certify("localhost", tmp_path), free_port()
    a, b = copy_of(laid, tmp_path / "a"), copy_of(laid, tmp_path / "b")
    a.environment["PLAINVIEW_SENDING_AUTHORITIES"] = str(certificate)
    b.environment["PLAINVIEW_PUBLIC_URL"] = there = f"https://localhost:{port}"
    to = int(b.environment["PLAINVIEW_PORT"])
    a.start()
    b.start()
    try:
        here = browser.new_context().new_page()
        member(here, a, a.url, "ines@lantern.example")
        here.goto(f"{a.url}/settings/about/")
        here.get_by_role("textbox", name="About me").fill(ABOUT)
        press(here, "Save")
        with front(port, to, certificate):
            away = browser.new_context(ignore_https_errors=True).new_page()
            member(away, b, there, "ines@elsewhere.example")
            away.goto(f"{there}/privacy/bring/")
            press(away, "Make an invitation")
            code = away.get_by_label("The invitation").input_value()
            here.goto(f"{a.url}/privacy/send/")
            confirm(here)
            here.get_by_label("The invitation").fill(code)
            press(here, "Look at it")
            assert here.get_by_text(f"localhost:{port}", exact=True).is_visible()
        press(here, "Send it now")  # and B is gone
        here.get_by_text("can’t be reached right now").wait_for()
        a.stop()
        with front(port, to, certificate):
            a.start()
            here.goto(f"{a.url}/privacy/send/")
            confirm(here)
            here.get_by_text("has taken it all in, unaltered").wait_for(timeout=90_000)
            away.goto(f"{there}/privacy/bring/")
            assert away.get_by_text("Entries taken over: 1.").first.is_visible()
            away.goto(f"{there}/settings/about/")
            assert away.get_by_role("textbox", name="About me").input_value() == ABOUT
        here.goto(f"{a.url}/privacy/disclosures/")
        assert here.get_by_text(f"The service you named (localhost:{port})").first.is_visible()
        ((state, named),) = a.rows(
            "SELECT state, named FROM privacy_disclosure WHERE recipient = 'named-service'"
        )
        assert (state, named) == ("sent", f"localhost:{port}")
    finally:
        a.stop()
        b.stop()
