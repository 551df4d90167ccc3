"""Which wording of the short question is shown: by the hour, and remembered nowhere.

Everybody who is here in the same hour sees the same, so that pages stay cacheable and nothing needs
to be kept about anybody. Which wording an hour has is drawn from its number, so that no wording has
all the evenings.
"""

from __future__ import annotations

import hashlib
import time

from django.utils import timezone

from plainview.engine import TODAY, Comparison
from plainview.privacy.policies import in_force

HOUR = 3600


def running() -> Comparison | None:
    """The comparison of today, if the policy has one."""
    day = timezone.localdate()
    return next((each for each in in_force().wordings.comparison.values() if each.runs(day)), None)


def offered() -> tuple[str, ...]:
    """The wordings that may be answered now: a form may be from the hour before."""
    comparison = running()
    return (TODAY,) if comparison is None else comparison.wordings


def current() -> str:
    """The wording of this hour."""
    comparison = running()
    if comparison is None:
        return TODAY
    drawn = hashlib.sha256(f"{comparison.id}:{int(time.time()) // HOUR}".encode()).digest()
    return comparison.wordings[int.from_bytes(drawn[:4], "big") % len(comparison.wordings)]


def key(wording: str, model: str, part: str) -> str:
    """Where the policy's words of a wording stand."""
    stem = "choices.banner" if wording == TODAY else f"wordings.{wording}"
    return f"{stem}.{model}.{part}"
