"""Connections that leave this process: to an address that was looked at, within limits.

Imported by `plainview.privacy.disclosures` alone. From `close()` on, a connection that was not
opened here is refused, whoever asks for it. Errors name a kind of trouble, never a value.
"""

from plainview.platform.outbound.addresses import Forbidden, resolve
from plainview.platform.outbound.guard import admitting, close
from plainview.platform.outbound.http import Answer, Limits, address, doubtful, exchange
from plainview.platform.outbound.imap import Mailbox, opened
from plainview.platform.outbound.keep import keeping
from plainview.platform.outbound.smtp import Server, greet, hand_over
from plainview.platform.outbound.trouble import Refused, TooLong, TooSlow, Trouble, Unreachable
from plainview.platform.outbound.wire import trusting
