"""Leaving: asked for in one transaction, and taken up again where something hindered it.

The person is told nothing before it is committed. `erasing` carries it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec
from cryptography.fernet import InvalidToken
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from plainview.platform.jobs import queue
from plainview.privacy import caching
from plainview.privacy.backups import ledger
from plainview.privacy.consent import stopping
from plainview.privacy.disclosures import named, recalls
from plainview.privacy.gate.duties import duty
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.models import Device, Erasure, Session
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import (
    hindrances,
    holdings,
    holds,
    person,
    queries,
    sealing,
    tables,
)
from plainview.privacy.rights.erasing import (
    LEFT,
    Report,
    StepsFailed,
    carry_out,
    carry_out_together,
    give_up,
    note,
    planned,
    read,
    written,
)
from plainview.privacy.rights.hindrances import Hindrance
from plainview.privacy.rights.planning import Line

__all__ = ["Report", "StepsFailed", "carry_out", "carry_out_together", "give_up", "read"]
TASK, MANY = "erase", "erase.many"
AT_ONCE = 500
"""So many erasures share a search of everything; what gives each away stands in memory for it."""
begun: list[Callable[[int, int], None]] = []
"""Called with whoever leaves and their erasure, in the transaction that asks for it."""
REPORTS = Door(
    "plainview.privacy.rights.services",
    "rights",
    source="derived",
    everyone="the report of an erasure names nobody",
)


class NobodyThere(Exception):
    """There is nobody of that number any more, or they have asked to leave already."""


class NothingToDo(Exception):
    """No erasure of that key is unfinished."""


class NotRemovable(Exception):
    """A law, or what else stands in the row, keeps it from being deleted by itself."""


class Hindered(Exception):
    """Something has to be seen to first; `hindrance` says what and where."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.why)
        self.hindrance = hindrance


def plan(subject: int) -> list[Line]:
    """What leaving would do, line by line, from what is held now: a look, which erases nothing."""
    with duty("export"):
        return planned(person.find(subject))


def hindrance(subject: int) -> Hindrance | None:
    """What a person must see to before they can leave."""
    with duty("export"), transaction.atomic():
        return hindrances.found(subject)


def leave(subject: int, *, together: bool = False) -> str:
    """Ask for the erasure of a member or device; return the key of the report.

    The account is closed and its sessions end in the same transaction. Of many that end in one
    night what is held goes `together`. Raises NobodyThere, and Hindered where others would be
    locked out.
    """
    with duty("erasure"), transaction.atomic():
        if (hindrance := hindrances.found(subject)) is not None:
            raise Hindered(hindrance)
        if not (_close(subject) or Device.objects.filter(pk=subject).exists()):
            raise NobodyThere
        whom = person.find(subject)
        report = Report(whom.member, planned(whom), named=named.hosts(subject))
        row = Erasure.objects.create(
            asked_at=timezone.now(), sealed=sealing.seal(whom), report=written(report)
        )
        stopping.remember(subject, whom.addresses)
        recalls.erased(subject, row.pk, whom.addresses)
        Session.objects.filter(account=subject).delete()
        for each in begun:
            each(subject, row.pk)
        queue.enqueue(MANY if together else TASK, erasure=row.pk)
        transaction.on_commit(lambda: note(row, whom))
    caching.forget(subject)
    return row.key


def numbered(key: str) -> int | None:
    """The number of the report with a key."""
    with Opened(REPORTS):
        return Erasure.objects.filter(key=key).values_list("pk", flat=True).first()


def keyed(erasure: int) -> str:
    """The key of the report with a number; "" once its time is over."""
    with Opened(REPORTS):
        return Erasure.objects.filter(pk=erasure).values_list("key", flat=True).first() or ""


def complete(erasure: int) -> bool:
    """Whether nothing is failed or unknown any more: here, and with everybody who got something."""
    with Opened(REPORTS):
        ended = Erasure.objects.filter(pk=erasure).exclude(state=Erasure.State.DONE)
        return not ended.exists() and not recalls.awaits(erasure)


