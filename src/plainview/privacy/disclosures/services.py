"""The door: hand something about a person to a declared recipient, recorded as it is queued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plainview.platform.encryption import cipher
from plainview.platform.expressions import Keys
from plainview.platform.identifiers import named, new_id
from plainview.platform.jobs import queue
from plainview.platform.jobs.apart import apart
from plainview.privacy.disclosures import connections, cutting, deciding
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.rights.planning import later

DELIVER, DELIVER_BATCH = "disclosures.deliver", "disclosures.deliver-batch"
HAND_OVER = "disclosures.hand-over"
"""What is for one recipient alone, who may be silent: no letter waits for it."""
SEND = "disclosures.send"
MOST = 500
"""So many people go in one piece."""
_SALT = b"plainview.privacy.disclosures.reference:"
_WHY = "the ledger is kept whoever is at the door; the row names whom it is about"
RECORDING = Door("plainview.privacy.disclosures", "record-keeping", source="derived", everyone=_WHY)


RECORDING_ADDRESSES = Door(
    "plainview.privacy.disclosures.post", "service-messages", source="derived", everyone=_WHY
)


class Nothing(Exception):
    """The recipient may have nothing of the person for this purpose."""


def disclose(
    *,
    recipient: str,
    purpose: str,
    subject: int | None,
    letter: str = "",
    categories: Iterable[str] = (),
    key: str = "",
    reference: str = "",
) -> Disclosure:
    """Queue what `recipient` may have of a person for `purpose`; the row is the record of it.

    In the caller's transaction: rolled back, nothing was asked for. What is sent is read when its
    turn comes, and decided again. A `letter` can't be written again, so it is sealed; it says
    which `categories` it carries, the `key` by which it is known again, and as `reference` what
    stands for its address.

    Raises UnknownRecipient, UnknownPurpose, deciding.Denied, cutting.TooMuch for a category that
    the recipient may not have, connections.NotConnected, Nothing.
    """
    ruling = deciding.ruled(deciding.facts_of(subject), subject, purpose, recipient)
    if letter:
        cutting.refuse_more(recipient, purpose, categories)
        if ruling.decision.withheld.intersection(categories):
            raise deciding.Denied(ruling.decision)
    else:
        connections.to(recipient)
    row = _row(ruling, subject, recipient, frozenset(categories))
    if letter:
        row.sealed = cipher().encrypted(letter)
        row.key, row.reference = key or row.key, reference
    elif subject is not None:
        row.reference = _names(recipient, [subject])[subject]
    with Opened(RECORDING), transaction.atomic():
        row.save(force_insert=True)
        queue.enqueue(task_of(row), disclosure=row.pk)
    return row


def task_of(row: Disclosure) -> str:
    """By which task it is handed over: letters by one of their own."""
    return DELIVER if connections.carries(row.recipient) == connections.MAIL else HAND_OVER


def disclose_each(*, recipient: str, purpose: str, subjects: Iterable[int]) -> int:
    """Queue the same for many, as few pieces as can be; return how many permit it.

    Whoever does not is left out. Raises UnknownRecipient, UnknownPurpose, NotConnected.
    """
    connections.to(recipient)
    wanted, count = iter(subjects), 0
    while some := list(islice(wanted, MOST)):
        batch = new_id()
        rows: list[Disclosure] = []
        for subject, facts in deciding.facts_of_each(some).items():
            try:
                row = _row(
                    deciding.ruled(facts, subject, purpose, recipient),
                    subject,
                    recipient,
                    frozenset(),
                )
            except (deciding.Denied, Nothing):
                continue
            row.batch = batch
            rows.append(row)
        names = _names(recipient, [row.subject for row in rows if row.subject is not None])
        for row in rows:
            row.reference = names.get(row.subject or 0, "")
        if rows:
            with Opened(RECORDING), transaction.atomic():
                Disclosure.objects.bulk_create(rows)
                queue.enqueue(DELIVER_BATCH, batch=batch)
        count += len(rows)
    return count


def disclose_everybody(*, recipient: str, purpose: str) -> int:
    """Queue it for each member who permits it; return how many. Raises as `disclose_each`.

    Within a door that may ask everybody's standing.
    """
    members = Standing.objects.filter(device=False).order_by("subject")
    subjects = list(members.values_list("subject", flat=True))
    return disclose_each(recipient=recipient, purpose=purpose, subjects=subjects)


def send_what_is_due(today: dt.date) -> int:
    """Hand over what the operator's file says goes out regularly; return how many people went."""
    declared = in_force().recipients  # one that is not yet gets nothing; `plainview policy check`
    with apart() as tried:
        return sum(
            tried(_send_if_due, recipient, purpose, length, today) or 0
            for recipient, connection in connections.configured().items()
            for purpose, length in connection.sends.items()
            if recipient in declared and purpose in declared[recipient].receives
        )


