"""Send a question, file a copyright notice, settle it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from plainview.domains.catalogue.models import Title, Video
from plainview.domains.support.models import CopyrightNotice, Step
from plainview.domains.support.services import takedowns, telling
from plainview.platform import languages
from plainview.platform.identifiers import new_id, new_key
from plainview.privacy.policies import controller


class AlreadySettled(Exception):
    """Somebody has decided this notice."""


def ask(*, email: str, topic: str, text: str) -> str:
    """Send a question to the desk by mail; return its number.

    Nothing of it is kept once the mail has gone: whoever reads it answers it.
    """
    number = new_key()
    with override(telling.OFFICE):
        subject = f"[{number}] {topic}"
    EmailMessage(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [controller().email],
        headers={"Auto-Submitted": "no"},  # a person wrote it (RFC 3834, 5)
        reply_to=[email],
    ).send()
    return number


def file_notice(
    *, account: int | None, name: str, email: str, address: str, work: str, where: str
) -> CopyrightNotice:
    """Keep a copyright notice and send its receipt, to who wrote it and to the desk.

    The mails name the number and nothing that was typed. Notice and mails are of one transaction.
    One that waits already, word for word, is the one that is meant: sent again on a slow line, it
    would be decided twice, with a strike each time.
    """
    with transaction.atomic():
        waiting = CopyrightNotice.objects.filter(state=CopyrightNotice.State.OPEN)
        same = waiting.filter(name=name, email=email, address=address, work=work, where=where)
        if (earlier := same.first()) is not None:
            return earlier
        notice = CopyrightNotice.objects.create(
            subject=new_id() if account is None else account,
            name=name,
            email=email,
            address=address,
            work=work,
            where=where,
            language=languages.current(),
        )
        takedowns.note(notice, Step.What.SENT)
        telling.tell(notice, "receipt")
        telling.tell_desk(notice)
    return notice


def settle_notice(
    number: str,
    *,
    staff: int,
    state: str,
    reason: str,
    title: Title | None = None,
    video: Video | None = None,
    part: str = "",
) -> CopyrightNotice:
    """Uphold or refuse a notice, with the reason, and tell who wrote it. `staff` is who decides.

    Upholding takes `title` down, or of its `video` the subtitles in the language `part` alone; None
    is what the desk took down by itself, such as a picture.

    Raises CopyrightNotice.DoesNotExist, AlreadySettled.
    """
    with transaction.atomic():
        notice = CopyrightNotice.objects.select_for_update().get(number=number)
        if notice.state != CopyrightNotice.State.OPEN:
            raise AlreadySettled(number)
        notice.state, notice.reason, notice.settled_at = state, reason, timezone.now()
        notice.save(update_fields=["state", "reason", "settled_at"])
        takedowns.note(notice, state, reason, staff)
        if state == CopyrightNotice.State.UPHELD and title is not None:
            takedowns.take_down(notice, title, video, part)
        refused = state == CopyrightNotice.State.REFUSED
        telling.tell(notice, "settled", **(telling.outside(notice.subject) if refused else {}))
    return notice
