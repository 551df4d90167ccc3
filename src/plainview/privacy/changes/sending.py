"""Telling everybody, a few at a time: each once, by the way that reaches them (P11d).

One batch is one transaction: who was told, what was queued for them, how far it is, and the job of
the next batch. A machine that dies in the middle told nobody of its batch, which is done anew. What
was queued has a key of ours, so it is handed over at most once (`disclosures.delivery`); whom that
may have missed is told at the next visit.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.engine import Standing as Facts
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.jobs import queue
from plainview.privacy import permissions
from plainview.privacy.changes import since, telling, wording
from plainview.privacy.changes.models import Change, Told
from plainview.privacy.changes.ports import Ports, Reader
from plainview.privacy.changes.publishing import SEND
from plainview.privacy.consent.questions import language
from plainview.privacy.disclosures import post, push
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.log.services import deed
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.push import queries as browsers

MOST = 50
"""So many people are one batch at most; the pause between two makes the rate."""
SOON = timedelta(seconds=5)
PURPOSE, DEED = "service-messages", "notice-of-change"
_WHY = "a change of the policy is told to everybody"
_RECORDING = Door(
    "plainview.privacy.changes.sending", "privacy-choices", source="derived", everyone=_WHY
)


def send(*, change: int) -> None:
    """Tell the next batch, and ask for the one after it; within a door of `service-messages`."""
    with transaction.atomic():
        row = Change.objects.select_for_update().get(pk=change)
        if row.state != Change.State.SENDING:
            return
        if not _in_force(row):
            queue.enqueue_at(timezone.now() + SOON, SEND, change=row.pk)
            return
        size = max(1, min(MOST, settings.ENV.notices_a_minute // 60))
        with Opened(_RECORDING):
            accounts = Standing.objects.filter(device=False, subject__gt=row.upto)
            batch = list(accounts.order_by("subject").values_list("subject", flat=True)[:size])
        if not batch:
            _end(row)
            return
        _tell(row, batch)
        Change.objects.filter(pk=row.pk).update(upto=batch[-1])
        pause = timedelta(minutes=len(batch) / settings.ENV.notices_a_minute)
        queue.enqueue_at(timezone.now() + pause, SEND, change=row.pk)


def _in_force(row: Change) -> bool:
    """Whether this process runs on the policy that is told of, or on a later one."""
    later = Change.objects.filter(pk__gte=row.pk)
    return later.filter(policy=in_force().fingerprint).exists()


def stuck(*, change: int) -> None:
    """After the last attempt: it waits for the officer, who sees it at the desk."""
    Change.objects.filter(pk=change, state=Change.State.SENDING).update(state=Change.State.STUCK)


def pause(change: int) -> bool:
    """Stop after the batch in hand; whether it was going on."""
    going = Change.objects.filter(pk=change, state=Change.State.SENDING)
    return bool(going.update(state=Change.State.PAUSED))


def go_on(change: int) -> bool:
    """Go on where it stopped; whether it had."""
    resting = (Change.State.PAUSED, Change.State.STUCK)
    with transaction.atomic():
        rows = Change.objects.filter(pk=change, state__in=resting)
        if not rows.update(state=Change.State.SENDING):
            return False
        queue.enqueue(SEND, change=change)
    return True


def _end(row: Change) -> None:
    Change.objects.filter(pk=row.pk).update(state=Change.State.DONE)
    with Opened(_RECORDING):
        told = Told.objects.filter(change=row.pk).count()
    deed(DEED, **{"pv:version": row.version, "pv:told": str(told)})


def _tell(row: Change, batch: list[int]) -> None:
    """Each of a batch who is to be told, by one way; who came later knows no other policy."""
    published = since.read(row)
    readers = Ports.readers(batch)
    facts = permissions.read_each(batch)
    taking = browsers.of_accounts(batch)
    told, at = [], timezone.now()
    for account in batch:
        reader = readers.get(account)
        if reader is None or reader.joined_at > row.published_at:
            continue
        sayings = published.told_under(since.laws(facts.get(account, Facts())))
        if not sayings:
            continue
        with languages.speaking(reader.language):
            sentences = wording.sentences(sayings)
            if post.reaches(reader.address):
                _write(row, account, reader, sentences)
                way = Told.Way.MAIL
            elif _message(row, account, taking.get(account, [])):
                way = Told.Way.PUSH
            else:
                way = Told.Way.VISIT
        told.append(Told(account=account, change=row, way=way, at=at))
    with Opened(_RECORDING):
        Told.objects.bulk_create(told)


def _write(row: Change, account: int, reader: Reader, sentences: list[str]) -> None:
    address = link("privacy-changes")
    said = {"sentences": sentences, "address": address}
    text = render_to_string("privacy/mail/change_message.txt", said).strip()
    message = EmailMessage(_title(), text, None, [reader.address])
    message.key = telling.key(row.policy, account)  # type: ignore[attr-defined]
    message.send()


def _message(row: Change, account: int, taking: list[browsers.Taking]) -> bool:
    """Queue it for each browser of somebody; whether one of them may have it."""
    said = push.Message(_title(), reverse("privacy-changes"), language())
    sent = [
        push.send(each, message=said, purpose=PURPOSE, key=telling.key(row.policy, account, number))
        for number, each in enumerate(taking)
    ]
    return any(sent)


def _title() -> str:
    return _("Our privacy notice has changed")
