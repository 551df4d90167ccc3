"""What can be asked about news."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plainview.domains.marketing.models import News
from plainview.privacy import permissions
from plainview.privacy.consent import news, questions
from plainview.privacy.decisions.register import Made

MOST = 2
"""So many pieces a page shows at once."""


def running(topics: Collection[str], today: date) -> list[News]:
    """What is shown on a day about some topics, the newest first."""
    if not topics:
        return []
    found = everything().filter(topic__in=topics)
    return list(found.filter(first__lte=today, last__gte=today)[:MOST])


def explained(subject: int) -> list[Made]:
    """Of what somebody is written to, by what they chose (P6c)."""
    known = permissions.read(subject)
    if known is None:
        return []
    topics = [each.name for each in news.topics(known[0]) if each.answer != "no"]
    inputs = ((_("Topics"), questions.in_a_row(topics)),) if topics else ()
    return [Made("", _("You let us write to you about what you did not refuse."), inputs)]


def everything() -> QuerySet[News]:
    """All pieces, the newest first: for staff."""
    return News.objects.select_related("title")
