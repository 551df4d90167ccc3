"""What is held and what left, as the statements of the law want it, counted from rows.

Kinds held with sources, purposes and kinds of recipients (P5.2.1.1a); of what left, kind by kind,
what was disclosed for the service's own ends and what was sold or shared, to which kinds of third
parties and why (P5.2.2.1a, Cal. Civ. Code 1798.110, 1798.115, 1798.130(a)(2)(B)); what went to
others for their marketing in the last calendar year (1798.83, P5.2.2.3a).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from django.utils import timezone

from plainview.privacy.consent.questions import say
from plainview.privacy.disclosures import queries as disclosures
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.recalls import left
from plainview.privacy.disclosures.receiving import as_then
from plainview.privacy.gate.duties import duty
from plainview.privacy.policies import in_force
from plainview.privacy.rights import queries, wording
from plainview.privacy.rights.copies import facts
from plainview.privacy.rights.copies.form import Kind

SINCE = dt.date(2022, 1, 1)
"""As far back as may be asked (11 CCR 7024(h))."""
SALE = "optout-sale-sharing"
MARKETING = "object-direct-marketing"
FOR_MARKETING = frozenset({"marketing", "advertising"})
"""The kinds of purposes for which a recipient may market for itself, beside what rights name."""
OUR_OWN = frozenset({"processor", "authority", "acquirer"})
"""Roles in which nobody markets anything of their own: on our instruction, or by the law."""
UNKNOWN = "independent"


class Left(NamedTuple):
    """What left, and the role of whoever got it; `carries` is whether they only brought it."""

    row: Disclosure
    role: str
    carries: bool


class Part(msgspec.Struct):
    """Of one kind of data, what went for one purpose to one kind of recipient, and how often."""

    category: str
    what: str
    why: str
    role: str
    recipients: list[str]
    times: int


class Statement(msgspec.Struct):
    """A statement about a person from `since` on, by local days; `times` counts ledger rows."""

    service: str
    made: str
    since: dt.date
    held: dict[str, Kind]
    times: int
    disclosed: list[Part]
    sold_or_shared: list[Part]
    marketing_year: int
    marketing: list[Part]


def of(subject: int, *, whole: bool = False) -> Statement:
    """The statement of the last twelve months, or of all that may be asked for."""
    today = timezone.localdate()
    since = SINCE if whole else _year_before(today)
    with duty("export"):
        rows = [each for each in _left(subject) if _day(each.row) >= SINCE]
        held = facts.of(subject, queries.held(subject))
    policy = in_force()
    sale = set(policy.rights[SALE].closes) if SALE in policy.rights else set()
    recent = [each for each in rows if _day(each.row) >= since]
    sold = [each for each in recent if each.row.purpose in sale and each.role != "processor"]
    ids = {each.row.pk for each in sold}
    year = today.year - 1
    return Statement(
        service=policy.controller.name,
        made=timezone.now().isoformat(timespec="seconds"),
        since=since,
        held=held,
        times=len(recent),
        disclosed=list(_parts(each for each in recent if each.row.pk not in ids)),
        sold_or_shared=list(_parts(sold)),
        marketing_year=year,
        marketing=list(_parts(_marketed(rows, year))),
    )


def marketing(subject: int, year: int) -> list[Part]:
    """What went to others for their own marketing in a calendar year (Cal. Civ. Code 1798.83)."""
    with duty("export"):
        return list(_parts(_marketed(_left(subject), year)))


def _marketed(rows: Iterable[Left], year: int) -> Iterator[Left]:
    """What may have served others' own marketing: whoever brings our news to somebody has none."""
    policy = in_force()
    named = [policy.rights[each].closes for each in (SALE, MARKETING) if each in policy.rights]
    markets = {purpose for closes in named for purpose in closes}
    markets |= {id_ for id_, each in policy.purposes.items() if each.kind in FOR_MARKETING}
    for each in rows:
        own = each.role not in OUR_OWN and not each.carries
        if own and each.row.purpose in markets and _day(each.row).year == year:
            yield each


def _year_before(today: dt.date) -> dt.date:
    first = dt.date(today.year - 1, today.month, 1)
    return first + dt.timedelta(min(today.day, 28) - 1)


def _left(subject: int) -> Iterator[Left]:
    """What left of a person, or may have; what their own browser told counts as told by us.

    Who got it counts as what they were then, also where the policy has them in another role now.
    """
    known: dict[tuple[str, str], tuple[str, bool]] = {}
    for row in left(subject).iterator(500):
        whom = (row.recipient, row.policy)
        if whom not in known:
            who = as_then(row)
            known[whom] = (who.role, bool(who.carries)) if who else (UNKNOWN, False)
        yield Left(row, *known[whom])


def _day(row: Disclosure) -> dt.date:
    return timezone.localdate(row.sent_at or row.tried_at or row.queued_at)


def _parts(rows: Iterable[Left]) -> Iterator[Part]:
    """The rows by kind of data, purpose and kind of recipient, in the order of the policy."""
    counts: Counter[tuple[str, str, str]] = Counter()
    names: dict[tuple[str, str, str], set[str]] = {}
    order = {id_: n for n, id_ in enumerate(in_force().categories)}
    for row, role, _carries in rows:
        for category in row.categories.split():
            key = (category, row.purpose, role)
            counts[key] += 1
            names.setdefault(key, set()).add(disclosures.recipient_name(row))
    for key in sorted(counts, key=lambda each: (order.get(each[0], -1), each)):
        category, purpose, role = key
        yield Part(
            category=category,
            what=wording.category(category) if category in order else category,
            why=disclosures.purpose_words(purpose),
            role=say(f"notice.roles.{role}"),
            recipients=sorted(names[key]),
            times=counts[key],
        )
