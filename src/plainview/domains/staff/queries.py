"""What the desk asks: how the service stands, what is held of a person, who looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from plainview.domains.accounts import queries as accounts
from plainview.domains.accounts.models import Certification, Role
from plainview.domains.accounts.ports import Suspension
from plainview.domains.playback import queries as playback
from plainview.domains.staff.models import Case, Change, Look
from plainview.domains.staff.permissions import permitted
from plainview.privacy.declarations import told
from plainview.privacy.disclosures import authorities
from plainview.privacy.gate.doors import runs
from plainview.privacy.gate.scope import entering
from plainview.privacy.places.territories import territory_name
from plainview.privacy.requests import oversight

OPEN_FOR = timedelta(minutes=15)
"""So long a look lasts within its case."""
IN_CASES = "a case is found by whom it is about, whoever of the staff works in it"


class Warrant(NamedTuple):
    """What lets a member of the staff see somebody: an open case, its ground, until when."""

    case: str
    reason: str
    until: datetime


@runs("account", source="staff", about="staff")
def warrant(*, staff: int, person: int) -> Warrant | None:
    """In which open case a member of the staff looks at somebody now; None in none (P2.1.6a)."""
    fresh = Look.objects.filter(
        staff=staff, person=person, opened_at__gt=timezone.now() - OPEN_FOR
    ).first()
    if fresh is None or not case_open(number=fresh.case, person=person):
        return None
    return Warrant(fresh.case, fresh.reason, fresh.opened_at + OPEN_FOR)


@runs("account", source="staff", about="staff")
def looked_at(*, staff: int) -> dict[int, str]:
    """Whom a member of the staff has open now, each with the case."""
    since = timezone.now() - OPEN_FOR
    rows = Look.objects.filter(staff=staff, opened_at__gt=since).values_list("person", "case")
    return {person: case for person, case in rows if case_open(number=case, person=person)}


def case_open(*, number: str, person: int) -> bool:
    """Whether a number is that of an open case about somebody, or of their open request."""
    if any(each.number == number for each in cases(person=person)):
        return True
    return oversight.is_ground(number, person)


@runs("account", source="staff", everyone=IN_CASES, lists=("access.looks",))
def cases(*, person: int) -> list[Case]:
    """The open cases about somebody, the latest first."""
    now = timezone.now()
    return list(Case.objects.filter(person=person, closed_at=None, ends_at__gt=now))


@runs("account", source="staff", everyone=IN_CASES, lists=("access.looks",))
def untold(*, number: str, person: int) -> date | None:
    """The day on which somebody may be told of a case about them; None where nothing forbids it."""
    rows = Case.objects.filter(number=number, person=person, untold_until__gt=timezone.localdate())
    return rows.values_list("untold_until", flat=True).first()


def silent(person: int) -> QuerySet[Case]:
    """The cases about somebody, also those that are over, of which a law forbids to tell today."""
    mine = Case.objects.filter(person=person, kind=Look.Kind.LAW, told_at=None)
    return mine.filter(untold_until__gt=timezone.localdate())


def asked_by_law(number: str, person: int) -> Case | None:
    """The open case of this number about somebody, if an authority asked for it."""
    open_ = cases(person=person)
    return next((c for c in open_ if c.number == number and c.kind == Look.Kind.LAW), None)


def handling(case: Case) -> Change | None:
    """The last that was said, agreed to or done of what an authority is given in its case."""
    acts = (Change.What.SCOPED, Change.What.AGREED, Change.What.HANDED)
    return changes_of(case.person).filter(what__in=acts, reason=case.number).first()


def silence_said(case: Case) -> Change | None:
    """Who last said that another day is set on which one may tell of a case."""
    said = changes_of(case.person).filter(what=Change.What.SILENCE, reason=case.number)
    return said.first()


def to_agree(staff: int) -> list[Case]:
    """The cases in which a second person is to agree what an authority is given, or to another day
    on which one may tell of it, by their age; but those about `staff`, who looks.

    For a door that sees everyone.
    """
    others = Case.objects.exclude(person=staff)
    open_ = others.filter(kind=Look.Kind.LAW, closed_at=None, ends_at__gt=timezone.now())
    silence = others.exclude(silent_law="")
    said = (open_.exclude(scope="") | silence).order_by("opened_at")
    return [
        each
        for each in said
        if each.silent_law
        or ((last := handling(each)) is not None and last.what == Change.What.SCOPED)
    ]


def scope(case: Case) -> authorities.Scope:
    """What an authority is given in its case, and no more."""
    return authorities.Scope(
        number=case.number,
        ground=case.ground,
        authority=case.authority,
        country=case.country,
        categories=frozenset(case.scope.split()),
        first=case.first,
        last=case.last,
        untold=untold(number=case.number, person=case.person),
    )


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the staff see of a person: how the account stands, and never what lets one in."""

    account: accounts.Account
    certified: Certification | None
    roles: list[Role]
    sessions: int
    signs_in_with: list[str]
    uploads: int
    looks: int
    changes: list[Change]

    @property
    def certified_where(self) -> str:
        """The place under whose law they certified to be of age, by its name."""
        return territory_name(self.certified.territory) if self.certified else ""


