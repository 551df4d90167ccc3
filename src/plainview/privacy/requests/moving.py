"""One step of a request: along the table, with its entry in the timeline, its days and its letter.

Everything that moves a request passes here, in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plainview.engine import Pause
from plainview.platform.languages import speaking
from plainview.privacy.gate.scope import Opened
from plainview.privacy.requests import (
    carrying,
    clock,
    disputing,
    holding,
    identity,
    letters,
    machine,
    minors,
    reviewing,
)
from plainview.privacy.requests.deciders import barred
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.machine import State
from plainview.privacy.requests.models import (
    LONGEST,
    Event,
    Ground,
    Hold,
    Matter,
    Outcome,
    Request,
)

By = Event.By
LETTERS = {
    "ask": "question",
    "extend": "extended",
    "answer": "answered",
    "refuse": "refused",
    "appeal": "appealed",
    "settle": "settled",
    "withdraw": "withdrawn",
    "join": "joined",
    "write": "said",
}
"""The letter that goes with a step, so that nothing is decided without being told."""


class Overtaken(Exception):
    """Somebody else moved the request meanwhile: look again before deciding."""


class SamePerson(Exception):
    """Whoever decided, or asked, does not decide on the appeal."""


class TooLate(Exception):
    """The day for this has passed, or the law there knows no such thing."""


class Unexplained(ValueError):
    """A refusal needs a ground, an extension a reason, and whoever is refused gets it in words."""


def move(
    request: int,
    step: str,
    *,
    by: By,
    staff: int | None = None,
    seq: int | None = None,
    reason: str = "",
    said: str = "",
    note: str = "",
    until: dt.date | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Request:
    """Take one step of the table; return the request as it is then.

    `seq` is the count of steps that whoever decides has seen. `changes` are columns that the step
    sets besides its own. Raises Request.DoesNotExist, machine.Impossible, Overtaken,
    holding.InHand, and what the step itself asks for: Unexplained, TooLate, SamePerson,
    identity.TooMany.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if seq is not None and row.seq != seq:
            raise Overtaken
        if staff is not None:
            holding.held(row, staff)
        for name, value in (changes or {}).items():
            setattr(row, name, value)
        return moved(row, step, by, staff=staff, reason=reason, said=said, note=note, until=until)


def look_first(account: int, *, since: dt.datetime) -> None:
    """Have a person look before an account is deleted that somebody asked for since a moment: it
    may not have been its owner.
    """
    with Opened(DOOR), transaction.atomic():
        asked = Request.objects.select_for_update().filter(
            subject=account, member=True, kind=carrying.DELETE, received_at__gte=since
        )
        for row in asked.filter(state__in=machine.OPEN, by_hand=False, erasure=None):
            moved(row, "by-hand", By.SERVICE, reason="taken-back")


def address_kept(number: str) -> None:
    """The address of whoever asked stays: what was to take its place was stopped, or is taken."""
    _of_address(number, "write", gettext_noop("Your address stays as it was."))


def address_changed(number: str) -> None:
    """The address that was lost has another in its place, and so the request is answered."""
    _of_address(number, "answer", gettext_noop("From now on you sign in with the new address."))


def _of_address(number: str, step: str, said: str) -> None:
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().filter(number=number).first()
        if row is not None and step in machine.possible(row.state, "service"):
            with speaking(row.language):
                moved(row, step, By.SERVICE, said=_(said))


