"""Taking messages out of a mailbox (RFC 3501) over TLS, on the same wire as all else."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from plainview.platform.outbound.trouble import Refused, TooLong, Trouble, Unreachable
from plainview.platform.outbound.wire import Deadline, connected

SECONDS = 120.0
"""For all that is taken in one visit."""
_TALK = _LINE = 1_000_000
_GARBLED = (OSError, ValueError, IndexError)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class Mailbox(NamedTuple):
    """A folder of a mail server. The password is never sent but under TLS."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    starttls: bool = False
    """Encrypted after the greeting, not from the first byte."""
    private: bool = False
    authorities: str | None = None


class Message(NamedTuple):
    """A message of the folder; `raw` is its beginning where it is longer than was asked for."""

    uid: str
    size: int
    raw: bytes


class _Talk(imaplib.IMAP4):
    """`imaplib` over a wire of ours, heard by a reader of ours: its own is another from 3.14 on."""

    def __init__(self, box: Mailbox, seconds: float, most: int) -> None:
        self._box = box
        self._wire = connected(
            box.host, box.port, private=box.private, deadline=Deadline(seconds), most=most
        )
        super().__init__(box.host, box.port)

    def _create_socket(self, timeout: Any) -> Any:
        if not self._box.starttls:
            self._wire = self._wire.secured(self._box.authorities, self._box.host)
        self._heard = self._wire.makefile()
        return self._wire

    def secure(self) -> None:
        """STARTTLS. Raises Unreachable if the server does not know it."""
        if "STARTTLS" not in self.capabilities:
            raise Unreachable("the mail server offers no encryption", code="tls")
        name, _ = self._simple_command("STARTTLS")
        if name != "OK":
            raise Unreachable("the mail server offers no encryption", code="tls")
        self._wire = self._wire.secured(self._box.authorities, self._box.host)
        self.sock = self._wire  # type: ignore[assignment]
        self._heard = self._wire.makefile()  # what was said before counts for nothing
        self._get_capabilities()

    def read(self, size: int) -> bytes:
        """What the server announced. Raises TooLong before room is made for more than may come."""
        if size > self._wire.left + _TALK:
            raise TooLong("the answer does not end")
        return self._heard.read(size)

    def readline(self) -> bytes:
        """A line of the server's. Raises imaplib.IMAP4.error for one that is too long."""
        line = self._heard.readline(_LINE + 1)
        if len(line) > _LINE:
            raise self.error("the line does not end")
        return line

    def allow(self, more: int) -> None:
        """So many bytes more may come."""
        self._wire.left += more

    def shutdown(self) -> None:
        self._wire.shut()


class Folder:
    """An open folder."""

    def __init__(self, talk: _Talk) -> None:
        self._talk = talk

    def messages(self, longest: int, most: int) -> Iterator[Message]:
        """Up to `most` messages, the oldest first; of each at most `longest` bytes."""
        talk = self._talk
        found = _said(talk.uid("SEARCH", "UNDELETED", f"NOT LARGER {longest}"))
        large = _said(talk.uid("SEARCH", "UNDELETED", f"LARGER {longest}", "UNFLAGGED"))
        numbers = sorted({int(each) for part in _parts([*found, *large]) for each in part.split()})
        for number in numbers[:most]:
            yield self._message(str(number), longest)

    def _message(self, uid: str, longest: int) -> Message:
        talk = self._talk
        head = b" ".join(_parts(_said(talk.uid("FETCH", uid, "(UID RFC822.SIZE)"))))
        size = int(found[1]) if (found := _SIZE.search(head)) else 0
        talk.allow(min(size, longest) + _TALK)
        answer = _said(talk.uid("FETCH", uid, f"(UID BODY.PEEK[]<0.{longest}>)"))
        for part in answer:
            if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], bytes):
                return Message(uid, max(size, len(part[1])), part[1])
        raise Refused("the mail server does not hand a message out")

    def count(self) -> int:
        """How many messages wait to be taken."""
        found = _said(self._talk.uid("SEARCH", "UNDELETED", "UNFLAGGED"))
        return sum(len(part.split()) for part in _parts(found))

    def remove(self, uid: str, to: str = "") -> None:
        """Take a message out of the folder, into the folder `to` if one is named."""
        talk = self._talk
        if to:
            _said(talk.uid("COPY", uid, _quoted(to)))
        _said(talk.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)"))
        if "UIDPLUS" in talk.capabilities:
            _said(talk.uid("EXPUNGE", uid))
        else:
            _said(talk.expunge())

    def keep(self, uid: str) -> None:
        """Leave a message that is too long where it is, marked, so that it isn't fetched again."""
        _said(self._talk.uid("STORE", uid, "+FLAGS.SILENT", "(\\Flagged)"))


@contextmanager
def opened(box: Mailbox, seconds: float = SECONDS) -> Iterator[Folder]:
    """Open a folder for the length of the block.

    Raises Refused where the server does not know us or the folder, and the other Troubles.
    """
    talk: _Talk | None = None
    try:
        talk = _Talk(box, seconds, _TALK)
        if box.starttls:
            talk.secure()
        try:
            talk.login(box.user, box.password)
        except imaplib.IMAP4.error:
            raise Refused("the mail server does not know us", code="credentials") from None
        _said(talk.select(_quoted(box.folder)))
        yield Folder(talk)
        with suppress(imaplib.IMAP4.error):
            talk.close()
    except Trouble:
        raise
    except imaplib.IMAP4.error:
        raise Refused("the mail server said no") from None
    except _GARBLED:
        raise Unreachable("the mail server does not answer as one") from None
    finally:
        if talk is not None:
            with suppress(imaplib.IMAP4.error, Trouble, *_GARBLED):
                talk.logout()
            talk.shutdown()


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an answer. Raises Refused."""
    name, data = answer
    if name != "OK":
        raise Refused("the mail server said no")
    return data


def _parts(answer: list[Any]) -> Iterator[bytes]:
    for part in answer:
        for piece in part if isinstance(part, tuple) else (part,):
            if isinstance(piece, bytes):
                yield piece


def _quoted(name: str) -> str:
    """A folder's name as a quoted string, in the ASCII of the protocol."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
