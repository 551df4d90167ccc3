"""What the desk may do with a request, beyond the table: who has it, which steps make sense, and
where two people are needed.

The table says which steps there are (`machine.py`); this takes away what the service would refuse
at once, so that no button leads to an error.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from plainview.platform.languages import speaking
from plainview.privacy import oneself
from plainview.privacy.decisions import register
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import (
    carrying,
    clock,
    copying,
    disputing,
    identity,
    letters,
    machine,
    minors,
    moving,
    numbers,
    reviewing,
    services,
)
from plainview.privacy.requests.deciders import (
    COMPLAINT,
    barred,
    by_themselves,
    decider,
    did,
    owners,
    whom,
)
from plainview.privacy.requests.doors import FINDING
from plainview.privacy.requests.holding import take
from plainview.privacy.requests.models import RESTRICT, Event, Hold, Outcome, Proof, Request
from plainview.privacy.requests.services import DOOR

OFFICER: machine.Who = "officer"
GRANTED = Outcome.GRANTED
ENDS = ("answer", "settle")
DECIDES = (*ENDS, "refuse")
APPEALED = machine.State.APPEALED


class OwnRule(Exception):
    """Whoever released the rule does not review what it decided while somebody else can."""


class NotComplete(Exception):
    """Something of what was to be erased is still there, or a recipient has not confirmed."""


class NeedsAnother(Exception):
    """Whoever entered a request to delete, or vouched for who asks, does not grant it alone."""


class NothingClosed(Exception):
    """No account of a child is named, so nothing was done that could be called done as asked."""


def held(request: int) -> Hold | None:
    """Who has a request in hand now, if anybody has."""
    with Opened(DOOR):
        return Hold.objects.filter(request=request, until__gt=timezone.now()).first()


def is_ground(typed: str, person: int) -> bool:
    """Whether a number is that of an open request about a person: a ground to look (P2.1.6a)."""
    number = numbers.read(typed)
    with Opened(FINDING):
        mine = Request.objects.filter(number=number, subject=person, member=True)
        return bool(number) and mine.filter(state__in=machine.RUNNING).exists()


def numbers_of(person: int) -> list[str]:
    """The numbers of the open requests of an account: in each of them one may look at it."""
    with Opened(FINDING):
        mine = Request.objects.filter(subject=person, member=True, state__in=machine.RUNNING)
        return list(mine.order_by("next_on").values_list("number", flat=True))


def reviewers(row: Request, desk: Collection[int]) -> set[int] | None:
    """Who of the desk can look at a program's decision, not having released the rule of it.

    Nor does who asks, or on an appeal who decided before. None where nobody released one.
    """
    released = reviewing.owners(row)
    if not released:
        return None
    with Opened(DOOR):
        return {*desk} - released - barred(row)


def by_own_rule(row: Request, officer: int, desk: Collection[int]) -> bool:
    """Whether an officer reviews by a rule of their own, since nobody else is there who could.

    Raises OwnRule where somebody is.
    """
    if officer not in reviewing.owners(row):
        return False
    if reviewers(row, desk):
        raise OwnRule
    return True


def settles(row: Request, officer: int, desk: Mapping[int, str]) -> list[str] | None:
    """The addresses of those who can decide an appeal, for whoever can't; None for others.

    Empty where nobody can, so that somebody has to be found.
    """
    if row.state != APPEALED:
        return None
    with Opened(DOOR):
        before, others = decider(row), {*desk} - barred(row)
    if before is None or (before != officer and (others or officer == row.subject)):
        return None
    return [desk[account] for account in desk if account in others]


def complains(row: Request) -> int | None:
    """The account of who complains, as far as anything tells; None for another or a closed case."""
    if row.kind != COMPLAINT or not row.open:
        return None
    with Opened(DOOR):
        return whom(row)


def own(row: Request, officer: int, desk: Mapping[int, str]) -> list[str] | None:
    """The addresses of those who can decide what is an officer's own, or did; None where it is not.

    Empty where nobody else can, so that they may themselves.
    """
    if not row.open:
        return None
    with Opened(DOOR):
        others = oneself.others(officer, owners(row) | did(row), desk)
    return None if others is None else [desk[account] for account in desk if account in others]


def _decides(row: Request, step: str) -> bool:
    """Whether a step is one that nobody takes about themselves: also to vouch for who one is."""
    return step in DECIDES or (step == "begin" and not row.proof)


def _alone(row: Request, step: str, officer: int, desk: Collection[int]) -> bool:
    """Whether an officer decides on what is their own or they did, as nobody else could.

    Raises oneself.OwnMatter where somebody else can.
    """
    if not _decides(row, step):
        return False
    with Opened(DOOR):
        return oneself.alone(officer, owners(row) | did(row), desk)


def steps(
    row: Request, officer: int, desk: Collection[int], own: Collection[str] | None
) -> list[str]:
    """The steps of the table that an officer can take now and that would not be refused.

    `desk` is everybody who works on requests, `own` what `own` says of the officer.
    """
    today = clock.today()
    fitting = {
        "acknowledge": row.acknowledged_at is None,
        "begin": not services.unproved(row),
        "ask-identity": not identity.needless(row.kind),
        "sort": not sets_aside(row) and row.erasure is None,
        "by-hand": erases(row) and not row.by_hand,
        "extend": row.extend_to is not None
        and row.extended_at is None
        and row.due_on is not None
        and today <= row.due_on,
        "appeal": row.appeal_until is not None and today <= row.appeal_until,
        "withdraw": moving.may_withdraw(row),
        "close": row.rests,
        "refuse": row.erasure is None,
        "join": row.erasure is None,
    }
    found = [each for each in machine.possible(row.state, OFFICER) if fitting.get(each, True)]
    if "settle" in found:
        with Opened(DOOR):
            if officer in barred(row):
                found.remove("settle")
    if officer in reviewing.owners(row) and reviewers(row, desk):
        found = [each for each in found if each not in DECIDES]
    if own:
        found = [each for each in found if not _decides(row, each)]
    return found


def erases(row: Request) -> bool:
    """Whether to grant this request is to close an account and erase what is held."""
    return carrying.erasable(row) and row.open and row.erasure is None


def whole(row: Request) -> bool:
    """Whether a request is granted or refused, and nothing between: the account is a child's.

    Closed and kept, it would be nobody's to decide (P10d).
    """
    return minors.closed(row) and row.erasure is None


def sets_aside(row: Request) -> bool:
    """Whether a restriction holds for somebody now: it is answered as what it is, so that it ends.

    Sorted as something else, what it set aside would rest for good, and nobody be told.
    """
    if row.kind != RESTRICT or row.state not in machine.PROVED:
        return False
    with Opened(DOOR):
        return whom(row) is not None


def of_one_person(row: Request, other: Request) -> bool:
    """Whether two requests are of the same account or address, as far as anything tells."""
    with Opened(DOOR):
        account = whom(row)
        known = account is not None and account == whom(other)
    return known or (bool(row.contact) and row.contact.casefold() == other.contact.casefold())


def vouched(row: Request, officer: int) -> bool:
    """Whether an officer is the only source of a request: entered it, or saw to who asks.

    Whoever asked from their account or answered a letter to their address speaks for themselves,
    which the service alone says; but for no child: of that an officer says which account it is.
    """
    with Opened(DOOR):
        mine = Event.objects.filter(request=row, staff=officer)
        if mine.filter(step="sort", reason=minors.MINOR).exists():
            return True
        itself = row.proof in (Proof.SESSION, Proof.MAIL)
        return not itself and mine.filter(step__in=(machine.FILE, "begin")).exists()


def says_itself(row: Request) -> bool:
    """Whether an answer tells what was done without words of the officer's: the act adds its own.

    So it is where an account is deleted, a copy is made for whoever can't sign in, a fact is put
    right, or a decision falls that its program asks about.
    """
    if not row.member or carrying.erasable(row) or copying.locked_out(row):
        return row.member
    matter = disputing.of(row)
    return matter is not None and (matter.about == disputing.FACT or register.changes(matter.name))


def _puts_right(change: disputing.Change, outcome: str, said: str) -> bool:
    """Whether a decision has to change the fact: what is done in part may have been done by hand.

    Then words say so.
    """
    if outcome == Outcome.PARTLY:
        return bool(change.values) or change.remove or not said.strip()
    return outcome == GRANTED


def move(
    request: int,
    step: str,
    *,
    staff: int,
    desk: Collection[int],
    seq: int | None = None,
    reason: str = "",
    said: str = "",
    note: str = "",
    changes: Mapping[str, Any] | None = None,
    change: disputing.Change | None = None,
    disputed: str = "",
) -> Request:
    """Take an officer's step; to grant a deletion, or what is said to be wrong, is to carry it out.

    It is answered by itself once nothing is left and every recipient has confirmed; whoever decides
    so sooner can grant a part. `desk` is everybody who works on requests: a program's decision is
    looked at by somebody who did not release the rule, and nobody decides on what is their own;
    where nobody else is there to, it is said.
    `change` is what becomes of a disputed fact, `disputed` which it is.
    Raises what `services.move` raises, disputing.NoSuchFact and Unchanged, NeedsAnother,
    NotComplete, NothingClosed, OwnRule, oneself.OwnMatter, reviewing.Unsaid, services.Unexplained
    for an answer without words, and carrying.Aside where the account can't be closed as it stands,
    such as the last administrator's.
    """
    if step not in {each.name for each in machine.STEPS.values() if OFFICER in each.by}:
        raise machine.Impossible(step, OFFICER)
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        changes = dict(changes or {})
        alone = _alone(row, step, staff, desk)
        _refuse_unfit(row, step, reason, changes.get("kind"))
        erases_alone = carrying.erasable(row)
        if erases_alone and step in ENDS and reason == GRANTED:
            if row.erasure is None:
                said = _erased(row, staff, said)
                changes = {"erasure": row.erasure}
                step = "act" if step == "answer" else step
            elif not carrying.erased(row):
                raise NotComplete
        if step in DECIDES:
            ruled = by_own_rule(row, staff, desk)
            said = _in_full(row, step, staff, reason, said, alone=alone, ruled=ruled)
        if step in ENDS and reason == GRANTED and copying.locked_out(row):
            with speaking(row.language):
                said = copying.make(row, said)
        if change is not None and step in ENDS and _puts_right(change, reason, said):
            take(request, staff)
            with speaking(row.language):
                said = f"{said}\n\n{disputing.put_right(row, change)}".strip()
        if step == "answer" and not (said.strip() or erases_alone):
            raise services.Unexplained("an answer says what was done")
        before = row.kind, row.subject, row.proof
        row = services.move(
            request,
            step,
            by=Event.By.OFFICER,
            staff=staff,
            seq=seq,
            reason=reason,
            said=said,
            note=note,
            changes=changes,
        )
        if disputed:
            disputing.named(row, disputed)
        if step in ("begin", "sort") and (row.kind, row.subject, row.proof) != before:
            row = _take_effect(row, staff)
        return row


def _refuse_unfit(row: Request, step: str, reason: str, kind: str | None) -> None:
    """Raise what a request is in the way of: it ends only as it can, and stays of its kind."""
    ends = step in ENDS
    if ends and reason == Outcome.PARTLY and whole(row):
        raise machine.Impossible(step, row.state)
    if ends and reason == Outcome.NOTHING and row.member:
        raise machine.Impossible(step, row.state)
    if ends and reason == GRANTED and minors.unfound(row):
        raise NothingClosed
    if step == "sort" and kind != row.kind and sets_aside(row):
        raise machine.Impossible(step, row.state)
    if step in ("sort", "refuse") and row.erasure is not None:  # it is under way
        raise machine.Impossible(step, row.state)


def _erased(row: Request, staff: int, said: str) -> str:
    """Carry a deletion out, as a second person; what the person reads of it."""
    if vouched(row, staff):
        raise NeedsAnother
    take(row.pk, staff)  # before anything is erased
    with speaking(row.language):
        return carrying.erase(row, said)


def _in_full(
    row: Request, step: str, staff: int, reason: str, said: str, *, alone: bool, ruled: bool
) -> str:
    """What the officer says, with what a program's decision adds: what was done, by whose rule."""
    if step in ENDS and reason == GRANTED:
        said = f"{said}\n\n{reviewing.words(row, said)}".strip()
    if ruled and (step == "answer" or said.strip()):  # what must be explained still has to be
        said = f"{said}\n\n{reviewing.by_own_rule(row)}".strip()
    if alone and (said.strip() or (step == "answer" and says_itself(row))):
        said = f"{said}\n\n{by_themselves(row, staff)}".strip()
    return said


def _take_effect(row: Request, staff: int) -> Request:
    """Let what acts at the gate act, where an officer says only now what is asked, or for whom.

    A deletion that an officer read in somebody's words is not carried out by itself: they have not
    shown for it who they are, and had no time to think better of it.
    """
    if row.kind == carrying.DELETE and row.channel in carrying.OWN and not row.by_hand:
        return moving.moved(row, "by-hand", Event.By.OFFICER, staff=staff)
    if row.state not in machine.PROVED or not row.open or row.kind not in carrying.ACTS:
        return row
    with speaking(row.language):
        try:
            words, whole = carrying.at_once(row)
        except carrying.Aside:
            return row
        said = "" if whole else words
        row = moving.moved(row, "act", Event.By.OFFICER, staff=staff, said=said)
        if whole:
            return moving.moved(row, "answer", Event.By.OFFICER, staff=staff, said=words)
        letters.write(row, "said", said=words)
    return row
