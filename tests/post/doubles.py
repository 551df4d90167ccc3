"""A mailbox: a real server on this machine that speaks IMAP over TLS, as much of it as we say."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Mailbox:
    """Its messages by number, with their flags; `moved` is what was copied elsewhere."""

    pem: Path
    starttls: bool = False
    password: str = "secret word"
    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    moved: list[tuple[str, bytes]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    claims: int = 0
    """So many bytes it says that a message has, instead of as many as it has."""

    def put(self, *raws: bytes) -> None:
        for raw in raws:
            number = max(self.messages, default=0) + 1
            self.messages[number], self.flags[number] = raw, set()

    def __enter__(self) -> Mailbox:
        double = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                try:
                    wire = self.request
                    if not double.starttls:
                        wire = context.wrap_socket(wire, server_side=True)
                    double._talk(wire, context)
                except OSError:
                    return

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        kind, port = "imap" if self.starttls else "imaps", self.server.server_address[1]
        word = self.password.replace(" ", "%20")
        return f"{kind}://privacy:{word}@localhost:{port}/INBOX?authorities={self.pem}"

    def _talk(self, wire, context) -> None:
        wire.sendall(b"* OK ready\r\n")
        file = wire.makefile("rb")
        while line := file.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self.said.append(command.split(" ")[0].upper())
            if command.upper() == "STARTTLS":
                wire.sendall(f"{tag} OK go\r\n".encode())
                wire = context.wrap_socket(wire, server_side=True)
                file = wire.makefile("rb")
                continue
            for part in self._answer(command):
                wire.sendall(part)
            verdict = "NO" if command.startswith("LOGIN") and self.password not in command else "OK"
            wire.sendall(f"{tag} {verdict} done\r\n".encode())
            if command.upper() == "LOGOUT":
                return

    def _answer(self, command: str):
        first, *words = command.split(" ")
        if first.upper() == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1 UIDPLUS" + b" STARTTLS" * self.starttls + b"\r\n"
        elif first.upper() == "SELECT":
            yield f"* {len(self.messages)} EXISTS\r\n".encode()
        elif first.upper() == "UID":
            yield from self._by_number(words[0].upper(), words[1:])

    def _by_number(self, verb: str, words: list[str]):
        if verb == "SEARCH":
            asked = " ".join(words)
            found = re.search(r"LARGER (\d+)", asked)
            most = int(found[1]) if found else 0
            large = not asked.startswith("UNDELETED NOT")
            found = [
                str(number)
                for number, raw in self.messages.items()
                if (len(raw) > most) == large and not (large and "\\Flagged" in self.flags[number])
            ]
            yield f"* SEARCH {' '.join(found)}\r\n".encode()
            return
        number = int(words[0])
        raw = self.messages[number]
        if verb == "FETCH" and "SIZE" in words[2]:
            yield f"* 1 FETCH (UID {number} RFC822.SIZE {self.claims or len(raw)})\r\n".encode()
        elif verb == "FETCH":
            part = raw[: int(re.search(r"<0\.(\d+)>", words[2])[1])]
            size = self.claims or len(part)
            yield f"* 1 FETCH (UID {number} BODY[]<0> {{{size}}}\r\n".encode() + part + b")\r\n"
        elif verb == "STORE":
            self.flags[number] |= set(re.findall(r"\\\w+", words[2]))
        elif verb == "COPY":
            self.moved.append((" ".join(words[1:]).strip('"'), raw))
        elif verb == "EXPUNGE" and "\\Deleted" in self.flags[number]:
            del self.messages[number]
