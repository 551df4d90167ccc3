"""What partners tell us about people: kept only of those who let us take it in (P1.3.3a).

Whoever registers with an address that is another's is told nothing that is said of its owner. The
sender learns how many rows were not stored, and for each the same word, whether the person
refused or is nobody here: who is a member is not theirs to find out.
"""

from __future__ import annotations

import hashlib

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.platform import languages
from plainview.platform.decoding import UNREADABLE
from plainview.privacy.changes.ports import Ports
from plainview.privacy.consent.questions import called
from plainview.privacy.disclosures import deciding, post
from plainview.privacy.disclosures.models import Fed
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force

PURPOSE = "inbound-feed"
_WRITING = Door(
    "plainview.privacy.disclosures.feeds",
    "service-messages",
    source="derived",
    everyone="whoever a partner told us of is told so, whoever is at the door",
)
SENDERS = frozenset({"partner", "advertiser"})
MOST_ROWS, MOST_TEXT = 1000, 4000


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person, by address, and what the partner says of them."""

    email: str
    says: dict[str, str | int | float | bool]


class Feed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a partner posts."""

    people: list[Row]


class Unfit(ValueError):
    """The feed can't be read; the text says where, in words of ours."""


def parse(body: bytes) -> Feed:
    """Read a feed. Raises Unfit."""
    try:
        feed = msgspec.json.decode(body, type=Feed)
    except msgspec.ValidationError as error:
        raise Unfit(str(error)) from None
    except UNREADABLE:
        raise Unfit("the body is not JSON") from None
    if len(feed.people) > MOST_ROWS:
        raise Unfit(f"more than {MOST_ROWS} rows at once")
    return feed


def take(recipient: str, message: str, feed: Feed) -> list[int]:
    """Store what may be stored; return the numbers of the rows that were not.

    Sent again under the same `message` id, nothing is stored twice.
    """
    refused = []
    for number, row in enumerate(feed.people):
        subject = post.whose(row.email, confirmed=True)
        said = msgspec.json.encode(row.says).decode()
        if subject is None or len(said) > MOST_TEXT or not _permits(subject):
            refused.append(number)
            continue
        _store(recipient, f"{message}:{number}", subject, said)
    return refused


def _permits(subject: int) -> bool:
    facts = deciding.facts_of(subject)
    from_us = deciding.decide(in_force(), facts, PURPOSE)
    return bool(from_us)


def _store(recipient: str, name: str, subject: int, said: str) -> None:
    door = Door(f"feed of {recipient}", PURPOSE, source="partner")
    key = hashlib.sha256(f"{recipient}:{name}".encode()).hexdigest()
    with Opened(door, lambda: subject), transaction.atomic():
        untold = not Fed.objects.filter(recipient=recipient, told_at__isnull=False).exists()
        _row, made = Fed.objects.get_or_create(
            key=key,
            defaults={
                "subject": subject,
                "recipient": recipient,
                "said": said,
                "came_at": timezone.now(),
            },
        )
    if made and untold:
        _tell(recipient, subject)


def _tell(recipient: str, subject: int) -> None:
    """Tell the person at once, in their language; the law gives a month (GDPR Art. 14(3))."""
    with Opened(_WRITING):
        reader = Ports.readers([subject]).get(subject)
    language = reader.language if reader is not None else ""
    with override(languages.code(language or settings.LANGUAGE_CODE)):
        title, said = _("A partner told us something"), {"partner": called(recipient)}
        written = post.write(subject, "privacy/mail/fed", said, title)
    if written:
        door = Door("news of a feed", PURPOSE, source="derived")
        with Opened(door, lambda: subject):
            Fed.objects.filter(recipient=recipient, told_at=None).update(told_at=timezone.now())
