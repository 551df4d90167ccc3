"""Calling back: a withdrawal, objection, correction or erasure travels to whoever got the data.

Derived, not written: the ledger says who got what, the standing or the erased row says what is no
longer right. The recall is queued in the transaction of the change.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from plainview.engine import Recipient, decide
from plainview.platform.encryption import Unreadable, cipher
from plainview.platform.jobs import queue
from plainview.platform.jobs.apart import apart
from plainview.platform.jobs.models import Job
from plainview.platform.outbound import Trouble
from plainview.privacy.declarations import told
from plainview.privacy.disclosures import connections, cutting, deciding, delivery
from plainview.privacy.disclosures.delivery import NotDelivered
from plainview.privacy.disclosures.models import Disclosure, Recall, new_delivery_key
from plainview.privacy.disclosures.receiving import declared
from plainview.privacy.disclosures.services import RECORDING
from plainview.privacy.disclosures.transports import TRANSPORTS, Call, Parcel
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

TELL, ASK, REVIEW = "disclosures.tell", "disclosures.ask", "disclosures.review"
ANSWER = timedelta(days=15)
"""Within which a recipient confirms; 11 CCR 7026(f) gives fifteen working days."""
REMIND = timedelta(days=3)
CALM = timedelta(days=1)
ON_ITS_WAY = timedelta(seconds=60)
"""Within which a try has ended, one way or the other (`delivery.BOX` and the longest exchange)."""
Act, State = Recall.Act, Recall.State
OPEN = (State.WAITING, State.TOLD, State.BY_HAND)
LEFT = Q(state=Disclosure.State.SENT) | Q(tried_at__isnull=False) & ~Q(state=Disclosure.State.KEPT)
"""What left, or may have: a try whose end nobody saw counts."""
ended: list[Callable[[int], object]] = []
"""Called with an erasure that has ended here, or that a recipient has confirmed."""
_BESIDES = Q(state__in=(Disclosure.State.BROWSER, Disclosure.State.CASE))


def left(subject: int) -> QuerySet[Disclosure]:
    """What left of a person, or may have, of which they may know: also by browser and by hand."""
    return Disclosure.objects.filter(told(), LEFT | _BESIDES, subject=subject)


class Known(msgspec.Struct, frozen=True):
    """By what a recipient knows the person, and for which purposes it got something."""

    references: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def standing_changed(subject: int) -> None:
    """Somebody's facts changed: whoever may no longer use what it got is told to stop (P2.11c)."""
    with Opened(RECORDING):
        _stop(subject)


def cares(categories: frozenset[str], gone: bool = False) -> bool:
    """Whether some recipient may have got one of these and is to be told of a change by itself.

    Of rows that are `gone`, as a session is, only if they were the person's own to change.
    """
    if gone:
        known = in_force().categories
        categories = frozenset(each for each in categories if each in known and known[each].edit)
    return bool(_told_of(categories))


def corrected(subject: int, categories: frozenset[str], *, asked: bool = False) -> None:
    """Something held of a person was changed: whoever got what stood there is told what is right.

    Who got it says the ledger. `asked` is what somebody disputed, deleted or had put right; else it
    may be the service that changed it, as when a device is seen again, and only a connection is
    told of that. Recipients that lost their permission are told to stop by the change that took it.
    """
    recipients, caring = in_force().recipients, _told_of(categories, asked=asked)
    if not caring:
        return
    with Opened(RECORDING), transaction.atomic():
        got: dict[tuple[str, str], list[Disclosure]] = {}
        for row in _left(subject).filter(recipient__in=caring):
            if not caring[row.recipient].isdisjoint(row.categories.split()):
                got.setdefault((row.recipient, row.purpose), []).append(row)
        for (id_, purpose), rows in got.items():
            open_ = Recall.objects.filter(
                subject=subject, recipient=id_, purpose=purpose, act=Act.CORRECT
            )
            if open_.filter(state=State.WAITING).exists():
                continue
            by_hand = list(open_.filter(state=State.BY_HAND).values_list("pk", flat=True))
            for each in by_hand:  # what was written of it before is not right: its key is over
                again = {"key": new_delivery_key(), "asked_at": timezone.now()}
                Recall.objects.filter(pk=each).update(**again)
            if not by_hand:
                _ask(recipients[id_], Act.CORRECT, subject, rows, purpose)


def _told_of(categories: frozenset[str], *, asked: bool = False) -> dict[str, frozenset[str]]:
    """Who is told if one of `categories` changes and they got it, and of which of them."""
    return _caring(in_force().fingerprint, categories, connections.may_keep(), asked)


@functools.lru_cache(maxsize=1024)
def _caring(
    _policy: str, categories: frozenset[str], connected: frozenset[str], asked: bool
) -> dict[str, frozenset[str]]:
    """What carries mail or push uses an address once, and gets the new one with the next letter."""
    policy = in_force()
    known = policy.categories
    edited = frozenset(each for each in categories if each in known and known[each].edit)
    found = {}
    for id_, recipient in policy.recipients.items():
        wanted = categories if asked or id_ in connected else edited
        received = wanted.intersection(set().union(*recipient.receives.values()))
        if received and not recipient.carries:
            found[id_] = received
    return found