def _send_if_due(recipient: str, purpose: str, length: str, today: dt.date) -> int:
    with Opened(RECORDING):
        rows = Disclosure.objects.filter(recipient=recipient, purpose=purpose)
        last = rows.exclude(batch=None).aggregate(last=Max("queued_at"))["last"]
    if last is not None and later(timezone.localdate(last), length) > today:
        return 0
    return disclose_everybody(recipient=recipient, purpose=purpose)


def told_by_browser(subject: int, recipient: str, purpose: str, categories: Iterable[str]) -> None:
    """Record, once a day, that a person's browser told a recipient something itself (an embed).

    Nothing is queued and nothing can be called back: the recipient knows no name of ours.
    Raises UnknownRecipient, UnknownPurpose, deciding.Denied.
    """
    now = timezone.now()
    ruling = deciding.ruled(deciding.facts_of(subject), subject, purpose, recipient)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with Opened(RECORDING), transaction.atomic():
        known = Disclosure.objects.filter(
            subject=subject, recipient=recipient, purpose=purpose,
            state=Disclosure.State.BROWSER, queued_at__gte=today,
        )  # fmt: skip
        if not known.exists():
            row = _row(ruling, subject, recipient, frozenset(categories))
            row.state, row.sent_at = Disclosure.State.BROWSER, now
            row.save(force_insert=True)


def _row(
    ruling: deciding.Ruling, subject: int | None, recipient: str, categories: frozenset[str]
) -> Disclosure:
    decision, kinds = ruling.decision, categories or ruling.kinds
    if not kinds:
        raise Nothing
    return Disclosure(
        subject=subject,
        recipient=recipient,
        purpose=decision.purpose,
        categories=" ".join(sorted(kinds)),
        basis=decision.basis or "",
        country=ruling.country,
        safeguard=ruling.safeguard,
        queued_at=timezone.now(),
        policy=in_force().fingerprint,
    )


def pairwise(recipient: str, subject: int) -> list[str]:
    """The names under which a recipient may know a person, by each of our secret keys.

    Its own for each recipient, so that nobody can join what two of them know.
    """
    return [each.hex()[:32] for each in named(_SALT, f"{recipient}:{subject}")]


def _names(recipient: str, subjects: Iterable[int]) -> dict[int, str]:
    """The name under which a recipient knows each person from here on: the one that it has.

    By the ledger, so another secret key makes nobody a stranger to it; else by the key of now.
    """
    names = {subject: pairwise(recipient, subject)[0] for subject in subjects}
    if in_force().recipients[recipient].carries:
        return names  # what stands in the ledger is for addresses
    with Opened(RECORDING):
        rows = Disclosure.objects.filter(recipient=recipient, subject__in=Keys(names))
        told = rows.exclude(reference="").values("subject", "reference")
        last = told.annotate(last=Max("queued_at")).order_by("last")
        known = {row["subject"]: row["reference"] for row in last if row["subject"] is not None}
        return names | known


def try_again(key: str) -> bool:
    """Take up a dead letter; False if there is none of that key, or its letter is gone."""
    with Opened(RECORDING), transaction.atomic():
        row = Disclosure.objects.filter(key=key, state=Disclosure.State.FAILED).first()
        if row is None or (connections.carries(row.recipient) and not row.sealed):
            return False
        Disclosure.objects.filter(pk=row.pk).update(state=Disclosure.State.QUEUED, trouble="")
        queue.enqueue(task_of(row), disclosure=row.pk)
    return True


def let_go(key: str) -> bool:
    """Give a dead letter up for good: what is sealed is dropped, the record stays."""
    with Opened(RECORDING):
        failed = Disclosure.objects.filter(key=key, state=Disclosure.State.FAILED)
        return bool(failed.update(state=Disclosure.State.STOPPED, sealed=""))
