"""What somebody told and no purpose may see any more: if it is there, since when, and its end.

A category that is of `only` some purposes rests while all of them are closed to its person; the day
on which that began stands in its row, and its schedule counts from there (P1.1.3a, P9c).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from plainview.privacy.backups import ledger
from plainview.privacy.disclosures import recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.models import Standing
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import holds, tables
from plainview.privacy.rights.planning import later

EVENT = "purpose-end"


def there(subject: int, category: str) -> bool:
    """Whether somebody's rows of a category are there, whatever they permit."""
    with duty("erasure"):
        return any(tables.about(table, subject).exists() for table in _only_of(category))


def forget(subject: int, category: str) -> None:
    """Delete all that somebody told of a category; what a hold needs stays with it.

    No restored copy gives it back, and whoever got it is told.
    """
    with duty("erasure"), transaction.atomic():
        ledger.removed(subject, category=category)
        for table in _only_of(category):
            if subject not in holds.held_of(table.name):
                tables.about(table, subject).delete()
        recalls.corrected(subject, frozenset({category}), asked=True)


def _only_of(category: str) -> list[Table]:
    """The tables that hold that category and nothing else personal, but whose row it is."""
    own = {category, category.partition(".")[0]}
    return [
        each for each in tables.tables() if category in each.categories and each.categories <= own
    ]


def note(today: dt.date) -> None:
    """Note of everybody's rows since when none of their purposes may see them. Needs a duty.

    What may be seen again, by a yes or in another place, rests no more.
    """
    for table, since, seen in _resting():
        path, rows = table.subjects[0].lookup, tables.manager(table)
        hidden = rows.exclude(**{f"{path}__in": seen})
        hidden.filter(**{since: None}).update(**{since: today})
        rows.filter(**{f"{path}__in": seen}).exclude(**{since: None}).update(**{since: None})


def goes_on(subject: int, category: str) -> dt.date | None:
    """The last day of what of a category rests unseen, noted from today on; None if none does."""
    with duty("erasure"):
        for table, since, seen in _resting():
            theirs = tables.about(table, subject)
            if table in _only_of(category) and not seen.filter(subject=subject).exists():
                for noted in theirs.values_list(since, flat=True):
                    return later(noted or timezone.localdate(), in_force().schedule(category).keep)
    return None


def _resting() -> Iterator[tuple[Table, str, QuerySet[Any]]]:
    """The tables that say since when they rest, the field, and whose rows may be seen now."""
    policy, now = in_force(), int(time.time())
    for table in registry().personal_tables():
        moments = [c for c in table.columns.values() if c.mark.event == EVENT]
        for moment in moments if table.model is not None else ():
            only = policy.categories[moment.mark.category].only
            may = F("permitted").bitand(policy.mask(only))
            live = Q(valid_until=None) | Q(valid_until__gt=now)
            seen = Standing.objects.annotate(may=may).filter(live).exclude(may=0)
            yield table, tables.fields(table)[moment.name].attname, seen.values("subject")
