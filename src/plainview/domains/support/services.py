"""What can be done with letters: send a question, file a copyright notice, settle it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.domains.support.models import CopyrightNotice
from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.policies import controller

OFFICE = "en"
"""The language in which the service writes to its own desk."""


class AlreadySettled(Exception):
    """Somebody has decided this notice."""


def ask(*, email: str, topic: str, text: str) -> str:
    """Send a question to the desk by mail; return its number.

    Nothing of it is kept once the mail has gone: whoever reads it answers it.
    """
    number = new_key()
    with override(OFFICE):
        subject = f"[{number}] {topic}"
    EmailMessage(
        subject, text, settings.DEFAULT_FROM_EMAIL, [controller().email], reply_to=[email]
    ).send()
    return number


def file_notice(
    *, account: int | None, site: str, name: str, email: str, address: str, work: str, where: str
) -> CopyrightNotice:
    """Keep a copyright notice and send its receipt, to who wrote it and to the desk.

    The mails name the number and nothing that was typed; `site` is where this service is, as
    `https://films.example`. Notice and mails are of one transaction.
    """
    with transaction.atomic():
        notice = CopyrightNotice.objects.create(
            subject=new_id() if account is None else account,
            name=name,
            email=email,
            address=address,
            work=work,
            where=where,
        )
        _tell(email, _("We have your copyright notice %(number)s"), "receipt", notice, site)
        with override(OFFICE):
            _tell(controller().email, _("Copyright notice %(number)s"), "arrived", notice, site)
    return notice


def settle_notice(number: str, *, site: str, state: str, reason: str) -> CopyrightNotice:
    """Uphold or refuse a notice, with the reason, and tell who wrote it.

    Raises CopyrightNotice.DoesNotExist, AlreadySettled.
    """
    with transaction.atomic():
        notice = CopyrightNotice.objects.select_for_update().get(number=number)
        if notice.state != CopyrightNotice.State.OPEN:
            raise AlreadySettled(number)
        notice.state, notice.reason, notice.settled_at = state, reason, timezone.now()
        notice.save(update_fields=["state", "reason", "settled_at"])
        subject = _("Your copyright notice %(number)s is decided")
        _tell(notice.email, subject, "settled", notice, site)
    return notice


def _tell(to: str, subject: str, letter: str, notice: CopyrightNotice, site: str) -> None:
    context = {"notice": notice, "operator": controller(), "notice_url": site + reverse("notice")}
    text = render_to_string(f"support/mail/{letter}.txt", context)
    EmailMessage(
        subject % {"number": notice.number}, text, settings.DEFAULT_FROM_EMAIL, [to]
    ).send()
