"""The letters before an account ends that nobody uses, each written down as it is queued.

A sweep asks for them, and they go some at a time, no faster than any other notice: the first sweep
of an old deployment finds them due to thousands. One that is due and waits for its turn puts the
end of its account off by as long.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.jobs import queue
from plainview.platform.jobs.apart import apart
from plainview.platform.languages import dates
from plainview.privacy.changes.ports import Ports, Reader
from plainview.privacy.disclosures import post
from plainview.privacy.disclosures.models import new_delivery_key
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Warned
from plainview.privacy.policies import controller
from plainview.privacy.retention import lasting
from plainview.privacy.retention.lasting import Lasting

_WRITING = Door(
    "plainview.privacy.retention.warning",
    "service-messages",
    source="derived",
    everyone="whoever did not use their account for long is told when it ends",
)


WRITE = "retention.warn"
MOST = 500
"""So many letters are one batch at most; the pause between two makes the rate."""


def begin() -> None:
    """Have the letters written that are due; not if those of an earlier sweep are still going."""
    if not queue.awaited(WRITE):
        queue.enqueue(WRITE)


def write(*, after: int = 0) -> None:
    """Write a batch of what is due to accounts beyond `after`, and ask for the one after it.

    Whom none reaches keeps the account.
    """
    rate = settings.ENV.notices_a_minute
    size = min(MOST, rate)
    with duty("erasure"):
        due = list(islice(lasting.to_write(timezone.localdate(), after), size))
    with apart() as tried:
        for account, nth, found in due:
            tried(_write, account, nth, found)
        if len(due) == size and not queue.awaited(WRITE, after=due[-1][0]):
            pause = timedelta(minutes=size / rate)
            queue.enqueue_at(timezone.now() + pause, WRITE, after=due[-1][0])


def _write(account: int, nth: int, found: Lasting) -> None:
    with Opened(_WRITING), transaction.atomic():
        reader = Ports.readers([account]).get(account)
        if reader is None or not post.reaches(reader.address):
            return
        key = new_delivery_key()
        Warned.objects.create(
            account=account,
            nth=nth,
            written_at=timezone.now(),
            ends_on=found.course.ends,
            delivery=key,
        )
        _queue(reader, found, key)


def _queue(reader: Reader, found: Lasting, key: str) -> None:
    """The letter in the language of its reader; the key keeps it from going twice."""
    with languages.speaking(reader.language):
        said = {
            "name": controller().name,
            "since": dates.written(found.since),
            "day": dates.written(found.course.ends),
            "address": link("account_login"),
        }
        text = render_to_string("privacy/mail/ends_message.txt", said).strip()
        title = _("Your account ends on %(day)s") % said
        message = EmailMessage(title, text, None, [reader.address])
        message.key = key  # type: ignore[attr-defined]
        message.send()
