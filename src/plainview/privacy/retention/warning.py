"""The letters before an account ends that nobody uses, each written down as it is queued."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.platform import languages
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


def write(today: dt.date) -> int:
    """Write the letters that are due on a day; how many. Whom none reaches keeps the account."""
    with duty("erasure"):
        due = list(lasting.to_write(today))
    return sum(_wrote(account, nth, found) for account, nth, found in due)


def _wrote(account: int, nth: int, found: Lasting) -> bool:
    with Opened(_WRITING), transaction.atomic():
        reader = Ports.readers([account]).get(account)
        if reader is None or not post.reaches(reader.address):
            return False
        key = new_delivery_key()
        Warned.objects.create(
            account=account,
            nth=nth,
            written_at=timezone.now(),
            ends_on=found.course.ends,
            delivery=key,
        )
        _queue(reader, found, key)
    return True


def _queue(reader: Reader, found: Lasting, key: str) -> None:
    """The letter in the language of its reader; the key keeps it from going twice."""
    site = settings.PUBLIC.geturl().rstrip("/")
    with override(languages.code(reader.language or settings.LANGUAGE_CODE)):
        said = {
            "name": controller().name,
            "since": dates.written(found.since),
            "day": dates.written(found.course.ends),
            "address": f"{site}{reverse('account_login')}",
        }
        text = render_to_string("privacy/mail/ends_message.txt", said).strip()
        title = _("Your account ends on %(day)s") % said
        message = EmailMessage(title, text, None, [reader.address])
        message.key = key  # type: ignore[attr-defined]
        message.send()
