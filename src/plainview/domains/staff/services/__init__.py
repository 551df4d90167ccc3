"""What the staff can do with people's accounts; each act leaves its record in its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from plainview.domains.accounts import queries as people
from plainview.domains.accounts import services as accounts
from plainview.domains.accounts.models import Role
from plainview.domains.staff import queries
from plainview.domains.staff.models import Case, Change, Look
from plainview.platform import languages
from plainview.platform.addresses import link
from plainview.privacy import settling
from plainview.privacy.backups import returning
from plainview.privacy.consent import by_hand, questions
from plainview.privacy.disclosures import letters, post
from plainview.privacy.disclosures.connections import NotConnected
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.gate.scope import entering
from plainview.privacy.log import services as log
from plainview.privacy.requests import deciders, minors
from plainview.privacy.rights import services as rights
from plainview.privacy.rights.hindrances import Hindrance

LASTS = {
    Look.Kind.HELP: timedelta(days=7),
    Look.Kind.SECURITY: timedelta(days=7),
    Look.Kind.REPORT: timedelta(days=30),
    Look.Kind.LAW: timedelta(days=90),
}
"""So long a case lasts, by its ground, unless it is closed before."""
LONGEST_SILENCE = timedelta(days=690)
"""So long a case may stay untold: less than its row is kept."""


def may_be_silent(until: date, case: Case | None = None) -> bool:
    """Whether a case may stay untold until a day to come, not too far from when it was opened.

    Without a case it is one that is opened today.
    """
    today = timezone.localdate()
    opened = timezone.localdate(case.opened_at) if case else today
    return today < until <= opened + LONGEST_SILENCE


def open_case(*, staff: int, person: int, kind: str, reason: str, **more: Any) -> Look:
    """Open a case about somebody, and look in it (P2.1.6a). Takes what `enter_case` does."""
    with transaction.atomic():
        case = enter_case(staff=staff, person=person, kind=kind, reason=reason, **more)
        return look(staff=staff, person=person, kind=kind, case=case.number, reason=reason)


def enter_case(
    *,
    staff: int,
    person: int,
    kind: str,
    reason: str,
    reference: str = "",
    authority: str = "",
    untold_until: date | None = None,
    untold_law: str = "",
) -> Case:
    """Open a case about somebody, which `staff` answers for. It ends by itself, by its ground.

    Until `untold_until` a law, `untold_law`, forbids to tell them: nothing of theirs shows it.
    """
    return Case.objects.create(
        staff=staff,
        person=person,
        kind=kind,
        reason=reason,
        reference=reference,
        authority=authority,
        untold_until=untold_until,
        untold_law=untold_law,
        ends_at=timezone.now() + LASTS[Look.Kind(kind)],
    )


def look(*, staff: int, person: int, kind: str, case: str, reason: str) -> Look:
    """Record that a member of the staff looks at somebody in a case, which lets them in."""
    untold = queries.untold(number=case, person=person)
    if untold is not None:  # the form that was just sent is in the log already
        log.untell(staff, person, untold, since=timezone.now() - queries.OPEN_FOR)
    return Look.objects.create(
        staff=staff, person=person, kind=kind, case=case, reason=reason, untold_until=untold
    )


def close_case(*, number: str, person: int) -> bool:
    """End a case about somebody before its time; False if it was over."""
    mine = Case.objects.filter(number=number, person=person, closed_at=None)
    with transaction.atomic():
        closed = bool(mine.update(closed_at=timezone.now()))
        if closed:
            returning.case_closed(person, number)
    return closed


def close_again(person: int | None, number: str) -> bool:
    """Close what was closed since the copy that was put back, or all; whether any was open."""
    open_ = Case.objects.filter(closed_at=None)
    if person is not None:
        open_ = open_.filter(person=person, number=number)
    return bool(open_.update(closed_at=timezone.now()))


def open_sample(
    *, staff: int, people: Iterable[int], authority: str, reference: str, reason: str
) -> dict[int, str]:
    """Record that an authority's sample drew entries about these people, which they can read.

    Each gets a case of that authority's, closed as the sample is drawn: it opens nothing else. The
    numbers of the cases are returned, by person.
    """
    now = timezone.now()
    cases = [
        Case(
            staff=staff,
            person=person,
            kind=Look.Kind.LAW,
            reason=reason,
            reference=reference,
            authority=authority,
            ends_at=now,
            closed_at=now,
        )
        for person in sorted(set(people))
    ]
    Case.objects.bulk_create(cases)
    Look.objects.bulk_create(
        Look(staff=staff, person=each.person, kind=each.kind, case=each.number, reason=reason)
        for each in cases
    )
    return {each.person: each.number for each in cases}


def give_role(*, staff: int, person: int, role: Role) -> bool:
    """Give a role; False, and no record, if they had it. Raises NoSuchAccount, Unconfirmed."""
    with transaction.atomic():
        given = accounts.give_role(person, role)
        if given:
            Change.objects.create(staff=staff, person=person, what=Change.What.GAVE, role=role)
    return given


def take_role(*, staff: int, person: int, role: Role) -> bool:
    """Take a role; False, and no record, if they had it not.

    Raises NoSuchAccount, and LastAdministrator rather than lock everybody out.
    """
    with transaction.atomic():
        taken = accounts.take_role(person, role)
        if taken:
            Change.objects.create(staff=staff, person=person, what=Change.What.TOOK, role=role)
    return taken


def suspend(*, staff: int, person: int, reason: str, tell: bool = True) -> bool:
    """Suspend an account and sign it out everywhere; False if it was. Raises IsStaff.

    Its person is written to, with the reason and what they can do, but where `tell` says not to.
    """
    with transaction.atomic():
        done = accounts.suspend(person)
        if done:
            Change.objects.create(
                staff=staff, person=person, what=Change.What.SUSPENDED, reason=reason
            )
        if done and tell:
            _write_suspended(person, reason)
    return done


def _write_suspended(person: int, reason: str) -> None:
    """Tell them in the language that they read; where no letter can leave, signing in tells it."""
    with entering("account"):
        tag = people.language_of(person)
    with languages.speaking(tag), suppress(NotConnected, Denied):
        context = {
            "day": timezone.localdate(),
            "reason": reason,
            "request": link("privacy-request"),
            "complaint": f"{link('privacy-request')}?kind={deciders.COMPLAINT}",
            "settlers": settling.settlers(person),
        }
        post.write(person, "staff/mail/suspended", context, _("This account is suspended"))


def close_for_child(*, staff: int, person: int, number: str) -> None:
    """Close an account that is a child's to use, by a request (P10d, P10e). Raises IsStaff.

    The child is not written to (decision 82).
    """
    with transaction.atomic():
        why = _("We were told that this account is a child’s: request %(number)s.")
        suspend(staff=staff, person=person, reason=why % {"number": number}, tell=False)
        minors.known(person, minor=True)


class DecidedElsewhere(Exception):
    """A request about a child decides whether this account is opened; `args[0]` is its number."""


def reopen(*, staff: int, person: int, reason: str) -> bool:
    """Open a suspended account again; False if it was open. It was not a child's, if so said.

    Raises DecidedElsewhere while a request is open by which it was closed (P10e).
    """
    with transaction.atomic():
        if number := minors.decides(person):
            raise DecidedElsewhere(number)
        minors.known(person, minor=False)
        done = accounts.reopen(person)
        if done:
            Change.objects.create(
                staff=staff, person=person, what=Change.What.REOPENED, reason=reason
            )
    return done


Hindered, NobodyThere = rights.Hindered, rights.NobodyThere


class NeedsAnother(Exception):
    """Whoever proposed to delete an account does not carry it out: a second person does."""


class NoProposal(Exception):
    """Nobody proposed it, or it was settled, or too long ago."""


def propose_deletion(*, staff: int, person: int, reason: str) -> None:
    """Propose to delete an account that nobody asked to delete; a second person decides.

    Raises accounts.IsStaff, and NeedsAnother where it is proposed already.
    """
    with transaction.atomic():
        accounts.not_staff(person)
        if queries.proposal(person) is not None:
            raise NeedsAnother
        Change.objects.create(staff=staff, person=person, what=Change.What.PROPOSED, reason=reason)


def settle_deletion(*, staff: int, person: int, reason: str, seen: int | None) -> str:
    """Carry out what a colleague proposed, or decide against it; return the key of the report.

    It is carried out where `seen` is the proposal that stands: a page of before shows another's
    reason. Whoever proposed it may decide against it, and not for it. Raises NoProposal,
    NeedsAnother, accounts.IsStaff, rights.Hindered and rights.NobodyThere.
    """
    delete = seen is not None
    with transaction.atomic():
        accounts.not_staff(person)
        proposed = queries.proposal(person)
        if proposed is None:
            raise NoProposal
        if delete and proposed.staff == staff:
            raise NeedsAnother
        if delete and proposed.pk != seen:
            raise NoProposal
        what = Change.What.DELETED if delete else Change.What.KEPT
        Change.objects.create(staff=staff, person=person, what=what, reason=reason)
        return rights.leave(person) if delete else ""


def enter_choices(
    *,
    staff: int,
    person: int,
    said: Mapping[str, bool],
    channel: str,
    said_on: date,
    reason: str,
    corrects: str,
) -> by_hand.Outcome:
    """Enter what somebody said of their choices, and write to them what was entered (P3.1.2e).

    `corrects` is an entry of the staff's that this one puts right. Raises by_hand.NotTheirs,
    by_hand.Lapsed, and ValueError for a day that can't be.
    """
    with transaction.atomic():
        outcome = by_hand.enter(person, said, via=channel, on=said_on, corrects=corrects)
        Change.objects.create(
            staff=staff,
            person=person,
            what=Change.What.ENTERED,
            reason=reason,
            channel=channel,
            said_on=said_on,
        )
        _write_entered(person, said, outcome, channel, said_on)
    return outcome


def _write_entered(
    person: int, said: Mapping[str, bool], outcome: by_hand.Outcome, channel: str, said_on: date
) -> None:
    """Tell them in the language that they read, which need not be that of whoever entered it."""
    with entering("account"):
        tag = people.language_of(person)
    with languages.speaking(tag):
        names = [
            (questions.say(f"purposes.{id_}.name"), yes, id_ in outcome.stood)
            for id_, yes in sorted(said.items())
        ]
        context = {
            "said": names,
            "channel": Change.Channel(channel).label,
            "day": said_on,
            "choices": link("privacy-choices"),
        }
        post.write(person, "staff/mail/entered", context, _("What we entered for you"))


def hinders_leaving(account: int) -> Hindrance | None:
    """The last administrator hands over first: nobody could give roles any more."""
    if not accounts.only_administrator(account):
        return None
    return Hindrance(
        _(
            "You are the only administrator. If you left, nobody could give roles or look after"
            " the service’s people any more. Make somebody else an administrator first, then leave."
        ),
        _("Give a role"),
        reverse("desk-roles"),
    )
