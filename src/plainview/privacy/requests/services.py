"""What can be done with a request: file it, move it along its table, take it in hand.

Each is one transaction with its entry in the timeline and its letter. They open their own door,
since requests come in by mail, by telephone and from people without an account; who may do a step
for whom is for the doors above to see to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from plainview.engine import Pause
from plainview.platform.identifiers import new_id
from plainview.privacy.gate.scope import Door, Opened
from plainview.privacy.policies import in_force
from plainview.privacy.requests import clock, letters, machine
from plainview.privacy.requests.machine import Impossible, State
from plainview.privacy.requests.models import (
    LONGEST,
    Channel,
    Event,
    Evidence,
    Hold,
    Outcome,
    Proof,
    Request,
)

_WHY = "a request may be about somebody without an account, and come in by mail or letter"
DOOR = Door("plainview.privacy.requests", "rights", source="form", everyone=_WHY)
PROVING = Door("plainview.privacy.requests.proving", "verification", source="form", everyone=_WHY)
IN_HAND = dt.timedelta(minutes=15)
"""So long a request stays with whoever took it in hand and does nothing."""
By = Event.By

__all__ = ["Impossible"]


class Overtaken(Exception):
    """Somebody else moved the request meanwhile: look again before deciding."""


class InHand(Exception):
    """A colleague has the request in hand; `staff` is who, `until` when it is free again."""

    def __init__(self, staff: int, until: dt.datetime) -> None:
        super().__init__("a colleague has it in hand")
        self.staff, self.until = staff, until


class SamePerson(Exception):
    """Whoever decided does not decide on the appeal against it."""


class TooLate(Exception):
    """The day for this has passed, or the law there knows no such thing."""


class Unexplained(ValueError):
    """A refusal needs a ground, an extension a reason, and whoever is refused gets it in words."""


class Asked(NamedTuple):
    """What somebody asks, as a door took it.

    `kind` is a right of the policy, "" if the door can't tell. `account` is whom it is about, None
    for somebody without. `place` and `residence` are ISO codes or ids of jurisdictions, "" if
    unknown; `contact` is where the answer goes, for those who have no account. `agent` is who acts
    for them, with the address that answers go to as well. `at` is when it reached us, if not now.
    """

    kind: str
    channel: Channel
    language: str
    words: str = ""
    account: int | None = None
    contact: str = ""
    place: str = ""
    residence: str = ""
    purposes: tuple[str, ...] = ()
    agent: str = ""
    at: dt.datetime | None = None
    staff: int | None = None
    proof: str = ""


class NoSuchKind(ValueError):
    """The policy knows no such right."""


def file(asked: Asked) -> Request:
    """Open a request, and write to whoever asks that it has come (P5.2a).

    Its proof is that of the door (`session` for somebody signed in), or none needed where the right
    asks none. Raises NoSuchKind.
    """
    policy = in_force()
    if asked.kind and asked.kind not in policy.rights:
        raise NoSuchKind(asked.kind)
    now = timezone.now()
    received = asked.at or now
    right = policy.rights.get(asked.kind)
    proof = asked.proof or (Proof.NEEDLESS if right and right.identity == "none" else "")
    row = Request(
        subject=new_id() if asked.account is None else asked.account,
        member=asked.account is not None,
        kind=asked.kind,
        purposes=" ".join(asked.purposes),
        channel=asked.channel,
        language=asked.language,
        place=asked.place,
        residence=asked.residence,
        contact=asked.contact.strip(),
        agent=asked.agent.strip(),
        proof=proof,
        received_at=received,
        seq=1,
    )
    _set_days(row, ())
    with Opened(DOOR), transaction.atomic():
        row.save(force_insert=True)
        Event.objects.create(
            request=row,
            staff=asked.staff,
            seq=1,
            step=machine.FILE,
            before="",
            after=row.state,
            by=By.OFFICER if asked.staff is not None else By.PERSON,
            at=now,
            reason=asked.kind,
            said=_cut(asked.words),
        )
        if letters.write(row, "received"):
            row = _moved(row, "acknowledge", By.SERVICE)
    return row


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
    sets besides its own. Raises Request.DoesNotExist, Impossible, Overtaken, InHand, and what the
    step itself asks for: Unexplained, TooLate, SamePerson.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if seq is not None and row.seq != seq:
            raise Overtaken
        if staff is not None:
            _take(row, staff)
        for name, value in (changes or {}).items():
            setattr(row, name, value)
        return _moved(row, step, by, staff=staff, reason=reason, said=said, note=note, until=until)


def _moved(
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
    """Take a step on a row that is held; everything that moves a request passes here."""
    before, seen = row.state, row.seq
    after = machine.target(before, step)
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
        said=_cut(said),
        note=_cut(note),
        until=until or (row.due_on if step == "extend" else None),
        closed_at=row.closed_at,
    )
    _set_days(row, pauses(row))
    values = {
        field.attname: getattr(row, field.attname)
        for field in Request._meta.concrete_fields
        if not field.primary_key
    }
    if not Request.objects.filter(pk=row.pk, seq=seen).update(**values):
        raise Overtaken
    if after in machine.FINAL and before not in machine.FINAL:
        Event.objects.filter(request=row, closed_at=None).update(closed_at=row.closed_at)
        Hold.objects.filter(request=row).delete()
    if after not in machine.OPEN:
        _end_evidence(row, now)
    return row


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
            row.appeal_until = clock.appeal_until(now)
        case "refuse":
            if not reason or not said.strip():
                raise Unexplained("a refusal has a ground, and says it in words")
            row.decided_at, row.outcome, row.ground = now, Outcome.REFUSED, reason
            row.appeal_until = clock.appeal_until(now)
        case "appeal":
            if row.appeal_until is None or clock.today() > row.appeal_until:
                raise TooLate
            row.appealed_at, row.officer = now, None
            row.escalated_at = None
            Hold.objects.filter(request=row).delete()
        case "settle":
            if staff is None or staff == decider(row):
                raise SamePerson
            if not said.strip():
                raise Unexplained("an appeal is answered in words")
            row.settled_at, row.outcome = now, reason or row.outcome
        case "withdraw" | "join" | "close":
            row.closed_at = now
        case _:
            pass


def decider(row: Request) -> int | None:
    """Who answered or refused a request; None if nobody has, or the service did by itself."""
    decided = Event.objects.filter(request=row, step__in=("answer", "refuse"))
    return decided.order_by("-seq").values_list("staff", flat=True).first()


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


def _set_days(row: Request, paused: list[Pause] | tuple[()]) -> None:
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
        patience = (since + clock.PATIENCE).date()
    waits = row.acknowledge_by if row.acknowledged_at is None else None
    row.next_on = min(day for day in (waits, row.due_on, patience) if day is not None)


def _end_evidence(row: Request, now: dt.datetime) -> None:
    with Opened(PROVING):
        Evidence.objects.filter(request=row, ended_at=None).update(ended_at=now)


def take(request: int, staff: int) -> Hold:
    """Take a request in hand, or go on having it. Raises InHand, Request.DoesNotExist."""
    with Opened(DOOR), transaction.atomic():
        return _take(Request.objects.select_for_update().get(pk=request), staff)


def _take(row: Request, staff: int) -> Hold:
    now = timezone.now()
    until = now + IN_HAND
    hold, made = Hold.objects.get_or_create(request=row, defaults={"staff": staff, "until": until})
    if made or hold.staff == staff or hold.until <= now:
        free = Hold.objects.filter(request=row, staff=hold.staff, until=hold.until)
        if free.update(staff=staff, until=until):
            hold.staff, hold.until = staff, until
            return hold
        hold = Hold.objects.get(request=row)
    raise InHand(hold.staff, hold.until)


def let_go(request: int, staff: int) -> None:
    """Put a request back, for a colleague to take."""
    with Opened(DOOR):
        Hold.objects.filter(request=request, staff=staff).delete()


def _cut(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST]