def at_work(permission: str) -> dict[int, str]:
    """Who of the staff may do something at the desk and can come in: accounts, each by its address.

    Belongs behind a door that may enter `account`.
    """
    return {
        each.account: each.email
        for each in accounts.staff()
        if each.active and permission in permitted(each.roles)
    }


def portrait(person: int) -> Portrait | None:
    """A person's account as the staff see it; None if there is none.

    Belongs behind a door about that person which may enter `authentication` and `contribute`.
    """
    account = accounts.account(person)
    if account is None:
        return None
    with entering("authentication"):
        ways, sessions = accounts.ways_in(person), len(accounts.sittings(person, here=""))
    with entering("contribute"):
        uploads = playback.uploads_of(person)
    return Portrait(
        account=account,
        certified=accounts.certified(person),
        roles=[role for role in Role if role in account.roles],
        sessions=sessions,
        signs_in_with=ways,
        uploads=uploads,
        looks=looks_at(person).count(),
        changes=list(changes_of(person)),
    )


def looks_at(person: int) -> QuerySet[Look]:
    """Every opening of a person's data, the latest first."""
    return Look.objects.filter(person=person)


def told_of(person: int) -> QuerySet[Look]:
    """The openings of a person's data of which they may know, the latest first."""
    return looks_at(person).filter(told())


def asked_of(person: int) -> QuerySet[Case]:
    """The cases of authorities about a person of which they may know, the latest first."""
    rows = Case.objects.filter(told(), person=person)
    return rows.filter(kind=Look.Kind.LAW)


def looks_by(staff: int) -> QuerySet[Look]:
    """Every opening by a member of the staff, the latest first."""
    return Look.objects.filter(staff=staff)


def changes_of(person: int) -> QuerySet[Change]:
    """What the staff changed on a person's account, the latest first."""
    return Change.objects.filter(person=person)


def told_changes(person: int) -> QuerySet[Change]:
    """The changes of which a person may know, the latest first."""
    return changes_of(person).filter(told())


def suspension(account: int) -> Suspension | None:
    """Since when and why the staff have an account suspended, as the last change says."""
    acts = (Change.What.SUSPENDED, Change.What.REOPENED)
    last = changes_of(account).filter(what__in=acts).first()
    if last is None or last.what != Change.What.SUSPENDED:
        return None
    return Suspension(last.changed_at, last.reason)


@runs("account", source="staff", everyone=IN_CASES, lists=("access.changes",))
def suspension_of(*, account: int) -> Suspension | None:
    """The same, of whoever complains of it."""
    return suspension(account)


@runs("account", source="staff", everyone=IN_CASES, lists=("access.changes",))
def suspended_by(*, account: int) -> int | None:
    """Who of the staff suspended an account that is; None if nobody did, or they have left."""
    acts = (Change.What.SUSPENDED, Change.What.REOPENED)
    last = changes_of(account).filter(what__in=acts).first()
    return last.staff if last is not None and last.what == Change.What.SUSPENDED else None


def reopened_by(account: int, number: str) -> bool:
    """Whether an account that a request had closed as a child's was opened again by its refusal."""
    return changes_of(account).filter(what=Change.What.REOPENED, reason=number).exists()


def changes_by(staff: int) -> QuerySet[Change]:
    """What a member of the staff changed, the latest first."""
    return Change.objects.filter(staff=staff)


PROPOSAL_LASTS = timedelta(days=14)
_ABOUT_DELETING = (Change.What.PROPOSED, Change.What.KEPT, Change.What.DELETED)


def proposal(person: int) -> Change | None:
    """The proposal to delete an account that still stands: for two weeks, until it is settled."""
    last = changes_of(person).filter(what__in=_ABOUT_DELETING).first()
    if last is None or last.what != Change.What.PROPOSED:
        return None
    return last if last.changed_at > timezone.now() - PROPOSAL_LASTS else None


def proposals() -> list[Change]:
    """The proposals to delete that wait for a second person, for a door that sees everyone."""
    since = timezone.now() - PROPOSAL_LASTS
    latest: dict[int, Change] = {}
    recent = Change.objects.filter(what__in=_ABOUT_DELETING, changed_at__gt=since)
    for each in recent.order_by("-changed_at"):
        latest.setdefault(each.person, each)
    return [each for each in latest.values() if each.what == Change.What.PROPOSED]


class Given(NamedTuple):
    """A role given or taken: what, which, by whom, to whom and when; addresses may be gone."""

    what: str
    role: str
    by: str
    to: str
    at: datetime


def role_changes() -> QuerySet[Change]:
    """Every gift and taking of a role, the latest first, for a door that sees everyone."""
    return Change.objects.exclude(role="")


def roles_given(rows: Iterable[Change]) -> list[Given]:
    """Gifts and takings of roles in words, for a door that sees everyone."""
    rows = list(rows)
    addresses = accounts.addresses({n for row in rows for n in (row.person, row.staff) if n})
    return [
        Given(
            row.get_what_display(),
            row.get_role_display(),
            addresses.get(row.staff or 0, ""),
            addresses.get(row.person, ""),
            row.changed_at,
        )
        for row in rows
    ]
