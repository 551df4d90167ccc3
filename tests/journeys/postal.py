"""A post office of a test's own: a mail server that people write to and that our letters go to."""

from __future__ import annotations

import itertools
import re
import smtplib
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Self

from tests.disclosures.doubles import Listening

OURS = "mx.lantern.example"
PRIVACY = "privacy@lanternstreet.example"
_number = itertools.count(1)


@dataclass
class Office(Listening):
    """Takes mail by SMTP: what is for the privacy address goes into a maildir, the rest is kept.

    Above each letter it writes what it found of the sender, as a mail server of the operator's
    does: proved is who stands in `proved`.
    """

    maildir: Path
    proved: set[str] = field(default_factory=set)
    kept: list[tuple[str, EmailMessage]] = field(default_factory=list)
    accepts: int = 40_000_000

    def __enter__(self) -> Self:
        for name in ("tmp", "new", "cur"):
            (self.maildir / name).mkdir(parents=True, exist_ok=True)
        return super().__enter__()

    async def handle_DATA(self, server, session, envelope) -> str:
        raw = bytes(envelope.content)
        for receiver in envelope.rcpt_tos:
            if receiver == PRIVACY:
                self._deliver(envelope.mail_from or "", raw)
            else:
                self.kept.append((receiver, message_from_bytes(raw, policy=policy.default)))
        return "250 kept"

    def _deliver(self, sender: str, raw: bytes) -> None:
        domain = sender.rpartition("@")[2]
        found = f"dmarc=pass header.from={domain}" if sender in self.proved else "none"
        head = f"Return-Path: <{sender}>\r\nAuthentication-Results: {OURS}; {found}\r\n"
        name = f"{time.time_ns()}.{next(_number)}.lantern"
        waiting = self.maildir / "tmp" / name
        waiting.write_bytes(head.encode() + raw)
        waiting.rename(self.maildir / "new" / name)

    def hand_over(self, raw: bytes, sender: str, to: str = PRIVACY) -> None:
        """As somebody's mail program does; SMTP from end to end."""
        with smtplib.SMTP("127.0.0.1", self.controller.port, timeout=30) as wire:
            wire.sendmail(sender, [to], raw)

    def write(self, sender: str, subject: str, text: str, *, under: EmailMessage | None = None):
        """A letter to the privacy address, an answer to `under` where there is one."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, PRIVACY, subject
        message["Message-ID"] = f"<{next(_number)}.{time.time_ns()}@elsewhere.example>"
        message["Date"] = "Thu, 26 Nov 2026 09:00:00 +0000"
        if under is not None:
            del message["To"]
            message["To"] = under["Reply-To"]
            message["In-Reply-To"] = under["Message-ID"]
            message["References"] = f"{under['References']} {under['Message-ID']}"
            text += "\n\nOn Thursday you wrote:\n" + re.sub("(?m)^", "> ", words(under))
        message.set_content(text)
        self.hand_over(message.as_bytes(policy=policy.SMTP), sender, str(message["To"]))
        return message

    def to(self, address: str) -> list[EmailMessage]:
        """What came for an address, the oldest first."""
        return [letter for receiver, letter in self.kept if receiver == address]

    def await_for(self, address: str, count: int, *, seconds: float = 90) -> EmailMessage:
        """The letter that makes `count` for an address, once a worker has sent it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(found := self.to(address)) >= count:
                return found[count - 1]
            time.sleep(0.05)
        raise AssertionError(f"{len(self.to(address))} letters of {count} came for {address}")


def words(letter: EmailMessage) -> str:
    """What a letter says in plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage) -> str:
    """The link of ours in a letter."""
    found = re.search(r"http://localhost\S+/privacy/request/\S+", words(letter))
    assert found, words(letter)
    return found[0]
