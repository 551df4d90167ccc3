"""What can be asked about answers: when each was given, and on which devices an account sits."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.crypto import salted_hmac

from plainview.privacy import permissions
from plainview.privacy.consent import connected
from plainview.privacy.consent.models import Answer, Device, Link
from plainview.privacy.gate.scope import Door, Opened

AGAIN = timedelta(hours=1)
"""Within which the same answer by the same form is a page that was sent again."""
_AT_ONCE = 500
"""So many numbers go into one statement."""
_DOOR = Door("plainview.privacy.consent.queries", "privacy-choices", source="form")
_COUNTS = Door(
    "plainview.privacy.consent.queries.people_among",
    "privacy-choices",
    source="derived",
    everyone="it counts whose browsers are one person's, and tells a number alone",
    lists=frozenset({"consent.choices", "device.id"}),
)


class Given(NamedTuple):
    """An answer to one purpose: granted, affirmed or denied, when, and by which of our doors."""

    answer: str
    at: datetime
    via: str


def last_receipt(*subjects: int | None) -> str:
    """The number of the receipt of the last answer that any of these gave; empty without one."""
    found = [_last(each) for each in subjects if each is not None]
    known = [each for each in found if each is not None]
    return max(known)[1] if known else ""


def _last(subject: int) -> tuple[datetime, str] | None:
    with Opened(_DOOR, lambda: subject):
        rows = Answer.objects.filter(subject=subject, key__isnull=False).order_by("-given_at")
        found = rows.values_list("given_at", "key").first()
    return None if found is None else (found[0], found[1] or "")


def said_last(subject: int, answers: Mapping[str, str], via: str) -> bool:
    """Whether exactly this was somebody's last answer, by the same form within the hour."""
    with Opened(_DOOR, lambda: subject):
        rows = Answer.objects.filter(subject=subject).order_by("-given_at")
        last = rows.values_list("answers", "via", "given_at").first()
    if last is None:
        return False
    words, form, at = last
    return json.loads(words) == dict(answers) and form == via and timezone.now() - at < AGAIN


class Entered(NamedTuple):
    """What the staff entered as said on a day: its receipt, the day, how it came, and the words."""

    key: str
    on: date
    via: str
    answers: dict[str, str]


def latest(subject: int, besides: Container[str] = ()) -> dict[str, Given]:
    """The last answer of a person to each purpose, as the ledger has it (P2.11b).

    What another entry puts right is passed over, as are the receipts `besides`.
    """
    found: dict[str, Given] = {}
    with Opened(_DOOR, lambda: subject):
        rows = Answer.objects.filter(subject=subject).order_by("given_at")
        told = list(rows.values_list("key", "corrects", "answers", "given_at", "via"))
    righted = {
        (corrects, id_) for _, corrects, answers, _, _ in told for id_ in json.loads(answers)
    }
    for key, _corrects, answers, at, via in told:
        for purpose, said in json.loads(answers).items():
            if (key, purpose) not in righted and key not in besides:
                found[purpose] = Given(said, at, via)
    return found


def entered(account: int, ways: Iterable[str]) -> list[Entered]:
    """What was entered for somebody as come by one of these ways, the latest first.

    What was put right in everything that it says is left out.
    """
    with Opened(_DOOR, lambda: account):
        rows = Answer.objects.filter(subject=account, via__in=ways, key__isnull=False)
        told = list(
            rows.order_by("-given_at").values_list("key", "corrects", "answers", "given_at", "via")
        )
    righted = {
        (corrects, id_) for _, corrects, answers, _, _ in told for id_ in json.loads(answers)
    }
    found = []
    for key, _corrects, answers, at, via in told:
        words = {
            id_: word for id_, word in json.loads(answers).items() if (key, id_) not in righted
        }
        if words:
            found.append(Entered(key or "", timezone.localtime(at).date(), via, words))
    return found


@dataclass(frozen=True, slots=True)
class Linked:
    """A device on which an account is signed in, and what was answered on it by itself."""

    device: int
    handle: str
    sitting: str
    family: str
    since: datetime
    seen_on: date
    here: bool
    rests: bool
    """The person chose for the account there: what the device said by itself rests."""
    answers: dict[str, str]
    answered_on: date | None


def devices(account: int, here: int | None) -> list[Linked]:
    """The devices linked to an account, the latest first; `here` is the number of this one.

    Promises: P5.1.3b.
    """
    families = connected.unlink_ended(account)
    with Opened(_DOOR, lambda: account):
        links = list(Link.objects.filter(account=account).order_by("-since"))
    return [_linked(link, families, here) for link in links]


def _linked(link: Link, families: dict[str, str], here: int | None) -> Linked:
    found = permissions.read(link.device)
    facts = None if found is None else permissions.live(found[0])
    with Opened(_DOOR, lambda: link.device):
        seen = Device.objects.filter(pk=link.device).values_list("seen_on", flat=True).first()
    return Linked(
        device=link.device,
        handle=handle(link.device),
        sitting=link.sitting,
        family=families.get(link.sitting, ""),
        since=link.since,
        seen_on=seen or link.since.date(),
        here=link.device == here,
        rests=link.reconciled_at is not None,
        answers=dict((facts.choices if facts else None) or {}),
        answered_on=permissions.answered_on(link.device),
    )


def handle(device: int) -> str:
    """What a page calls a device: its number opens nothing, but is nobody else's to read."""
    return salted_hmac("plainview.devices", str(device), algorithm="sha256").hexdigest()[:24]


def people_among(subjects: Iterable[int]) -> int:
    """How many people these numbers of accounts and devices are, as far as can be told (P2.8a).

    A device on which somebody is signed in is its account's person.
    """
    known, found = sorted(set(subjects)), set[int]()
    with Opened(_COUNTS):
        for first in range(0, len(known), _AT_ONCE):
            these = known[first : first + _AT_ONCE]
            linked = dict(Link.objects.filter(device__in=these).values_list("device", "account"))
            found |= {linked.get(each, each) for each in these}
    return len(found)
