"""A third party on this machine: a server over TLS that notes who came for what."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.certificates import certify

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
    context.load_cert_chain(certify(host, folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    visits = Visits(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield visits
    finally:
        server.shutdown()
        server.server_close()


def page_elsewhere(html: str) -> str:
    """Serve a page as somebody else on this machine, as long as the tests run; returns its host."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_port}"
