"""Reminders: asked for by a member, sent once when the title opens, and forgotten with that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.catalogue.models import Reminder, Title
from plainview.platform import languages
from plainview.platform.addresses import absolute
from plainview.platform.jobs.apart import apart
from plainview.privacy.disclosures import post
from plainview.privacy.rights.services import let_go


def remind(account: int, title: Title, *, opens_at: datetime | None) -> None:
    """Note that a member wants to be told; `opens_at` is the day that they were told of.

    The letter comes in the language of the page of now.
    """
    said = {"opens_at": opens_at, "language": languages.current()}
    Reminder.objects.update_or_create(account_id=account, title=title, defaults=said)


def forget_reminder(account: int, title: Title) -> None:
    """Take the wish back."""
    let_go(account, Reminder.objects.filter(account_id=account, title=title))


def send_reminders() -> int:
    """Write to those whose title has opened and forget their wish; how many were written to."""
    now = timezone.now()
    due = Reminder.objects.select_related("title").filter(title__published_at__lte=now)
    waiting = due.exclude(opens_at__gt=now).prefetch_related("title__licences")
    with apart() as tried:
        return sum(bool(tried(_remind, row, now)) for row in waiting)


def _remind(row: Reminder, now: datetime) -> bool:
    windows = [each.window for each in row.title.licences.all()]
    if row.title.licensed and not any(window.is_open(now) for window in windows):
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
