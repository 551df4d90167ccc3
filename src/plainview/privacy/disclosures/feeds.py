"""What partners tell us about people: kept only of those who let us take it in (P1.3.3a).

A no that comes later takes what came before with it.

Whoever registers with an address that is another's is told nothing that is said of its owner. The
sender learns how many rows were not stored, and for each the same word, whether the person
refused or is nobody here: who is a member is not theirs to find out.
"""

from __future__ import annotations

import hashlib

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import Standing as Facts
from plainview.engine.standing import Restriction
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.decoding import UNREADABLE
from plainview.privacy.changes.ports import Ports
from plainview.privacy.consent.questions import called
from plainview.privacy.disclosures import deciding, post
from plainview.privacy.disclosures.models import Fed
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.rights import services as rights

PURPOSE, KEPT = "inbound-feed", "partner.feed"
_REFUSING = Door("plainview.privacy.disclosures.feeds.refused", "privacy-choices", source="form")
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
        named = f"{message}:{number}"
        fits = len(said) <= MOST_TEXT
        if subject is None or not fits or not _store(recipient, named, subject, said):
            refused.append(number)
    return refused


def _permits(facts: Facts) -> bool:
    return bool(deciding.decide(in_force(), facts, PURPOSE))


def _store(recipient: str, name: str, subject: int, said: str) -> bool:
    """Keep it, if the person lets us; what they answer meanwhile waits until it is."""
    door = Door(f"feed of {recipient}", PURPOSE, source="partner")
    key = hashlib.sha256(f"{recipient}:{name}".encode()).hexdigest()
    with Opened(door, lambda: subject), transaction.atomic():
        if not _permits(deciding.facts_of_each([subject], held=True)[subject]):
            return False
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
    return True


def standing_changed(subject: int) -> None:
    """Somebody's facts changed: after a no of theirs nothing stays of what partners had sent.

    An answer, a signal heard or an objection that was upheld is a no. Being somewhere else, or a
    yes that lapsed, closes it until its time is over; so does a restriction, as whoever asked for
    it wants it kept.
    """
    with Opened(_REFUSING, lambda: subject):
        rows = Fed.objects.filter(subject=subject)
        if rows.exists() and _refuses(deciding.facts_of(subject)):
            rights.let_go(subject, rows, all_of=KEPT)


def _refuses(facts: Facts) -> bool:
    if _permits(facts) or any(_sets_aside(each) for each in facts.restrictions or ()):
        return False
    no = (facts.choices or {}).get(PURPOSE) == "denied"
    return no or bool(facts.signals) or (facts.objections or {}).get(PURPOSE) == "upheld"


def _sets_aside(restriction: Restriction) -> bool:
    disputed = {each.partition(" ")[0] for each in restriction.disputed}
    named = restriction.purposes | restriction.categories | disputed
    return not named.isdisjoint({PURPOSE, KEPT, KEPT.partition(".")[0]})


def _tell(recipient: str, subject: int) -> None:
    """Tell the person at once, in their language; the law gives a month (GDPR Art. 14(3))."""
    with Opened(_WRITING):
        reader = Ports.readers([subject]).get(subject)
    language = reader.language if reader is not None else ""
    with languages.speaking(language):
        title = _("A partner told us something")
        said = {"partner": called(recipient), "where": link("privacy-overview")}
        written = post.write(subject, "privacy/mail/fed", said, title)
    if written:
        door = Door("news of a feed", PURPOSE, source="derived")
        with Opened(door, lambda: subject):
            Fed.objects.filter(recipient=recipient, told_at=None).update(told_at=timezone.now())