def holders(subject: int, categories: frozenset[str]) -> list[str]:
    """The names of the recipients that got one of `categories` of a person."""
    known = in_force().recipients
    with Opened(RECORDING):
        rows = _left(subject).values_list("recipient", "categories").distinct()
        got = {id_ for id_, kinds in rows if not categories.isdisjoint(kinds.split())}
    return sorted(known[id_].name for id_ in got if id_ in known)


def erased(subject: int, erasure: int, addresses: Iterable[str] = ()) -> None:
    """Somebody leaves: everybody who got anything is asked to erase it. In the same transaction.

    Whoever the policy names no more got it all the same. A service that the person named themselves
    is theirs to ask.
    """
    with Opened(RECORDING), transaction.atomic():
        rows: dict[str, list[Disclosure]] = {}
        for row in _left(subject).filter(named=""):
            rows.setdefault(row.recipient, []).append(row)
        Recall.objects.filter(subject=subject, state__in=OPEN).exclude(act=Act.ERASE).delete()
        for id_, mine in rows.items():
            recipient = declared(id_, mine)
            if recipient is not None:
                _ask(
                    recipient, Act.ERASE, None, mine, "", erasure=erasure,
                    addresses=tuple(addresses) if recipient.carries else (),
                )  # fmt: skip


def awaits(erasure: int) -> bool:
    """Whether somebody who was asked for an erasure has not confirmed it yet."""
    with Opened(RECORDING):
        return Recall.objects.filter(erasure=erasure, state__in=OPEN).exists()


def _left(subject: int) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(LEFT, subject=subject)


def _stop(subject: int) -> int:
    """Tell whoever got something for a purpose that is closed now, once; return how many.

    What the policy has no more, be it the purpose or whoever got it, is closed. A service that the
    person named themselves is theirs to ask.
    """
    left, policy = _left(subject).filter(named=""), in_force()
    pairs = list(left.values_list("recipient", "purpose").distinct())
    if not pairs:
        return 0
    facts = deciding.facts_of(subject)
    told = 0
    with transaction.atomic():
        for id_, purpose in pairs:
            recipient = policy.recipients.get(id_)
            if recipient is not None and (
                recipient.carries  # a letter once carried is not used any further
                or (purpose in policy.purposes and decide(policy, facts, purpose, id_))
            ):
                continue
            rows = list(left.filter(recipient=id_, purpose=purpose))
            recipient = recipient or declared(id_, rows)
            if recipient is None or recipient.carries:
                continue
            last = max(row.tried_at or row.queued_at for row in rows)
            stopped = Recall.objects.filter(
                subject=subject, recipient=id_, purpose=purpose, act=Act.STOP, asked_at__gte=last
            )
            if not stopped.exists():
                _ask(recipient, Act.STOP, subject, rows, purpose)
                told += 1
    return told


def ask_for_review() -> None:
    """Have the whole ledger held against every standing, by a worker."""
    if not Job.objects.filter(task=REVIEW, state=Job.State.WAITING).exists():
        queue.enqueue(REVIEW)


def review() -> int:
    """Do so for everybody of whom something left, each day: consents lapse, and policies change."""
    rows = Disclosure.objects.filter(LEFT, subject__isnull=False)
    subjects = rows.values_list("subject", flat=True).distinct()
    with apart() as tried:
        return sum(tried(_stop, each) or 0 for each in list(subjects) if each is not None)


def _ask(
    recipient: Recipient,
    act: str,
    subject: int | None,
    rows: Sequence[Disclosure],
    purpose: str,
    *,
    erasure: int | None = None,
    addresses: tuple[str, ...] = (),
) -> None:
    now = timezone.now()
    known = Known(
        tuple(sorted({row.reference for row in rows} - {""})),
        tuple(sorted({row.purpose for row in rows})),
        addresses,
    )
    state, due = State.WAITING, now + ANSWER
    if recipient.deletes_after:
        last = max(row.sent_at or row.tried_at or row.queued_at for row in rows)
        ends = later(last.date(), recipient.deletes_after)
        state, due = State.LAPSES, now + timedelta(days=max(0, (ends - now.date()).days))
    elif not connections.may_reach(recipient.id):
        state = State.BY_HAND
    row = Recall.objects.create(
        subject=subject,
        recipient=recipient.id,
        purpose=purpose,
        categories=" ".join(sorted({kind for each in rows for kind in each.categories.split()})),
        act=act,
        state=state,
        asked_at=now,
        due_at=due,
        sealed="" if state == State.LAPSES else cipher().encrypted(_written(known)),
        erasure=erasure,
    )
    if state == State.WAITING:
        queue.enqueue_at(_once_arrived(rows, now), TELL, recall=row.pk)
    elif state == State.BY_HAND:
        queue.enqueue_at(due, ASK, recall=row.pk)


def _once_arrived(rows: Iterable[Disclosure], now: datetime) -> datetime:
    """When they can be told: what is on its way at this moment must not arrive after the recall."""
    under_way = (Disclosure.State.QUEUED, Disclosure.State.SENDING)
    tried = (row.tried_at for row in rows if row.state in under_way)
    return max([now, *(each + ON_ITS_WAY for each in tried if each is not None)])


