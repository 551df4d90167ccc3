"""The lines of docs/operator.md for other proxies, as they stand, in front of one who listens."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

import pytest
from tests.certificates import certify
from tests.journeys.conftest import ROOT, free_port

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
HOST = "films.example.org"
TAKES_NOTHING = """
from plainview.web.turns import Turns

def refuse(environ, start):
    start("413 Content Too Large", [("Content-Type", "text/plain"), ("Content-Length", "8")])
    return [b"too much"]

application = Turns(refuse)
"""
NAMES = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Place")
MODULES = "mpm_event authz_core ssl proxy proxy_http headers"


class _Told(BaseHTTPRequestHandler):
    """Answers with the headers that came, in their order, each as often as it came."""

    def do_GET(self) -> None:
        said = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        return


def _caddy(sample: str, folder: Path, port: int, both: Path) -> list[str]:
    sample = sample.replace(f"{HOST} {{", f"https://{HOST}:{port} {{\n\ttls {both} {both}")
    own = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system {folder}\n}}\n"
    (folder / "Caddyfile").write_text(own + sample)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _haproxy(sample: str, folder: Path, port: int, both: Path) -> list[str]:
    sample = sample.replace(":443", f"127.0.0.1:{port}")
    sample = sample.replace("/etc/haproxy/films.pem", str(both))
    waits = "".join(f"    timeout {each} 20s\n" for each in ("connect", "client", "server"))
    own = "global\n    log stdout format raw local0\ndefaults\n    mode http\n    log global\n"
    (folder / "haproxy.cfg").write_text(f"{own}{waits}    option httplog\n{sample}")
    return ["haproxy", "-f", str(folder / "haproxy.cfg")]


def _apache2(sample: str, folder: Path, port: int, both: Path) -> list[str]:
    sample = re.sub(r"/etc/letsencrypt/\S+", str(both), sample.replace("*:443", f"*:{port}"))
    loaded = "".join(
        f"LoadModule {each}_module /usr/lib/apache2/modules/mod_{each}.so\n"
        for each in MODULES.split()
    )
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/said\n{loaded}"
        f"Listen 127.0.0.1:{port}\nServerName {HOST}\nUser nobody\nGroup nogroup\n"
        f'LogFormat "%h %r" common\nCustomLog {folder}/said common\n{sample}'
    )
    return ["apache2", "-f", str(folder / "apache.conf"), "-D", "FOREGROUND"]


PROXIES: dict[str, Callable[[str, Path, int, Path], list[str]]] = {
    "Caddy": _caddy,
    "HAProxy": _haproxy,
    "Apache": _apache2,
}


@contextmanager
def listening(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A program that listens at a port; what it says is in the folder."""
    with (folder / "said").open("ab") as said:
        running = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, (folder / "said").read_text()
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def standing(name: str, folder: Path, behind: int) -> Iterator[int]:
    """A proxy by its lines of the docs in front of a port; its own."""
    docs = (ROOT / "docs/operator.md").read_text()
    sample = re.search(rf"```\n# {name} .*?\n(.*?)```", docs, re.DOTALL)
    assert sample, name
    lines = sample[1].replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    port = free_port()
    command = PROXIES[name](lines, folder, port, certify(HOST, folder))
    found = shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/bin")
    if not found:
        pytest.skip(f"no {command[0]}: install it")
    with listening([found, *command[1:]], port, folder):
        yield port


@pytest.fixture(params=PROXIES)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a proxy by its lines of the docs, and the folder of all that it writes."""
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _Told)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    with standing(request.param, tmp_path, behind.server_port) as port:
        yield port, tmp_path
    behind.shutdown()


def connected(port: int) -> http.client.HTTPSConnection:
    """A reader's connection to a proxy, as to the host that it stands for."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection(HOST, port, timeout=20, context=trusting)
    raw = socket.create_connection(("127.0.0.1", port), timeout=20)
    line.sock = trusting.wrap_socket(raw, server_hostname=HOST)
    return line


def asked(port: int, *headers: tuple[str, str]) -> list[tuple[str, str]]:
    """What a request with these headers, in this order, says where it comes out."""
    line = connected(port)
    line.putrequest("GET", "/watch/the-one-they-watched/", skip_host=True)
    for name, value in (("Host", HOST), *headers):
        line.putheader(name, value)
    line.endheaders()
    answer = line.getresponse()
    assert answer.status == 200
    told = json.loads(answer.read())
    line.close()
    return [(name.lower(), value) for name, value in told]


def test_what_a_reader_writes_for_the_proxy_is_gone_and_no_line_says_what_they_watched(proxy):
    """The service takes an underscore for a hyphen: one that came through spoke for the proxy."""
    port, folder = proxy
    forged = [
        ("".join(map("".join, zip(name.split("-"), [*joined, ""], strict=True))), "198.51.100.7")
        for name in NAMES
        for joined in product("-_", repeat=name.count("-"))
        if name != "X-Place" or "_" in joined
    ]
    for order in (forged, forged[::-1]):
        told = asked(port, *order)
        assert not [name for name, _ in told if "_" in name], told
        assert [value for name, value in told if name == "x-forwarded-for"] == ["127.0.0.1"]
        assert [value for name, value in told if name == "x-forwarded-proto"] == ["https"]
        assert [value for name, value in told if name == "host"] == [HOST]
    asked(port)
    said = (folder / "said").read_text()
    assert "127.0.0.1" not in re.sub(r"127\.0\.0\.1:\d+", "", said)
    assert "the-one-they-watched" not in said


@pytest.mark.parametrize("name", PROXIES)
def test_whoever_sends_more_than_is_taken_reads_so_behind_each_proxy(name, tmp_path):
    """Apache said 500, and HAProxy broke off now and then: each still sent what nobody read."""
    (tmp_path / "refusing.py").write_text(TAKES_NOTHING)
    behind = free_port()
    serve = ["-m", "granian", "--interface", "wsgi", "--port", str(behind), "--no-ws"]
    serve += ["--blocking-threads", "72", "refusing:application"]
    with (
        listening([sys.executable, *serve], behind, tmp_path),
        standing(name, tmp_path, behind) as port,
    ):
        for _ in range(10):
            line = connected(port)
            line.request("POST", "/privacy/request/", bytes(60_000_000))
            answer = line.getresponse()
            assert (answer.status, answer.read()) == (413, b"too much")
            line.close()
