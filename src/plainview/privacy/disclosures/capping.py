"""When news may come, and how often: quiet hours of a place, and so many pieces a week (P2.3a)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.services import RECORDING
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force

WEEK = timedelta(days=7)


def full(subject: int | None, channel: str, references: Iterable[str]) -> bool:
    """Whether an address got as much news by a channel in seven days as the policy lets it.

    `references` are all that stand for it in the ledger, one for each of our secret keys.
    """
    most = in_force().messages.weekly.get(channel)
    if most is None or subject is None:
        return False
    with Opened(RECORDING):
        rows = Disclosure.objects.filter(
            subject=subject,
            purpose=channel,
            reference__in=list(references),
            queued_at__gt=timezone.now() - WEEK,
        )
        return rows.exclude(state=Disclosure.State.STOPPED).count() >= most


def quiet_until(facts: Facts, channel: str, now: datetime) -> datetime | None:
    """Until when news by a channel waits for somebody of these facts; None if it need not.

    Of two places, the one where it is quiet for longer. Where nobody knows where they are, it is
    where they live; where nobody knows that either, as quiet as anywhere.
    """
    policy, ends = in_force(), []
    unknown = facts.presence in (None, policy.law_of(None))
    here = facts.residence if unknown else facts.presence
    for law in policy.laws(here, facts.residence):
        quiet = law.consent.quiet if law.consent is not None else None
        if quiet is None or channel not in quiet.channels:
            continue
        there = now.astimezone(ZoneInfo(law.zone or "UTC"))
        clock = there.time().replace(tzinfo=None)
        overnight = quiet.from_ > quiet.until
        late, early = clock >= quiet.from_, clock < quiet.until
        if (late or early) if overnight else (late and early):
            end = datetime.combine(there.date(), quiet.until, there.tzinfo)
            ends.append(end + timedelta(days=1) if end <= there else end)
    return max(ends, default=None)
