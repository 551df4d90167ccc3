"""A third party on this machine: a server over TLS that notes who came for what."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SCRIPT = """
const seen = {};
for (const [name, read] of Object.entries({
  parent: () => parent.document.title,
  local: () => String(localStorage.length),
  cookie: () => document.cookie,
})) { try { seen[name] = read(); } catch { seen[name] = "refused"; } }
const said = document.createElement("p");
said.id = "widget";
said.textContent = JSON.stringify(seen);
document.body.append(said);
"""


@dataclass
class Visits:
    """What was fetched, in order, and the cookies and origin that came with it."""

    port: int
    seen: list[str] = field(default_factory=list)
    told: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def third_party(host: str, folder: Path) -> Iterator[Visits]:
    """Serve as `host`: `/widget.js` looks around, everything else is a page that sets a cookie."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.seen.append(self.path)
            visits.told.append({name.lower(): value for name, value in self.headers.items()})
            script = self.path.endswith(".js")
            body = SCRIPT if script else "<!DOCTYPE html><title>box</title><p id=box>Comments"
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html")
            self.send_header("Set-Cookie", "rt-visitor=1; SameSite=None; Secure")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(host, folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    visits = Visits(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield visits
    finally:
        server.shutdown()
        server.server_close()


def _certificate(host: str, folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "third-party.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