def leave_again(subject: int, key: str, day: dt.date) -> int:
    """Have somebody leave who left on `day` and came back by a restored copy, by the same plan.

    Their report goes on under its key, and so does what they had asked for. Returns the erasure,
    which is to be carried out.
    """
    with duty("erasure"), transaction.atomic():
        whom = msgspec.structs.replace(person.find(subject), day=day)
        row, _ = Erasure.objects.get_or_create(
            key=key, defaults={"asked_at": timezone.now(), "report": ""}
        )
        report = Report(whom.member, planned(whom), named=named.hosts(subject))
        row.state, row.ended_at = Erasure.State.ASKED, None
        row.sealed, row.report = sealing.seal(whom), written(report)
        row.save()
        _close(subject)
        stopping.remember(subject, whom.addresses)
        recalls.erased(subject, row.pk, whom.addresses)
        Session.objects.filter(account=subject).delete()
        for each in begun:
            each(subject, row.pk)
    caching.forget(subject)
    return row.pk


def carry_out_all(erasures: Sequence[int]) -> None:
    """Carry many out, so many together as share a search. Raises StepsFailed if some can't be."""
    failed = []
    for at in range(0, len(erasures), AT_ONCE):
        failed += carry_out_together(erasures[at : at + AT_ONCE])
    if any(each is not None for each in failed):
        raise StepsFailed


def unfinished() -> list[int]:
    """The erasures that were asked for and are not carried out."""
    with duty("erasure"):
        return list(Erasure.objects.exclude(sealed="").values_list("pk", flat=True))


def _close(subject: int) -> bool:
    """Close an account; False if there is none. One that the staff suspended is closed already."""
    account = get_user_model()._default_manager.filter(pk=subject)
    if account.filter(is_active=True).update(is_active=False):
        return True
    return account.exists() and not _leaves(subject)


def _leaves(subject: int) -> bool:
    """Whether an erasure of somebody is under way, as far as the service's keys open it."""
    for sealed in Erasure.objects.exclude(sealed="").values_list("sealed", flat=True):
        with suppress(InvalidToken):
            if sealing.unseal(sealed).subject == subject:
                return True
    return False


class Incomplete(NamedTuple):
    """An erasure that could not be finished: its report, and the places where something is left."""

    key: str
    asked_at: dt.datetime
    places: tuple[str, ...]


def incomplete() -> list[Incomplete]:
    """The erasures that could not be finished, the oldest first; nobody is named."""
    with Opened(REPORTS):
        rows = list(Erasure.objects.filter(state=Erasure.State.INCOMPLETE).order_by("asked_at"))
    return [Incomplete(row.key, row.asked_at, _places(read(row))) for row in rows]


def _places(report: Report) -> tuple[str, ...]:
    failed = {line.holding for line in report.lines if line.state == "failed"}
    return tuple(sorted(failed | {each.where for each in report.found if each.kind in LEFT}))


def taken_up(key: str, *, together: bool = False) -> bool:
    """Take up an erasure that could not be finished; False if there is none of this key."""
    try:
        try_again(key, together=together)
    except NothingToDo:
        return False
    return True


def alone(erasure: int) -> None:
    """Have an erasure that was to be done with others go on by itself."""
    queue.enqueue(TASK, erasure=erasure)


def try_again(key: str, *, together: bool = False) -> None:
    """Take up an erasure that could not be finished, `together` with others. Raises NothingToDo."""
    with duty("erasure"), transaction.atomic():
        unfinished = Erasure.objects.select_for_update().filter(state=Erasure.State.INCOMPLETE)
        row = unfinished.filter(key=key).first()
        if row is None:
            raise NothingToDo
        report = read(row)
        report.lines = [
            msgspec.structs.replace(line, state="waiting", problem="")
            if line.state == "failed"
            else line
            for line in report.lines
        ]
        row.state, row.report = Erasure.State.ASKED, written(report)
        row.save(update_fields=["state", "report"])
        queue.enqueue(MANY if together else TASK, erasure=row.pk)


def release(hold: int) -> None:
    """End a legal hold; an erasure that met it goes on. Raises LegalHold.DoesNotExist."""
    with duty("erasure"), transaction.atomic():
        found = holds.release(hold)
        if found is not None:
            _go_on(*found)


def _go_on(subject: int, erasure: int) -> None:
    """Have an erasure take what a hold kept from it, under its key and by the day it was asked."""
    row = Erasure.objects.select_for_update().filter(pk=erasure).first()
    if row is None:  # its report has had its time: whoever is still there leaves anew
        with suppress(NobodyThere):
            leave(subject)
        return
    report = read(row)
    kept = {line.holding for line in report.lines if line.because == holds.GROUND}
    whom = msgspec.structs.replace(person.find(subject), day=timezone.localdate(row.asked_at))
    if row.sealed:  # not at its end yet: what is gone already is looked for all the same
        before = sealing.unseal(row.sealed)
        whom = msgspec.structs.replace(
            whom,
            places=before.places,
            unique=before.unique | whom.unique,
            shared=(before.shared | whom.shared) - before.unique - whom.unique,
        )
    report.lines = [line for line in report.lines if line.holding not in kept]
    report.lines += [line for line in planned(whom) if line.holding in kept]
    report.found, report.scanned = [], ""
    row.state, row.ended_at = Erasure.State.ASKED, None
    row.sealed, row.report = sealing.seal(whom), written(report)
    row.save()
    queue.enqueue(TASK, erasure=row.pk)


