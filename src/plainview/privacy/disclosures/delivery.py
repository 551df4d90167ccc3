"""Handing over what waits: decided again, read, cut, sent, recorded.

A worker may die at any moment. Before it sends, the row says that it tried; until it says that it
was sent, the next worker sends again under the same key, by which the recipient knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from plainview.platform.encryption import Unreadable, cipher
from plainview.platform.jobs import queue
from plainview.platform.outbound import Trouble
from plainview.privacy.disclosures import connections, cutting, deciding, post
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.transports import TRANSPORTS, Parcel
from plainview.privacy.policies import in_force

FORGET = "disclosures.forget"
KEPT_FOR = timedelta(days=14)
State = Disclosure.State


class NotDelivered(Exception):
    """It did not arrive this time. The text is a word of ours: no address, no answer of theirs."""


def deliver(disclosure: int) -> None:
    """Hand over one disclosure, if it still waits. Raises NotDelivered to be tried again."""
    row = Disclosure.objects.filter(pk=disclosure, state=State.QUEUED).first()
    if row is not None:
        _hand_over([row])


def deliver_batch(batch: int) -> None:
    """Hand over what still waits of a batch, in one piece. Raises NotDelivered."""
    rows = list(Disclosure.objects.filter(batch=batch, state=State.QUEUED).order_by("pk"))
    if rows:
        _hand_over(rows)


def give_up(disclosure: int = 0, batch: int = 0) -> None:
    """After the last attempt it is a dead letter; whether it arrived, nobody knows."""
    waiting = Disclosure.objects.filter(state=State.QUEUED)
    waiting = waiting.filter(pk=disclosure) if disclosure else waiting.filter(batch=batch)
    for row in waiting:
        _fail(row, row.trouble or "unreachable")


def forget(disclosure: int) -> None:
    """Drop the letter of a dead letter that nobody took up."""
    Disclosure.objects.filter(pk=disclosure, state=State.FAILED).update(sealed="")


def _hand_over(rows: Sequence[Disclosure]) -> None:
    ready = [(row, parcel) for row in rows if (parcel := _ready(row)) is not None]
    if not ready:
        return
    keys = [row.pk for row, _ in ready]
    try:
        kept = _send([row for row, _ in ready], [parcel for _, parcel in ready])
    except Trouble as trouble:
        _went_wrong([row for row, _ in ready], trouble)
        return
    Disclosure.objects.filter(pk__in=keys).update(
        state=State.KEPT if kept else State.SENT,
        sent_at=timezone.now(),
        sealed="",
        trouble="",
    )


def _ready(row: Disclosure) -> Parcel | str | None:
    """What is to be sent of a row: a parcel, or a letter; None if it is not to be sent any more.

    Decided, read and noted as tried while the person's standing is held: whoever withdraws does so
    before, and nothing leaves, or after, and it is called back.
    """
    with transaction.atomic():
        facts = deciding.facts_of(row.subject, held=True)
        try:
            decision = deciding.decided(facts, row.subject, row.purpose, row.recipient)
            content = _letter(row) if row.sealed else _parcel(row, decision.withheld)
        except (deciding.Denied, deciding.UnknownRecipient):
            _stop(row, "denied")
            return None
        except (cutting.TooMuch, Unreadable) as error:
            _fail(row, "too-much" if isinstance(error, cutting.TooMuch) else "unreadable")
            return None
        if content is None:
            _stop(row, "nothing")
            return None
        kinds = row.categories if isinstance(content, str) else " ".join(sorted(content.data))
        Disclosure.objects.filter(pk=row.pk).update(tried_at=timezone.now(), categories=kinds)
    return content


def _letter(row: Disclosure) -> str:
    return cipher().decrypted(row.sealed)


def _parcel(row: Disclosure, withheld: frozenset[str]) -> Parcel | None:
    if row.subject is None:
        return None
    data = cutting.read(row.subject, row.recipient, row.purpose, withheld)
    return Parcel(row.key, row.reference, row.purpose, data) if data else None


def _send(rows: Sequence[Disclosure], contents: Sequence[Parcel | str]) -> bool:
    """Send; whether it stayed on this machine. Raises Trouble."""
    first = rows[0]
    letters = [each for each in contents if isinstance(each, str)]
    if letters:
        return post.hand_over(letters[0], first.key)
    try:
        connection = connections.to(first.recipient)
    except connections.NotConnected:
        raise Trouble("nothing says how it is reached", code="not-connected") from None
    key = first.key if first.batch is None else f"{first.batch:x}"
    parcels = [each for each in contents if isinstance(each, Parcel)]
    TRANSPORTS[connection.kind].send(connection, key, parcels)
    return False


def _went_wrong(rows: Sequence[Disclosure], trouble: Trouble) -> None:
    if trouble.lasting:
        for row in rows:
            _fail(row, trouble.code)
        return
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(trouble=trouble.code)
    raise NotDelivered(trouble.code)


def _stop(row: Disclosure, why: str) -> None:
    """Nothing leaves any more; what was tried before may have arrived, and stays recorded."""
    state = State.STOPPED if row.tried_at is None else State.FAILED
    Disclosure.objects.filter(pk=row.pk).update(state=state, trouble=why, sealed="")


def _fail(row: Disclosure, trouble: str) -> None:
    Disclosure.objects.filter(pk=row.pk).update(state=State.FAILED, trouble=trouble)
    if row.sealed:
        queue.enqueue_at(timezone.now() + KEPT_FOR, FORGET, disclosure=row.pk)


def waiting() -> int:
    """How many disclosures wait to be handed over."""
    return Disclosure.objects.filter(
        state=State.QUEUED, recipient__in=in_force().recipients
    ).count()
