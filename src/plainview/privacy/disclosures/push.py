"""A message to a browser is a disclosure like any other: sealed, recorded, decided again, sent.

What is sealed names the browser by our own number; the address is read when its turn comes, so that
one that was let go is gone. The push service learns the address and when; the text only the browser
can read (RFC 8291).
"""

from __future__ import annotations

import msgspec

from plainview.platform import outbound
from plainview.platform.identifiers import named
from plainview.privacy.disclosures import capping, connections, services
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.push import keys, queries
from plainview.privacy.push import services as subscriptions

CARRIES = "push"
GONE = "gone"
"""The trouble of a browser that takes messages no more: nothing arrived, and nothing will."""
TTL = 24 * 3600
"""Seconds that a push service keeps what it can't deliver; the policy says so of each."""
_TAKEN = frozenset({200, 201, 202, 204})
_GONE = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})
_SALT = b"plainview.privacy.disclosures.push:"


class Message(msgspec.Struct, frozen=True):
    """What a browser is to show: a title in a language, and a link to a page of ours."""

    title: str
    link: str
    lang: str


class Sealed(msgspec.Struct, frozen=True):
    """A message to one browser, by our number of it; `topic` is what the news is about.

    `once` is as of a letter (`post.About`).
    """

    browser: int
    message: Message
    topic: str
    once: bool = False


def send(
    browser: queries.Taking,
    *,
    message: Message,
    topic: str = "",
    purpose: str = subscriptions.PURPOSE,
    key: str = "",
) -> bool:
    """Queue a message to one browser; False where its owner refuses it or had enough this week.

    It is news about a topic, or another purpose's: a service message has no topic. What must not go
    twice, whatever happens, brings the `key` of its delivery. Belongs behind a door for the
    purpose. Raises what `services.disclose` raises but Denied.
    """
    references = _references(browser)
    if capping.full(browser.account, purpose, references):
        return False
    try:
        services.disclose(
            recipient=browser.recipient,
            purpose=purpose,
            subject=browser.account,
            letter=msgspec.json.encode(Sealed(browser.number, message, topic, bool(key))).decode(),
            categories=("device.push",),
            reference=references[0],
            key=key,
        )
    except Denied:
        return False
    return True


def hand_over(sealed: str, account: int, recipient: str, purpose: str) -> None:
    """Give a message to the push service of its browser. Raises Trouble; GONE ends the address."""
    asked = msgspec.json.decode(sealed, type=Sealed)
    to = queries.address(account, asked.browser, purpose)
    if to is None or to.recipient != recipient:
        raise outbound.Refused("the browser takes no messages any more", code=GONE, lasting=True)
    try:
        carrier = subscriptions.carrier_of(to.endpoint)
        body = keys.encrypted(msgspec.json.encode(asked.message), to.p256dh, to.auth)
    except subscriptions.Foreign:
        raise outbound.Forbidden("not an address of a push service", lasting=True) from None
    except keys.Unfit:
        raise outbound.Refused("it can't be encrypted", code="unfit", lasting=True) from None
    connection = connections.configured().get(carrier.id)
    answer = outbound.exchange(
        "POST",
        to.endpoint,
        body=body,
        headers={
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
            "Urgency": "low",
            "Authorization": keys.authorization(to.endpoint),
        },
        private=connection.private if connection else False,
        authorities=connection.authorities if connection else None,
        once=asked.once,
    )
    if answer.status in _TAKEN:
        return
    if answer.status in _GONE:
        subscriptions.end(account, number=asked.browser)
        raise outbound.Refused("the browser takes no messages any more", code=GONE, lasting=True)
    lasting = 300 <= answer.status < 500 and answer.status not in _LATER
    raise outbound.Refused(
        "it was not taken",
        code=f"http-{answer.status}",
        lasting=lasting,
        unsure=outbound.doubtful(answer.status),
    )


def _references(browser: queries.Taking) -> list[str]:
    """What stands for a browser in the ledger, where it must be known again and not read.

    One for each of our secret keys, that of now first.
    """
    return [each.hex()[:32] for each in named(_SALT, str(browser.number))]
