"""Heads are stamped by an authority that the policy declares, and nobody's data goes with them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.log.conftest import entries

from plainview.privacy import log
from plainview.privacy.disclosures import connections, stamps
from plainview.privacy.log.models import Stamp

pytestmark = pytest.mark.django_db
CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@pytest.fixture
def authority(tmp_path):
    """An authority on this machine: OpenSSL's own, behind an HTTP server."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine to stamp with")
    (tmp_path / "tsa.cnf").write_text(CONFIG.format(folder=tmp_path))
    (tmp_path / "serial").write_text("01\n")
    openssl(
        tmp_path, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-keyout", "key.pem", "-out", "authority.pem", "-subj", "/CN=a test authority",
        "-days", "2", "-addext", "extendedKeyUsage=critical,timeStamping",
    )  # fmt: skip
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(body)
            (tmp_path / "query").write_bytes(body)
            openssl(
                tmp_path, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-inkey",
                "key.pem", "-signer", "authority.pem", "-out", "reply",
            )  # fmt: skip
            reply = (tmp_path / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *args):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def openssl(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["openssl", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def connect(settings, recipient: str, url: str) -> None:
    settings.CONNECTIONS = Path(settings.DATA) / "connections.toml"
    settings.CONNECTIONS.write_text(
        f'[connection.{recipient}]\nkind = "timestamp"\nurl = "{url}"\nprivate = true\n'
    )


def test_p2_11e_a_head_is_stamped_once_and_openssl_finds_the_stamp_good(
    authority, settings, client, tmp_path
):
    url, asked = authority
    connect(settings, "cloudloom", url)
    entries(3)
    head = log.sequence()
    assert stamps.stamp_latest() == 1
    assert stamps.stamp_latest() == 0, "once is enough"
    assert hashlib.sha256(head.note.encode()).digest() in asked[0]
    assert len(asked[0]) < 100, "and nothing else goes"
    assert "stamped by cloudloom" in client.get("/legal/log/").content.decode()
    stamp = Stamp.objects.get()
    (tmp_path / "head.tsr").write_bytes(client.get(f"/legal/log/stamps/{stamp.pk}.tsr").content)
    (tmp_path / "head.txt").write_bytes(client.get(f"/legal/log/heads/{head.pk}.txt").content)
    verify = ("ts", "-verify", "-in", "head.tsr", "-CAfile", "authority.pem", "-data", "head.txt")
    assert "Verification: OK" in openssl(tmp_path, *verify)


def test_an_authority_that_is_away_or_answers_nonsense_stops_nothing(settings, caplog):
    connect(settings, "cloudloom", "http://127.0.0.1:9/")
    entries(1)
    log.sequence()
    assert stamps.stamp_latest() == 0
    assert not Stamp.objects.exists()
    for reply in (b"", b"<html>", b"\x30\x03\x02\x01\x02", b"\x30\x05\x30\x03\x02\x01\x02",
                  b"\x30\x09\x30\x03\x02\x01\x00\x30\x02\x05\x00"):  # fmt: skip
        with pytest.raises(stamps.NotStamped):
            stamps.granted(reply, b"d" * 32, b"n" * 8)


def test_an_authority_that_the_policy_does_not_declare_stops_the_start(settings):
    connect(settings, "somebody", "http://127.0.0.1:9/")
    assert [each.id for each in connections.check()] == ["privacy.E041"]
