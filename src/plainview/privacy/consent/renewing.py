"""The age of answers: until when a yes holds, and from when the questions may be put again.

The policy names the times for each law (`[consent]` of its jurisdictions). Months are calendar
months, so that no question comes a day too early. An answer whose day of renewal has come holds all
the same; what lapses is a yes, and only where the law lets it.
"""

from __future__ import annotations

import calendar
import datetime as dt

from django.utils import timezone

from plainview.engine import Policy
from plainview.engine import Standing as Facts
from plainview.platform import days
from plainview.privacy.policies import in_force

NEVER = 0


def months_after(day: dt.date, months: int) -> dt.date:
    """The same-numbered day so many months later, or the last of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def renewed_after(facts: Facts) -> int:
    """After how many months the laws of a person let the questions come again; 0 is never.

    A refusal is remembered as long as an acceptance, so one term holds for both: the longest that
    any of the laws names, for renewing and for asking again (P2.11a). Where one of them lets
    nobody be asked again, nobody is.
    """
    terms = [
        law.consent
        for law in in_force().laws(facts.presence, facts.residence)
        if law.consent is not None
    ]
    renew = max((each.renew_months for each in terms), default=NEVER)
    again = [each.ask_again_months for each in terms]
    return NEVER if NEVER in (renew, *again) else max(renew, *again)


def asked_again_on(facts: Facts, answered_on: dt.date) -> dt.date | None:
    """The first day on which the questions may be put again by themselves; None is never."""
    months = renewed_after(facts)
    return months_after(answered_on, months) if months else None


def lapses_at(facts: Facts, given_on: dt.date | None = None) -> float | None:
    """When a yes given then, or today, lapses (epoch seconds, a midnight); None where it stays."""
    day = lapses_on(facts, given_on or timezone.localdate())
    return None if day is None else days.start(day).timestamp()


def lapses_on(facts: Facts, given_on: dt.date) -> dt.date | None:
    """The day on which a yes given then is none any more; None where it stays."""
    months = lapses_after(in_force(), facts.presence, facts.residence)
    return months_after(given_on, months) if months else None


def lapses_after(policy: Policy, presence: str | None, residence: str | None) -> int:
    """After how many months a yes is none any more by a policy, where somebody is; 0 is never."""
    laws = policy.laws(presence, residence)
    terms = [law.consent.lapses_months for law in laws if law.consent is not None]
    return min((months for months in terms if months), default=NEVER)
