"""Handing a finished message to a mail server (RFC 5321), over the same wire as all else."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from plainview.platform.outbound import keep
from plainview.platform.outbound.trouble import Refused, Trouble, Unreachable
from plainview.platform.outbound.wire import Deadline, Wire, connected

SECONDS = 30.0
MOST = 65_536


class Server(NamedTuple):
    """A mail server, and how it is spoken to."""

    host: str
    port: int
    name: str
    """What we call ourselves there (RFC 5321, 4.1.1.1): a full name, or an address in brackets."""
    user: str = ""
    password: str = ""
    tls: bool = False
    """Encrypted from the first byte."""
    starttls: bool = False
    """Encrypted after the greeting, or not at all: then nothing is sent."""
    private: bool = False
    authorities: str | None = None


class _Talk(smtplib.SMTP):
    """`smtplib` over a wire of ours."""

    def __init__(self, server: Server, seconds: float) -> None:
        self._server = server
        self._deadline = Deadline(seconds)
        self.given = False
        super().__init__(server.host, server.port, local_hostname=server.name)

    def _get_socket(self, host: str, port: int, timeout: Any) -> Any:
        wire = connected(
            host, port, private=self._server.private, deadline=self._deadline, most=MOST
        )
        return wire.secured(self._server.authorities, host) if self._server.tls else wire

    def again(self, seconds: float) -> None:
        """A new letter on the open connection, with limits of its own."""
        wire: Wire = self.sock  # type: ignore[assignment]
        wire.begin(seconds, MOST)
        self.given = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """The letter itself: from here on, without an answer, nobody knows who has it."""
        self.given = True
        return super().data(msg)

    def leave(self) -> None:
        """Say goodbye, as one must (RFC 5321, 4.1.1.10), whatever they answer.

        Who leaves without it again and again is taken for an attacker, and shut out (fail2ban).
        """
        with suppress(smtplib.SMTPException, OSError, Trouble):
            self.quit()
        self.close()

    def secure(self) -> None:
        """STARTTLS (RFC 3207). Raises Unreachable if the server does not know it."""
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls") or self.docmd("STARTTLS")[0] != 220:
            raise Unreachable("the mail server offers no encryption", code="tls")
        wire: Wire = self.sock  # type: ignore[assignment]
        self.sock = wire.secured(self._server.authorities, self._server.host)  # type: ignore[assignment]
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}


def _greeted(server: Server, seconds: float) -> _Talk:
    talk = _Talk(server, seconds)
    try:
        if server.starttls:
            talk.secure()
        if server.user:
            talk.login(server.user, server.password)
    except smtplib.SMTPResponseException:
        talk.leave()
        raise
    return talk


def greet(server: Server) -> None:
    """See whether the server answers and knows us; nothing is sent. Raises a Trouble."""
    try:
        _greeted(server, SECONDS).leave()
    except smtplib.SMTPException:
        raise Refused("the mail server does not know us", code="credentials") from None
    except OSError:
        raise Unreachable("the mail server does not answer") from None


def hand_over(
    server: Server, sender: str, receivers: Sequence[str], message: bytes, seconds: float = SECONDS
) -> None:
    """Give `message` to the server for all of `receivers`, or for none.

    Raises Refused, lasting if the server says that it always will (5xx), and the other Troubles.
    """
    key = ("smtp", server)
    talk: _Talk | None = keep.taken(key)
    over = said = False
    try:
        if talk is None:
            talk = _greeted(server, seconds)
        else:
            talk.again(seconds)
        refused = talk.sendmail(sender, list(receivers), message)
        if refused:
            raise Refused("some of the receivers were refused", code="receivers", lasting=True)
        over = True
    except Trouble as trouble:
        trouble.unsure = talk is not None and talk.given and not isinstance(trouble, Refused)
        raise
    except smtplib.SMTPRecipientsRefused as error:
        said = True
        codes = [code for code, _ in error.recipients.values()]
        raise Refused(
            "the receivers were refused", code="receivers", lasting=all(c >= 500 for c in codes)
        ) from None
    except smtplib.SMTPAuthenticationError:
        raise Refused("the mail server does not know us", code="credentials") from None
    except smtplib.SMTPResponseException as error:
        said = True
        raise Refused("the mail server said no", lasting=error.smtp_code >= 500) from None
    except (smtplib.SMTPException, OSError):
        given = talk is not None and talk.given
        raise Unreachable("the mail server does not answer", unsure=given) from None
    finally:
        if talk is not None and over:
            keep.put_back(key, talk, talk.leave)
        elif talk is not None and said:
            talk.leave()
        elif talk is not None:
            talk.close()