def moved(
    row: Request,
    step: str,
    by: By,
    *,
    staff: int | None = None,
    reason: str = "",
    said: str = "",
    note: str = "",
    until: dt.date | None = None,
) -> Request:
    """Take a step on a row that is held; everything that moves a request passes here.

    Raises machine.Impossible for a step that is none of `by` or of the state, Overtaken for a row
    that moved meanwhile.
    """
    before, seen = row.state, row.seq
    after = machine.target(before, step)
    late = (step == "withdraw" and not may_withdraw(row)) or (step == "join" and not may_join(row))
    early = step == "close" and by != By.SERVICE and not row.rests
    if late or early or str(by) not in machine.STEPS[step].by:
        raise machine.Impossible(step, before)
    now = timezone.now()
    if after != before:
        row.came_from, row.state = before, after
    row.seq += 1
    _on_step(row, step, now, staff=staff, reason=reason, said=said)
    Event.objects.create(
        request=row,
        staff=staff,
        seq=row.seq,
        step=step,
        before=before,
        after=after,
        by=by,
        at=now,
        reason=reason,
        said=cut(said),
        note=cut(note),
        until=until or (row.due_on if step == "extend" else None),
        closed_at=row.closed_at,
    )
    near = row.next_on
    set_days(row, pauses(row))
    if near is not None and row.next_on is not None and row.next_on > near:
        row.escalated_at = None  # whoever was told of one day is told of the next
    values = {
        field.attname: getattr(row, field.attname)
        for field in Request._meta.concrete_fields
        if not field.primary_key
    }
    if not Request.objects.filter(pk=row.pk, seq=seen).update(**values):
        raise Overtaken
    if after in machine.FINAL and before not in machine.FINAL:
        Event.objects.filter(request=row, closed_at=None).update(closed_at=row.closed_at)
        Matter.objects.filter(request=row).update(closed_at=row.closed_at)
        Hold.objects.filter(request=row).delete()
    if after not in machine.OPEN:
        identity.end(row)
    _effects(row, step)
    _tell(row, step, said, reason)
    if step == "close" and by != By.SERVICE:
        letters.write(row, "withdrawn")
    _after(row, step)
    return row


def may_withdraw(row: Request) -> bool:
    """Whether a request, or the appeal about it, can still be taken back.

    An account that was closed as a child's stays so until somebody of the staff decides (P10e):
    whoever holds a link to the request has proved nothing.
    """
    carried_out = row.erasure is not None or minors.closed(row)
    return row.state == State.APPEALED or not carried_out


def may_join(row: Request) -> bool:
    """Whether the request that it would be joined to can speak for it.

    An erasure that has begun is answered where it began. An account that was closed as a child's
    goes on only where the other has closed the same: else nobody would be left to decide. What is
    set aside for another reason ends on another day.
    """
    alike = row.joined_to is None or row.restricts == row.joined_to.restricts
    return row.erasure is None and alike and minors.goes_on(row, row.joined_to)


def _effects(row: Request, step: str) -> None:
    """What a decision means at the gate."""
    if step in ("answer", "refuse", "settle"):
        carrying.weighed(row, upheld=row.outcome == Outcome.GRANTED)
        reviewing.carry_out(row)
    elif step in ("close", "withdraw"):
        carrying.lift(row)
        if step == "withdraw" and row.came_from != State.APPEALED:
            carrying.weighed(row, upheld=False)  # nobody weighs it any more


def _after(row: Request, step: str) -> None:
    """What a disputed fact is from here on: used again once the person is told, or set aside."""
    if step in ("answer", "refuse", "settle", "withdraw", "join"):
        disputing.lift(row)
    elif step == "appeal":
        disputing.close(row)


def _tell(row: Request, step: str, said: str, reason: str) -> None:
    """Write what goes with a step. A refusal names ground, authority and appeal."""
    if step == "ask-identity":
        if letters.mailed(row):
            letters.write(row, "identity", link=identity.link(row), said=said)
    elif step == "write" and reason == clock.APPEAL:
        letters.write(row, "appealing")
    elif step in LETTERS:
        letters.write(row, LETTERS[step], said=said)


