"""The lines of docs/operator.md for other proxies, as they stand, in front of one who listens."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

import pytest
from tests.certificates import certify
from tests.journeys.conftest import ROOT, free_port

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.drawn]
HOST = "films.example.org"
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


@pytest.fixture(params=PROXIES)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a proxy by its lines of the docs, and the folder of all that it writes."""
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _Told)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    docs = (ROOT / "docs/operator.md").read_text()
    sample = re.search(rf"```\n# {request.param} .*?\n(.*?)```", docs, re.DOTALL)
    assert sample, request.param
    lines = sample[1].replace("127.0.0.1:8000", f"127.0.0.1:{behind.server_port}")
    port = free_port()
    command = PROXIES[request.param](lines, tmp_path, port, certify(HOST, tmp_path))
    found = shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/bin")
    if not found:
        pytest.skip(f"no {command[0]}: install it")
    with (tmp_path / "said").open("ab") as said:
        running = subprocess.Popen([found, *command[1:]], stdout=said, stderr=said)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, (tmp_path / "said").read_text()
            time.sleep(0.05)
        yield port, tmp_path
    finally:
        running.terminate()
        running.wait(20)
        behind.shutdown()


def asked(port: int, *headers: tuple[str, str]) -> list[tuple[str, str]]:
    """What a request with these headers, in this order, says where it comes out."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    line = http.client.HTTPSConnection(HOST, port, timeout=20, context=trusting)
    raw = socket.create_connection(("127.0.0.1", port), timeout=20)
    line.sock = trusting.wrap_socket(raw, server_hostname=HOST)
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
