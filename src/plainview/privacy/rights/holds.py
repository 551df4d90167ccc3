"""Legal holds: what must stay for a claim or by an order, though somebody leaves or time is up.

A hold has an owner, a reason and a day. What it covers are whole rows of the tables that hold one
of its categories, and the rows that these hang on. It is subtracted from erasures and sweeps, and
the report says so. What somebody deletes of theirs meanwhile leaves the service as ever, and a
copy of the row stays with the hold. Once it is released, or its day has come, what met it goes on
by itself, and the copies go (P9b).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Field, ForeignKey, Model, QuerySet
from django.utils import timezone

from plainview.privacy.backups import ledger
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import LegalHold, Preserved
from plainview.privacy.policies import in_force
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import tables

DOOR = Door(
    "plainview.privacy.rights.holds",
    "rights",
    source="staff",
    everyone="whoever answers for holds sees which stand, and when they end",
)
PRESERVING = Door(
    "plainview.privacy.rights.holds.preserving",
    "rights",
    source="derived",
    everyone="whatever goes is held against all that is held, whoever lets it go",
    lists=frozenset({"requests.rights"}),
)
GROUND = "legal-hold"
"""What a report names as the ground of a row that is kept for a hold."""


class Unfounded(ValueError):
    """A hold needs a reason, a day to come, and categories that the policy has."""


def put(
    subject: int, *, owner: int | None, reason: str, until: dt.date, categories: Iterable[str] = ()
) -> LegalHold:
    """Hold what there is of a person until a day; without categories, all of it.

    No restored copy loses it. Raises Unfounded, and OSError.
    """
    names = sorted(set(categories))
    if not reason.strip() or until <= timezone.localdate():
        raise Unfounded("a hold has a reason and a day to come")
    if unknown := [each for each in names if each not in in_force().categories]:
        raise Unfounded(f"the policy has no category {unknown[0]}")
    with duty("erasure"), transaction.atomic():
        row = LegalHold.objects.create(
            subject=subject,
            owner=owner,
            reason=reason.strip(),
            categories=" ".join(names),
            since=timezone.now(),
            until=until,
        )
        facts = {"until": until.isoformat(), "categories": row.categories}
        ledger.held(subject, row.since.isoformat(), owner=owner, facts=facts)
        return row


def standing() -> list[LegalHold]:
    """The holds that stand, those that end first first."""
    with Opened(DOOR):
        return list(LegalHold.objects.filter(ended_at=None).order_by("until", "pk"))


def of(subject: int) -> list[LegalHold]:
    """The holds of a person that stand, those that end first first."""
    with Opened(DOOR):
        rows = LegalHold.objects.filter(subject=subject, ended_at=None)
        return list(rows.order_by("until", "pk"))


def release(hold: int) -> tuple[int, int] | None:
    """End a hold; whom it was about and the erasure that goes on now, if one met it.

    The erasure goes on once no other hold that it met stands. None if there is nothing to go on
    with. Raises LegalHold.DoesNotExist.
    """
    with duty("erasure"), transaction.atomic():
        row = LegalHold.objects.select_for_update().get(pk=hold, ended_at=None)
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        over = functools.partial(ledger.held, row.subject, row.since.isoformat())
        transaction.on_commit(over, robust=True)  # a note that is lost lets it stand, until its day
        done = Preserved.objects.filter(subject=row.subject)
        done.exclude(table__in=covered(row.subject)).delete()
        if row.erasure is None:
            return None
        return row.subject, row.erasure


def past(today: dt.date) -> list[int]:
    """The holds whose day has come."""
    with Opened(DOOR):
        rows = LegalHold.objects.filter(ended_at=None, until__lte=today)
        return list(rows.values_list("pk", flat=True))


def met(subject: int, erasure: int) -> None:
    """Note that an erasure met the holds of a person, and goes on after them. Needs a duty."""
    LegalHold.objects.filter(subject=subject, ended_at=None).update(erasure=erasure)


def covered(subject: int) -> dict[str, str]:
    """The tables of which a person's rows are held, each with the ISO day until which.

    Needs a duty.
    """
    found: dict[str, str] = {}
    rows = LegalHold.objects.filter(subject=subject, ended_at=None)
    for said, until in rows.values_list("categories", "until"):
        for table in _tables(said):
            found[table] = max(found.get(table, ""), until.isoformat())
    return found


def held_of(table: str) -> list[int]:
    """The people whose rows of a table are held. Needs a duty."""
    rows = LegalHold.objects.filter(ended_at=None).values_list("subject", "categories")
    return sorted({subject for subject, said in rows if table in _tables(said)})


def preserve(table: Table, rows: QuerySet[Any], whose: int | None) -> Callable[[], None] | None:
    """Give what keeps a copy of those of a table's rows that a hold covers, once they are gone.

    `whose` they are is one person; None: anybody's. None if no hold covers any.
    """
    with Opened(PRESERVING):
        held = held_of(table.name)
    people = [each for each in held if whose in (None, each)]
    if not people:
        return None
    with duty("erasure"):
        found = [
            (row.pk, _copied(part, row))
            for part in tables.parts(table)
            for row in part.rows_among(rows, people).annotate(held_of=F(part.path.lookup))
        ]

    def keep() -> None:
        with duty("erasure"):
            keys = {key for key, _copy in found}
            left = set(tables.manager(table).filter(pk__in=keys).values_list("pk", flat=True))
            Preserved.objects.bulk_create(copy for key, copy in found if key not in left)

    return keep if found else None


def _copied(part: tables.Part, row: Any) -> Preserved:
    """What of a row is a person's or nobody's, but for what lets somebody in."""
    name = part.table.name
    said = {f"{name}.{f.column}": _said(f, row) for f in (*part.fields, *part.nobodys)}
    return Preserved(subject=row.held_of, table=name, row=said, went_at=timezone.now())


def _said(field: Field[Any, Any], row: Model) -> Any:
    """What a column of a row holds, as JSON can say it and `field.to_python` reads it."""
    value = field.value_from_object(row)
    return value if value is None or isinstance(value, bool | int) else field.value_to_string(row)


@functools.lru_cache(maxsize=64)
def _tables(said: str) -> frozenset[str]:
    """The tables that hold one of these categories, and those that their rows hang on."""
    wanted = set(said.split())
    known = {table.name: table for table in tables.tables()}
    found = {
        name
        for name, table in known.items()
        if not wanted or wanted & {c.mark.category for c in table.columns.values()}
    }
    found |= {LegalHold._meta.db_table, Preserved._meta.db_table}
    waiting = list(found)
    while waiting:
        for field in tables.fields(registry().tables[waiting.pop()]).values():
            if isinstance(field, ForeignKey):
                remote = field.remote_field.model._meta.db_table
                if remote in known and remote not in found:
                    found.add(remote)
                    waiting.append(remote)
    return frozenset(found)
