"""Another day on which somebody may be told of a case: said by one, agreed to by another (P4.1.5a).

A court makes a ban longer, or lifts it. All that bears the day of the case bears the new one, and
whom nothing keeps from knowing any more is written to at once.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from plainview.domains.staff import queries
from plainview.domains.staff.models import Case, Change, Look
from plainview.domains.staff.services import handing, may_be_silent
from plainview.domains.staff.services.handing import Changed, NeedsAnother, NotReady
from plainview.privacy.backups import returning
from plainview.privacy.disclosures import authorities
from plainview.privacy.log import services as log

RESTS = "untold"
"""How the ledger calls it: with the number of the case and the day."""


class TooLong(ValueError):
    """The day has come, or is further away than the row of the case is kept."""


def propose(*, staff: int, person: int, number: str, until: date | None, law: str) -> None:
    """Say that a case may be told on another day, or from now on, and which order has it so.

    A second person agrees. Raises NotReady for a case of which they know, and TooLong.
    """
    with transaction.atomic():
        row = _silent(person, number)
        if until is not None and not may_be_silent(until, row):
            raise TooLong
        Case.objects.filter(pk=row.pk).update(silent_until=until, silent_law=law)
        handing.note(staff, row, Change.What.SILENCE)


def agree(*, staff: int, person: int, number: str, seen: int) -> None:
    """Agree, as a second person, to the day that a colleague said; it holds from now on.

    `seen` is what was said, by the number of its row. Raises NotReady, NeedsAnother, Changed, and
    TooLong where the day has come meanwhile.
    """
    with transaction.atomic():
        row = _silent(person, number)
        said = queries.silence_said(row)
        if not row.silent_law or said is None:
            raise NotReady
        if staff in (said.staff, person):
            raise NeedsAnother
        if said.pk != seen:
            raise Changed
        if row.silent_until is not None and not may_be_silent(row.silent_until, row):
            raise TooLong
        day = row.silent_until.isoformat() if row.silent_until else ""
        returning.rests(person, f"{RESTS}:{number}:{day}")
        _tell_on(row, row.silent_until, row.silent_law)
        handing.note(staff, row, Change.What.SILENCED)
        if row.silent_until is None:
            handing.tell_once(Case.objects.get(pk=row.pk))


def again(person: int, what: str) -> bool:
    """Let a day that was set hold in a restored copy of before; whether it was another there."""
    name, number, day = [*what.split(":"), "", ""][:3]
    if name != RESTS:
        return False
    row = Case.objects.filter(person=person, number=number).first()
    until = date.fromisoformat(day) if day else None
    if row is None or row.untold_until in (None, until):
        return False
    _tell_on(row, until, row.untold_law)
    return True


def _silent(person: int, number: str) -> Case:
    rows = queries.silent(person).select_for_update()
    row = rows.filter(number=number).first()
    if row is None:
        raise NotReady
    return row


def _tell_on(row: Case, day: date | None, law: str) -> None:
    """Let all that bears the day of a case bear another. A ban that ends was by the law before."""
    before = row.untold_until
    Case.objects.filter(pk=row.pk).update(
        untold_until=day,
        untold_law=law if day else row.untold_law,
        silent_until=None,
        silent_law="",
    )
    mine = Look.objects.filter(person=row.person, case=row.number)
    mine.exclude(untold_until=None).update(untold_until=day)
    done = Change.objects.filter(person=row.person, reason=row.number)
    done.exclude(untold_until=None).update(untold_until=day)
    authorities.tell_on(row.person, row.number, day)
    if before is not None:
        log.tell_on(row.person, before, day)
