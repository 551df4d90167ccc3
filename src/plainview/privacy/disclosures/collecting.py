"""Fetching mail from a mailbox: the one way in that begins with a connection of ours.

Nothing leaves but the name and the password that the operator gave for that server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote

from plainview.platform import outbound

Trouble = outbound.Trouble


class Fetched(NamedTuple):
    """A message as it stood in the mailbox; `whole` says whether `raw` is all of it."""

    raw: bytes
    whole: bool


def mailbox(url: SplitResult) -> outbound.Mailbox:
    """The folder of an address such as `imaps://user:password@host/INBOX`."""
    starttls = url.scheme == "imap"
    query = dict(parse_qsl(url.query))
    return outbound.Mailbox(
        url.hostname or "localhost",
        url.port or (143 if starttls else 993),
        unquote(url.username or ""),
        unquote(url.password or ""),
        folder=unquote(url.path.strip("/")) or "INBOX",
        starttls=starttls,
        private=True,  # the operator named it
        authorities=query.get("authorities"),
    )


def collect(url: SplitResult, take: Callable[[Fetched], None], *, longest: int, most: int) -> int:
    """Hand up to `most` messages to `take`, and take each out of the mailbox once it is taken.

    With `?done=FOLDER` they go into that folder. One that is longer than `longest` stays, marked.
    Returns how many were taken. Raises Trouble, and whatever `take` raises.
    """
    done = dict(parse_qsl(url.query)).get("done", "")
    count = 0
    with outbound.opened(mailbox(url)) as folder:
        for message in folder.messages(longest, most):
            whole = message.size <= len(message.raw)
            take(Fetched(message.raw, whole))
            if whole:
                folder.remove(message.uid, done)
            else:
                folder.keep(message.uid)
            count += 1
    return count


def waiting(url: SplitResult) -> int:
    """How many messages wait in a mailbox. Raises Trouble."""
    with outbound.opened(mailbox(url)) as folder:
        return folder.count()
