"""Doubles of recipients: real servers on this machine that keep what they are sent."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.controller import Controller


@dataclass
class Got:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Recipient:
    """An HTTP server that answers as it is told to."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    trickle: float = 0.0
    endless: bool = False
    stays: bool = False
    """Whether it leaves connections open (HTTP/1.1)."""
    answer: bytes = b"{}"
    heads: int = 0
    """So many bytes of headers more."""
    callers: set[tuple[str, int]] = field(default_factory=set)
    """From where it was connected to: one for each connection."""
    got: list[Got] = field(default_factory=list)

    def __enter__(self) -> Recipient:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1" if double.stays else "HTTP/1.0"
            wbufsize = -1

            def _take(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                heads = {name.lower(): value for name, value in self.headers.items()}
                double.callers.add(self.client_address)
                double.got.append(Got(self.command, self.path, heads, body))
                self.send_response(double.status)
                for name, value in double.headers.items():
                    self.send_header(name, value)
                for number in range(double.heads // 1000):
                    self.send_header(f"x-{number}", "y" * 990)
                try:
                    if double.endless:
                        self.end_headers()
                        while True:
                            self.wfile.write(b"x" * 65536)
                    elif double.trickle:
                        self.end_headers()
                        for _ in range(200):
                            self.wfile.write(b"x")
                            self.wfile.flush()
                            time.sleep(double.trickle)
                    else:
                        self.send_header("Content-Length", str(len(double.answer)))
                        self.end_headers()
                        self.wfile.write(double.answer)
                except OSError:
                    return

            do_GET = do_POST = do_PUT = do_DELETE = _take

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class Listening:
    """Listens for mail at a port of its own, as aiosmtpd's handler of itself."""

    accepts: int | None = None
    """How many bytes of a letter are taken; None for what servers usually take."""

    def __enter__(self) -> Self:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        size = {} if self.accepts is None else {"data_size_limit": self.accepts}
        self.controller = Controller(self, hostname="127.0.0.1", port=port, **size)
        self.controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"


@dataclass
class Mailbox(Listening):
    """A mail server that keeps the letters it is given, or refuses their receivers."""

    answer: str = "250 kept"
    receivers: str = "250 fine"
    letters: list[tuple[list[str], bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    peers: set[tuple[str, int]] = field(default_factory=set)
    goodbyes: int = 0
    greetings: list[str] = field(default_factory=list)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.greetings.append(hostname)
        return responses

    async def handle_QUIT(self, server, session, envelope):
        self.goodbyes += 1
        return "221 goodbye"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.receivers.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.receivers

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.letters.append((list(envelope.rcpt_tos), bytes(envelope.content)))
            self.senders.append(envelope.mail_from)
            self.peers.add(session.peer)
        return self.answer