def remove_entry(subject: int, token: str) -> None:
    """Delete one row of a person's, with the files it names.

    Raises django.core.signing.BadSignature for a token that is not theirs, NotRemovable for a row
    that is not theirs to delete by itself.
    """
    table, key = queries.of_token(token, subject)
    with duty("erasure"), transaction.atomic():
        if not queries.removable(table, subject):
            raise NotRemovable
    take_out(subject, table, key)


def take_out(subject: int, table: Table, key: str) -> None:
    """Delete one row of a person's for good, and have whoever got what it said told."""
    with duty("erasure"), transaction.atomic():
        ledger.removed(subject, table=table.name, rows=[key])
        _remove(table, tables.about(table, subject).filter(pk=key), subject)
        recalls.corrected(subject, table.categories, asked=True)


def let_go(subject: int, rows: QuerySet[Any], *, all_of: str = "") -> None:
    """Delete rows of one table for somebody who asks on another page than *Your privacy*.

    As from there no restored copy gives them back, and whoever got what they said is told. They go
    by the purpose at hand: what it can't see stays, and of what is held a copy stays with the hold.
    `all_of` is the category of which these are all the rows.
    """
    table = registry().tables[rows.model._meta.db_table]
    with transaction.atomic():
        keys = list(rows.values_list("pk", flat=True))
        if keys:
            if all_of:
                ledger.removed(subject, category=all_of)
            else:
                ledger.removed(subject, table=table.name, rows=keys)
            _removes.get(table.name, _deleted)(rows)
            recalls.corrected(subject, table.categories, asked=True)


def hidden(subject: int, rows: QuerySet[Any]) -> None:
    """Note that fewer people may see these rows of one table: no restored copy shows them again."""
    if keys := list(rows.values_list("pk", flat=True)):
        ledger.removed(subject, table=rows.model._meta.db_table, rows=keys)


def remove_all(subject: int, category: str) -> None:
    """Delete every row of a person's that holds a category and is theirs to delete by itself.

    Whoever refused its uses can still do so: the rows are out of every purpose's sight, not gone.
    """
    with duty("erasure"), transaction.atomic():
        ledger.removed(subject, category=category)
        _remove_all(subject, category)
        recalls.corrected(subject, frozenset({category}), asked=True)


def remove_again(
    subject: int, category: str, table: str, rows: Callable[[list[Any]], list[Any]]
) -> None:
    """Delete once more what somebody had deleted and a restored copy brought back.

    That is a category, or of a table those rows that `rows` picks from the keys of theirs.
    """
    with duty("erasure"), transaction.atomic():
        if category:
            _remove_all(subject, category)
            return
        known = {each.name: each for each in tables.tables()}
        if table in known:
            mine = tables.about(known[table], subject)
            keys = rows(list(mine.values_list("pk", flat=True)))
            _remove(known[table], mine.filter(pk__in=keys), subject)


def _remove_all(subject: int, category: str) -> None:
    for table in tables.tables():
        own = {part.category(field) for part in tables.parts(table) for field in part.fields}
        if category in own and queries.deletable(table, subject):
            _remove(table, tables.about(table, subject), subject)


Removes = Callable[[QuerySet[Any]], object]
_removes: dict[str, Removes] = {}


def removed_by(table: str, act: Removes) -> None:
    """Let `act(rows)` delete rows of a table, with all that was made of what they say.

    Whoever deletes them does it by this, by whichever door, and once more in a restored copy.
    """
    _removes[table] = act


def _remove(table: Table, rows: QuerySet[Any], subject: int) -> None:
    """Delete rows of a person's; a copy of what is held of them stays with the hold."""
    keep = holds.preserve(table, rows, subject)
    for field in holdings.file_fields(table):
        for name in filter(None, rows.values_list(field.attname, flat=True)):
            field.storage.delete(name)
    _removes.get(table.name, _deleted)(rows)
    if keep is not None:
        keep()


def _deleted(rows: QuerySet[Any]) -> None:
    rows.delete()
