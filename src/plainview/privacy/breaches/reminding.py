"""Whoever answers for breaches is written to as one begins, before a moment comes, and after it.

Each stage is told once, and after the end once a day. A letter has the number of the breach, and
nothing of what happened.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_noop

from plainview.privacy.breaches import services
from plainview.privacy.breaches.due import Deadline
from plainview.privacy.breaches.queries import Case
from plainview.privacy.breaches.said import Reminded
from plainview.privacy.requests import letters

STAGES = {
    "week": dt.timedelta(days=7),
    "day": dt.timedelta(hours=24),
    "hours": dt.timedelta(hours=6),
}
"""So long before the end somebody is told; a stage that had passed at the start is left out."""
BEGUN, OVER, DAY = "begun", "over", dt.timedelta(days=1)


@transaction.atomic
def remind(found: Case) -> None:
    """Write of what has begun, is near, or over, and was not told yet at this stage."""
    if not found.open:
        return
    said = [each for each in found.said if isinstance(each, Reminded)]
    told = {(each.stage, duty) for each in said for duty in each.duties}
    due: dict[str, list[str]] = {}
    for each in found.undone:
        stage = stage_of(each, found.now)
        if stage and (stage, each.key) not in told:
            due.setdefault(stage, []).append(each.key)
    if not said and not due:
        due[BEGUN] = [each.key for each in found.undone]
    for stage, duties in due.items():
        services.add(found, Reminded(stage=stage, duties=tuple(duties)), staff=None)
    if due:
        _write(found, late=any(stage.startswith(OVER) for stage in due))


def _write(found: Case, *, late: bool) -> None:
    """Write to whoever answers: the number, and how many hours are left."""
    left = None if found.due is None else int((found.due - found.now).total_seconds() // 3600)
    letters.bring(
        "breach",
        gettext_noop("A breach of personal data has to be told"),
        number=found.breach.number,
        hours=left,
        late=late,
    )


def stage_of(each: Deadline, now: dt.datetime) -> str:
    """How near the end of a duty is: the word of a stage, `over`, `over-3` after days, or ""."""
    due, begun = each.clock.due, each.begun
    if due is None or begun is None:
        return ""
    if now > due:
        days = (now - due) // DAY
        return f"{OVER}-{days}" if days else OVER
    passed = [name for name, before in STAGES.items() if begun < due - before <= now]
    return passed[-1] if passed else ""
