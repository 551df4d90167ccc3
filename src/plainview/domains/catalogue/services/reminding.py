"""Reminders: asked for by a member, sent once when the title opens, and forgotten with that."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue import document
from plainview.domains.catalogue.licensing import Window, has_come
from plainview.domains.catalogue.models import Licence, Reminder, Revision, Title
from plainview.platform import languages
from plainview.platform.addresses import absolute
from plainview.platform.jobs.apart import apart
from plainview.privacy.disclosures import post
from plainview.privacy.rights.services import let_go


def remind(account: int, title: Title, *, opens_at: datetime | None) -> None:
    """Note that a member wants to be told; `opens_at` is the day that they were told of.

    The letter comes in the language of the page of now.
    """
    said = {"opens_at": opens_at, "language": languages.current(), "asked_at": timezone.now()}
    Reminder.objects.update_or_create(account_id=account, title=title, defaults=said)


def forget_reminder(account: int, title: Title) -> None:
    """Take the wish back."""
    let_go(account, Reminder.objects.filter(account_id=account, title=title))


def send_reminders() -> int:
    """Write to those whose title has opened and forget their wish; how many were written to."""
    now = timezone.now()
    shown = Reminder.objects.filter(title__published_at__lte=now)
    waiting = shown.select_related("title").prefetch_related("title__licences")
    with apart() as tried:
        return sum(bool(tried(_remind, row, now)) for row in waiting)


def _remind(row: Reminder, now: datetime) -> bool:
    if not _is_here(row, now):
        return False
    with languages.speaking(row.language), transaction.atomic():
        if not Reminder.objects.filter(pk=row.pk).delete()[0]:
            return False  # taken back while others were written to, or another worker wrote
        name = row.title.name.text
        context = {
            "name": name,
            "address": absolute(row.title.get_absolute_url()),
        }
        title = _("%(name)s is here") % {"name": name}
        return post.write(row.account_id, "catalogue/mail/here", context, title)


def _is_here(row: Reminder, now: datetime) -> bool:
    """Whether what a member was told of has opened, on whichever day that now is."""
    windows = [each.window for each in row.title.licences.all()]
    is_open = any(window.is_open(now) for window in windows)
    if not row.title.licensed or not is_open or row.opens_at is None:
        return is_open or not row.title.licensed
    return has_come(_told(row, row.opens_at), windows, now)


def _told(row: Reminder, day: datetime) -> list[Window]:
    """The windows that opened on the day of which a member was told, as they stood then."""
    since = Revision.objects.filter(title=row.title_id, made_at__gt=row.asked_at)
    was = since.order_by("made_at", "id").values_list("before", flat=True).first()
    if was is None:
        windows = [each.window for each in row.title.licences.all()]
        licensed, published = row.title.licensed, row.title.published_at
    else:
        stood = msgspec.convert(was["licences"], list[document.Licence])
        windows = [Licence(**msgspec.structs.asdict(each)).window for each in stood]
        licensed, published = was["licensed"], msgspec.convert(was["published_at"], datetime | None)
    if told := [each for each in windows if each.opens == day]:
        return told
    if licensed and published == day:
        return [each for each in windows if each.is_open(day)]
    return [Window()]
