"""Connections that leave this process: to an address that was looked at, within limits.

Imported by `plainview.privacy.disclosures` alone. From `close()` on, a connection that was not
opened here is refused, whoever asks for it. Errors name a kind of trouble, never a value.
"""

from plainview.platform.outbound.addresses import Address, Forbidden, Unresolved, resolve
from plainview.platform.outbound.guard import Closed, admitting, close
from plainview.platform.outbound.http import Answer, Limits, doubtful, exchange
from plainview.platform.outbound.imap import Folder, Mailbox, Message, opened
from plainview.platform.outbound.keep import keeping
from plainview.platform.outbound.smtp import Server, greet, hand_over
from plainview.platform.outbound.trouble import Refused, TooLong, TooSlow, Trouble, Unreachable

__all__ = [
    "Address",
    "Answer",
    "Closed",
    "Folder",
    "Forbidden",
    "Limits",
    "Mailbox",
    "Message",
    "Refused",
    "Server",
    "TooLong",
    "TooSlow",
    "Trouble",
    "Unreachable",
    "Unresolved",
    "admitting",
    "close",
    "doubtful",
    "exchange",
    "greet",
    "hand_over",
    "keeping",
    "opened",
    "resolve",
]