def _written(known: Known) -> str:
    return msgspec.json.encode(known).decode()


def known(row: Recall) -> Known:
    """By what the recipient of a recall knows the person; empty once it has confirmed."""
    if not row.sealed:
        return Known()
    try:
        return msgspec.json.decode(cipher().decrypted(row.sealed), type=Known)
    except Unreadable:
        return Known()


def tell(recall: int) -> None:
    """Tell the recipient, if it has not been told and is not left alone now.

    Raises NotDelivered to be tried again.
    """
    row = Recall.objects.filter(pk=recall, state__in=(State.WAITING, State.TOLD)).first()
    if row is None:
        return
    by = known(row)
    try:
        if row.sealed and by == Known():  # the key is lost: who it is about, they can't be told
            raise connections.NotConnected("nobody can read by what it knows the person")
        connection = connections.to(row.recipient)
        parcels = _right(row) if row.act == Act.CORRECT else ()
        if parcels is None:
            _confirm(row)  # nothing may be sent any more: the stop that came with it says the rest
            return
        act = row.act if parcels or row.act != Act.CORRECT else Act.ERASE
        call = Call(row.key, act, by.purposes, by.references, parcels)
        with delivery.resting.meeting(row.recipient):
            confirmed = TRANSPORTS[connection.kind].recall(connection, call)
    except connections.NotConnected:
        Recall.objects.filter(pk=row.pk).update(state=State.BY_HAND)
        queue.enqueue_at(max(row.due_at, timezone.now()), ASK, recall=row.pk)
        return
    except Trouble as trouble:
        Recall.objects.filter(pk=row.pk).update(trouble=trouble.code)
        raise NotDelivered(trouble.code) from None
    if confirmed:
        _confirm(row)
        return
    Recall.objects.filter(pk=row.pk).update(
        state=State.TOLD, told_at=row.told_at or timezone.now(), trouble=""
    )
    queue.enqueue_at(timezone.now() + REMIND, ASK, recall=row.pk)


def _right(row: Recall) -> tuple[Parcel, ...] | None:
    """What is right now of the person; None if the recipient may have it no more.

    Nothing, where what was wrong is gone or set aside and nothing else is left to send.
    """
    if row.subject is None:
        return None
    try:
        facts = deciding.facts_of(row.subject)
        ruling = deciding.ruled(facts, row.subject, row.purpose, row.recipient)
        withheld = ruling.decision.withheld
        data = cutting.read(row.subject, row.recipient, row.purpose, withheld)
    except (deciding.Denied, deciding.UnknownRecipient, cutting.TooMuch):
        return None
    references = known(row).references
    return tuple(Parcel(row.key, each, row.purpose, data) for each in references if data)


def _confirm(row: Recall) -> None:
    now = timezone.now()
    Recall.objects.filter(pk=row.pk).update(
        state=State.CONFIRMED, told_at=row.told_at or now, confirmed_at=now, sealed="", trouble=""
    )
    if row.erasure is not None:
        for each in ended:
            each(row.erasure)


def confirmed(key: str, recipient: str = "") -> bool:
    """A recipient, or the officer for it, says that it is done; False for an unknown key."""
    with Opened(RECORDING):
        rows = Recall.objects.filter(key=key, state__in=OPEN)
        row = (rows.filter(recipient=recipient) if recipient else rows).first()
        if row is not None:
            _confirm(row)
    return row is not None


def can_go(row: Recall) -> bool:
    """Whether a recall that is open can be told by a connection, now."""
    return row.state in OPEN and row.recipient in connections.configured()


def try_again(key: str) -> bool:
    """Tell the recipient of an open recall now, and not when its turn comes; False if none can be.

    What was left to be done by hand goes over the connection that has been made since.
    """
    with Opened(RECORDING), transaction.atomic():
        row = Recall.objects.filter(key=key, state__in=OPEN).first()
        if row is None or not can_go(row):
            return False
        Recall.objects.filter(pk=row.pk, state=State.BY_HAND).update(state=State.WAITING)
        if not queue.hasten((TELL, ASK), recall=row.pk):
            queue.enqueue(TELL, recall=row.pk)
    return True


def give_up(recall: int) -> None:
    """A recall is never given up: the officer is told, and tomorrow it is tried again."""
    Recall.objects.filter(pk=recall, state__in=OPEN).update(escalated=True)
    queue.enqueue_at(timezone.now() + CALM, TELL, recall=recall)


def ask_again(recall: int) -> None:
    """Remind whoever has not confirmed; from the day it is due on the officer sees it."""
    row = Recall.objects.filter(pk=recall, state__in=OPEN).first()
    if row is None:
        return
    late = timezone.now() >= row.due_at
    Recall.objects.filter(pk=row.pk).update(
        reminded=row.reminded + 1, escalated=row.escalated or late
    )
    if row.state == State.BY_HAND:
        queue.enqueue_at(timezone.now() + REMIND, ASK, recall=recall)
    else:
        queue.enqueue(TELL, recall=recall)
