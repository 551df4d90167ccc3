"""What an authority is given of somebody: said by one, agreed to by another, recorded.

It (P4.1.5a) stands in the authority's case about them, and only while that is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plainview.domains.accounts import queries as people
from plainview.domains.staff import queries
from plainview.domains.staff.models import Case, Change, Look
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.platform.jobs.apart import apart
from plainview.privacy.consent import questions
from plainview.privacy.disclosures import authorities, deciding, post
from plainview.privacy.disclosures import queries as ledger
from plainview.privacy.gate.scope import entering
from plainview.privacy.models import Standing


class Unfounded(ValueError):
    """No law of the person's place lets a case on this ground, or the case is over."""


class NotReady(Exception):
    """Nobody said what is given, or nobody else agreed to it."""


class Changed(Exception):
    """Somebody said something else than whoever agrees has seen."""


class NeedsAnother(Exception):
    """Who said what an authority is given, or whom it is about, does not agree to it."""


class NothingThere(Exception):
    """Nothing is held of somebody that is within the scope of a case."""


def scope(
    *,
    staff: int,
    case: Case,
    ground: str,
    law: str,
    country: str,
    categories: Iterable[str],
    first: date | None = None,
    last: date | None = None,
) -> None:
    """Say what an authority would be given in its case; a second person agrees (P4.1.5a).

    What was agreed to before counts no more. Raises Unfounded.
    """
    asked = sorted(set(categories))
    if not asked or not set(asked) <= set(authorities.kinds()):
        raise Unfounded(_("An authority can be given these kinds of data by no case."))
    if ground not in authorities.GROUNDS or not authorities.holds(case.person, ground, country):
        raise Unfounded(_("The law where they are does not know this ground for who asks."))
    with transaction.atomic():
        _open(case)
        Case.objects.filter(pk=case.pk).update(
            ground=ground,
            law=law,
            country=country,
            scope=" ".join(asked),
            first=first,
            last=last,
        )
        note(staff, case, Change.What.SCOPED)


def agree(*, staff: int, case: Case, seen: int) -> None:
    """Agree, as a second person, that an authority is given what a colleague said (P4.1.5a).

    `seen` is what was said, by the number of its row: nobody agrees to what came in its place
    while they looked. Raises NotReady, NeedsAnother, Changed and Unfounded.
    """
    with transaction.atomic():
        _open(case)
        last = queries.handling(case)
        if last is None or last.what != Change.What.SCOPED:
            raise NotReady
        if staff in (last.staff, case.person):
            raise NeedsAnother
        if last.pk != seen:
            raise Changed
        note(staff, case, Change.What.AGREED)


def hand_over(*, staff: int, case: Case) -> dict[str, list[dict[str, Any]]]:
    """Give an authority what its case names, by kind of data; tell the person, if one may.

    Raises NotReady unless two people said so, Unfounded, and NothingThere.
    """
    with transaction.atomic():
        row = _open(case)
        last = queries.handling(row)
        if last is None or last.what == Change.What.SCOPED:
            raise NotReady
        try:
            data = authorities.hand_over(row.person, queries.scope(row))
        except deciding.Denied:
            raise Unfounded(
                _("The law where they are does not know this ground any more.")
            ) from None
        except Standing.DoesNotExist:
            data = {}
        if not data:
            raise NothingThere
        note(staff, row, Change.What.HANDED)
        if queries.untold(number=row.number, person=row.person) is None:
            Case.objects.filter(pk=row.pk).update(told_at=timezone.now())
            _tell(row)
    return data


def tell_late(today: date) -> int:
    """Tell those whom a law forbade to tell until today what was handed over; return how many."""
    due = Case.objects.filter(untold_until__lte=today, told_at=None).order_by("pk")
    with apart() as tried:
        return sum(tried(tell_once, row) or 0 for row in list(due))


def tell_once(case: Case) -> bool:
    """Write to somebody what went to whom in a case, if nobody did; False if there is nothing."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, told_at=None).update(told_at=timezone.now()):
            return False
        return _tell(case)


def _tell(case: Case) -> bool:
    """Write to somebody what went to whom in a case, in their language; False if nothing did."""
    handed = authorities.handed(case.person, case.number)
    if not handed:
        return False
    with entering("account"):
        tag = people.language_of(case.person)
    with languages.speaking(tag):
        context = {
            "case": case,
            "ground": questions.say(f"bases.{case.ground}"),
            "handed": [(row.queued_at, ledger.categories_words(row.categories)) for row in handed],
            "where": link("looks"),
        }
        post.write(
            case.person, "staff/mail/authority", context, _("What an authority was given of you")
        )
    return True


def _open(case: Case) -> Case:
    """The row of an authority's open case, kept as it is until the end. Raises Unfounded."""
    rows = Case.objects.select_for_update().filter(pk=case.pk, kind=Look.Kind.LAW, closed_at=None)
    row = rows.filter(ends_at__gt=timezone.now()).first()
    if row is None:
        raise Unfounded(_("This case is over. Open another one, if you need it."))
    return row


def note(staff: int, case: Case, what: str) -> None:
    """Record what somebody of the staff did in a case; told when the case may be."""
    Change.objects.create(
        staff=staff,
        person=case.person,
        what=what,
        reason=case.number,
        untold_until=queries.untold(number=case.number, person=case.person),
    )
