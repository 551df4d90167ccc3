"""What somebody's page of changes shows, and how far the telling is, for the officer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.platform import days
from plainview.privacy import alike, permissions
from plainview.privacy.changes import since, telling, wording
from plainview.privacy.changes.models import Change, Told
from plainview.privacy.changes.ports import Ports
from plainview.privacy.changes.sending import PURPOSE
from plainview.privacy.consent import queries as answers
from plainview.privacy.consent.models import Device
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.visitors import Visitor

_OWN = Door("plainview.privacy.changes.queries", "privacy-choices", source="form")
_JOINED = Door("plainview.privacy.changes.joined", PURPOSE, source="derived")
_EVERYONE = Door(
    "plainview.privacy.changes.progress",
    "privacy-choices",
    everyone="the officer sees how many were told and how many have answered",
    lists=frozenset(
        {"consent.choices", "consent.proof"}
    ),  # counted, so that no row of any is shown
)
Way = Told.Way


class Said(NamedTuple):
    """What somebody answered about one thing that changed, and when; neither if it waits still."""

    thing: str
    answer: str  # granted, affirmed, denied, or nothing
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Past:
    """One publication as it concerned somebody."""

    version: str
    at: datetime
    sentences: list[str]
    way: str  # of Told.Way, or nothing; a visit, where nobody is sure of another
    told_at: datetime | None
    said: list[Said]


def history(visitor: Visitor) -> list[Past]:
    """The publications since somebody came, the newest first, with what touched them."""
    came, facts = _came(visitor), visitor.facts
    told = _told(visitor.account)
    given = {} if visitor.subject is None else answers.latest(visitor.subject)
    laws = since.laws(facts)
    found = []
    for each in reversed(since.published()):
        if came is not None and each.at < came:
            break
        sayings = each.told_under(laws)
        row = told.get(each.number)
        names = dict.fromkeys(name for one in sayings for name in one.difference.touches)
        found.append(
            Past(
                each.version,
                each.at,
                wording.sentences(sayings),
                row[0] if row else "",
                row[1] if row else None,
                [said for name in names if (said := _said(name, each.at, facts, given))],
            )
        )
    return found


def _said(
    name: str, published: datetime, facts: Facts, given: dict[str, answers.Given]
) -> Said | None:
    """How a thing stands with somebody; None where it never waited for them."""
    if name in (facts.pending or ()):
        return Said(wording.thing(name), "", None)
    said = given.get(name) or given.get(name.partition("/")[0])
    if said is None or said.at < published:
        return None
    return Said(wording.thing(name), said.answer, said.at)


def _came(visitor: Visitor) -> datetime | None:
    """Since when somebody is here; None for a stranger."""
    if visitor.account is not None:
        with Opened(_JOINED, lambda: visitor.account):
            reader = Ports.readers([visitor.account]).get(visitor.account)
        return reader.joined_at if reader else None
    if visitor.device is None:
        return None
    with Opened(_OWN, lambda: visitor.device):
        day = Device.objects.filter(pk=visitor.device).values_list("made_on", flat=True).first()
    return None if day is None else days.start(day)


def _told(account: int | None) -> dict[int, tuple[str, datetime]]:
    if account is None:
        return {}
    with Opened(_OWN, lambda: account):
        rows = Told.objects.filter(account=account).values_list("change", "way", "at", "unsure_at")
        return {change: (Way.VISIT if unsure else way, at) for change, way, at, unsure in rows}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the telling of one change is: numbers of people."""

    change: Change
    mailed: int
    pushed: int
    waiting: int
    """Whom nothing reached for sure, and who did not come since: the next visit tells them."""
    seen: int
    """Whom a visit told."""
    returned: int
    unanswered: int | None
    """Of how many accounts something still waits; None for all changes but the last."""
    ends_at: datetime | None

    @property
    def told(self) -> int:
        """All that were reached by now, or will be at their next visit."""
        return self.mailed + self.pushed + self.waiting + self.seen

    @property
    def percent(self) -> int:
        """How much of it is done, by what is left."""
        if self.change.state == Change.State.DONE or not self.change.people:
            return 100
        return min(99, 100 * self.told // self.change.people)


def changes() -> QuerySet[Change]:
    """Every publication, the newest first."""
    return Change.objects.order_by("-pk")


def progress(rows: Sequence[Change]) -> list[Progress]:
    """How far the telling of changes is; of the newest also how many have not answered."""
    newest = changes().first()
    with Opened(_EVERYONE):
        told = _counted([row.pk for row in rows])
        unanswered = _unanswered() if newest and newest in rows and newest.asked else 0
    return [
        Progress(
            row,
            *told.get(row.pk, Counts(0, 0, 0, 0, 0)),
            unanswered=unanswered if row == newest else None,
            ends_at=_ends_at(row, sum(told.get(row.pk, ())[:4])),
        )
        for row in rows
    ]


class Counts(NamedTuple):
    """How many were told by each way; `returned` are among those mailed."""

    mailed: int
    pushed: int
    waiting: int
    seen: int
    returned: int


def _counted(changes: Collection[int]) -> dict[int, Counts]:
    visit, sure = telling.VISIT, Q(unsure_at=None)
    counted = (
        Told.objects.filter(change__in=changes)
        .order_by()
        .values_list("change")
        .annotate(
            mailed=Count("pk", filter=Q(way=Way.MAIL) & sure),
            pushed=Count("pk", filter=Q(way=Way.PUSH) & sure),
            waiting=Count("pk", filter=visit & Q(seen_at=None)),
            seen=Count("pk", filter=visit & Q(seen_at__isnull=False)),
            returned=Count("pk", filter=Q(returned_at__isnull=False)),
        )
    )
    return {change: Counts(*numbers) for change, *numbers in counted}


def _unanswered() -> int:
    """Of how many accounts something waits: each distinct standing is read once."""
    accounts = alike.heads(Standing.objects.filter(device=False).order_by())
    kinds = accounts.values_list("head").annotate(n=Count("pk"))
    return sum(n for head, n in kinds if permissions.stored_facts(head + alike.CLOSED).pending)


def _ends_at(row: Change, done: int) -> datetime | None:
    if row.state != Change.State.SENDING:
        return None
    left = max(0, row.people - done) / settings.ENV.notices_a_minute
    return timezone.now() + timedelta(minutes=left)