def _on_step(
    row: Request,
    step: str,
    now: dt.datetime,
    *,
    staff: int | None,
    reason: str,
    said: str,
) -> None:
    """What a step sets, and what it asks for before it may be taken."""
    match step:
        case "acknowledge":
            row.acknowledged_at = row.acknowledged_at or now
        case "ask-identity":
            if identity.needless(row.kind):
                raise machine.Impossible(step, row.state)
            row.proof = ""
        case "extend":
            if row.extended_at is not None or row.extend_to is None:
                raise TooLate
            if row.due_on is None or clock.today() > row.due_on:
                raise TooLate
            if not said.strip():
                raise Unexplained("an extension says why, to the person")
            row.extended_at = now
        case "escalate":
            row.escalated_at = now
        case "by-hand":
            row.by_hand = True
        case "answer":
            row.decided_at, row.outcome = now, reason or Outcome.GRANTED
            row.acknowledged_at = row.acknowledged_at or now
            row.appeal_until = clock.appeal_until(now)
        case "refuse":
            if not reason or not said.strip():
                raise Unexplained("a refusal has a ground, and says it in words")
            if reason == Ground.UNPROVED and identity.needless(row.kind):
                raise Unexplained("nobody has to prove who they are for this")
            row.decided_at, row.outcome, row.ground = now, Outcome.REFUSED, reason
            row.appeal_until = clock.appeal_until(now)
        case "appeal":
            if row.appeal_until is None or clock.today() > row.appeal_until:
                raise TooLate
            row.appealed_at, row.officer = now, None
            row.escalated_at = None
            Hold.objects.filter(request=row).delete()
        case "settle":
            if staff is None or staff in barred(row):
                raise SamePerson
            if not said.strip():
                raise Unexplained("an appeal is answered in words")
            row.settled_at, row.outcome = now, reason or row.outcome
            row.ground = "" if row.outcome == Outcome.GRANTED else row.ground
        case "withdraw" | "join" | "close":
            row.closed_at = now
        case _:
            pass


def pauses(row: Request) -> list[Pause]:
    """What the person was asked and when they answered, as the engine's clock takes it."""
    found: list[Pause] = []
    asked: tuple[str, dt.datetime] | None = None
    grounds = {"ask-identity": "identity", "ask": "clarification"}
    steps = Event.objects.filter(request=row).order_by("seq").values_list("step", "after", "at")
    for step, after, at in steps:
        if step in grounds:
            asked = (grounds[step], at)
        elif asked is not None and after not in (State.IDENTIFYING, State.PAUSED):
            found.append(Pause(asked[0], asked[1], at))  # type: ignore[arg-type]
            asked = None
    if asked is not None:
        found.append(Pause(asked[0], asked[1], None))  # type: ignore[arg-type]
    return found


def set_days(row: Request, paused: list[Pause] | tuple[()]) -> None:
    """Work the days of a request out anew, and by which the next thing is due."""
    if row.state not in machine.RUNNING:
        row.next_on = None
        return
    if row.state == State.APPEALED and row.appealed_at is not None:
        days = clock.of_appeal(row.appealed_at, place=row.place, residence=row.residence)
        row.due_on, row.target_on, row.next_on = days.due, days.target, days.due
        return
    days = clock.of_request(
        row.kind,
        row.received_at,
        place=row.place,
        residence=row.residence,
        pauses=paused,
    )
    row.acknowledge_by, row.extend_to = days.acknowledge, days.extend_to
    row.due_on, row.target_on = days.due, days.target
    if row.extended_at is not None and days.extend_to is not None:
        row.due_on = row.target_on = days.extend_to
    patience = None
    if row.due_on is None:
        since = max((each.asked for each in paused), default=row.received_at)
        patience = clock.day(since + clock.PATIENCE)
    waits = row.acknowledge_by if row.acknowledged_at is None else None
    row.next_on = min(day for day in (waits, row.due_on, patience) if day is not None)


def cut(text: str) -> str:
    """Text as a column takes it: so long at most, without the byte that PostgreSQL refuses."""
    return text.replace("\0", "").strip()[:LONGEST]
