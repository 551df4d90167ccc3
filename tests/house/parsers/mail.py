"""Letters and reports that anybody sends, and what mail servers say."""

from __future__ import annotations

import contextlib
import imaplib
import socket
from email.message import EmailMessage
from typing import Any
from unittest import mock

from django.conf import settings
from tests.fuzzing import Parser

from plainview.platform.outbound import Trouble, imap, wire
from plainview.privacy.disclosures import (
    feedback,
    feeds,
    stamps,
)
from plainview.privacy.post import judging, letters, quoting, understanding


def _mails() -> list[bytes]:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Mira <mira@elsewhere.example>", "privacy@lantern.example"
    letter["Subject"], letter["Message-ID"] = "Bitte löschen", "<a1@elsewhere.example>"
    letter["Authentication-Results"] = (
        "mx.lantern.example 1; dkim=pass (2048-bit (good)) header.d=elsewhere.example;"
        " spf=fail smtp.mailfrom=b@elsewhere.example"
    )
    letter["References"] = "<b2@lantern.example> <c3@lantern.example>"
    letter.set_content("Please delete my account.\n\n> said before\n")
    letter.add_alternative("<p>Please <b>delete</b> my account &amp; all.</p>", subtype="html")
    letter.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="ü.pdf")
    plain = b"From: a@b.example\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    return [letter.as_bytes(), plain + "削除してください".encode("iso-2022-jp"), *_reports()]


_MAIL_WORDS = (
    b"From: a@b.example\r\n", b"Subject: =?utf-8?b?", b"?=", b"\r\n\r\n", b"--b\n", b"--b--\n",
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: message/rfc822\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
    b"Content-Type: message/delivery-status\n", b"Content-Type: message/feedback-report\n",
    b"Content-Type: text/rfc822-headers\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n", b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''", b"charset=punycode", b"charset=idna",
    b"charset=unicode-escape", b"Message-ID: <", b"To: ;:<@,@:\"", b"Date: ",
    b"References: <a@b>\n", b"Auto-Submitted: no\n", b"To: =?utf-8?q?=ff?= <",
    b"Final-Recipient: rfc822;",
)  # fmt: skip


def _letter(data: bytes) -> str:
    found = letters.read(data)
    found.text.encode(), found.subject.encode(), found.name.encode()
    shown = (found.subject, found.name, found.message_id, found.reply_to, *found.senders)
    shown += tuple(part.name for part in found.attachments)
    assert all("\n" not in each and "\r" not in each and "\0" not in each for each in shown)
    assert "\0" not in found.text and len(found.text) <= letters.MOST_TEXT
    assert len(found.sender) <= 254 and len(found.message_id) <= 252
    meant = understanding.understood(found.subject, quoting.own_words(found.text))
    verdict = judging.verdict(found.judged, found.sender, ["mx.lantern.example"])
    return f"{found.flaws} {verdict} {meant} {found.automatic} {len(found.attachments)}"


def _reports() -> list[bytes]:
    back = settings.MAIL_RETURNS.replace("@", "+0123456789abcdef@") or "a@b.example"
    status = (
        f"To: {back}\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nsorry\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ines@lantern.example\n"
        "Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n"
        "Message-ID: <0123456789abcdef@lantern.example>\nTo: ines@lantern.example\n\nhello\n--b--\n"
    )
    abuse = (
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        "Original-Rcpt-To: <ines@lantern.example>\n\n--b\nContent-Type: text/rfc822-headers\n\n"
        "Message-ID: <0123456789abcdef@lantern.example>\nTo: ines@lantern.example\n\n--b--\n"
    )
    return [status.encode(), abuse.encode()]


def _imap(data: bytes) -> str:
    """A mail server that says this, whatever it is asked; `%` begins the tags that we draw."""
    data = data.replace(b"%", imaplib.Int2AP(4096))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            theirs.send(data[:100_000])
        theirs.shutdown(socket.SHUT_WR)

        def talk(*_: object, deadline: Any, most: int, **__: object) -> wire.Wire:
            return wire.Wire(ours, deadline, most)

        unlocked = mock.patch.object(wire.Wire, "secured", lambda self, *_: self)
        box = imap.Mailbox("mail.example", 993, "u", "p", private=True)
        drawn = mock.patch("imaplib.random.randint", return_value=4096)
        opened = mock.patch.object(imap, "connected", talk)
        with drawn, opened, unlocked, imap.opened(box, 10) as folder:
            return f"{len(list(folder.messages(20_000, 5)))}"


def imap_answers() -> list[bytes]:
    said = (
        "* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n%0 OK x\r\n* 2 EXISTS\r\n"
        "* OK [UIDVALIDITY 1]\r\n"
        "%1 OK [READ-WRITE] done\r\n* SEARCH 4 7\r\n%2 OK x\r\n* SEARCH\r\n%3 OK x\r\n"
        "* 1 FETCH (UID 4 RFC822.SIZE 12)\r\n%4 OK x\r\n* 1 FETCH (UID 4 BODY[]<0> {12}\r\n"
        "Subject: a\r\n)\r\n%5 OK x\r\n"
    )
    return [said.encode()]


def _feed(data: bytes) -> str:
    return f"{len(feeds.parse(data).people)}"


def _stamp(data: bytes) -> str:
    return f"{len(stamps.granted(data, b'd' * 32, b'n' * 9)) > 0}"


def _stamps() -> list[bytes]:
    asked = stamps.query(b"d" * 32, b"n" * 9)
    info = b"\x30\x03\x02\x01\x00"
    return [b"\x30" + bytes([len(info) + len(asked)]) + info + asked, b"\x30\x82\x00\x05" + info]


PARSERS = (
    Parser("letter", _letter, _mails, (), _MAIL_WORDS),
    Parser(
        "report",
        lambda data: feedback.read(data).complaint,
        _reports,
        (feedback.NoReport,),
        _MAIL_WORDS,
    ),
    Parser(
        "imap",
        _imap,
        imap_answers,
        (Trouble,),
        (b"* ", b"%1 OK\r\n", b"{99999999}\r\n", b"{3}\r\n"),
    ),
    Parser(
        "feed",
        _feed,
        lambda: [b'{"people": [{"email": "a@b.example", "says": {"likes": "x", "n": 1}}]}'],
        (feeds.Unfit,),
    ),
    Parser("stamp", _stamp, _stamps, (stamps.NotStamped,)),
)
