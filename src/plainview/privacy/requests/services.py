"""What can be done with a request: file it, write about it, prove who asks, appeal, take it back.

Each is one transaction. They open their own door, since requests come in by mail, by telephone and
from people without an account; who may do a step for whom is for the doors above to see to.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plainview.platform.identifiers import new_id
from plainview.platform.languages import speaking
from plainview.privacy import permissions
from plainview.privacy.disclosures import post
from plainview.privacy.gate.scope import Opened
from plainview.privacy.policies import in_force
from plainview.privacy.requests import (
    acting,
    carrying,
    clock,
    disputing,
    identity,
    joining,
    letters,
    machine,
    minors,
    moving,
    wording,
)
from plainview.privacy.requests.doors import DOOR
from plainview.privacy.requests.holding import InHand, held, let_go, take
from plainview.privacy.requests.machine import Impossible, State
from plainview.privacy.requests.models import RESTRICT, Channel, Event, Proof, Request
from plainview.privacy.requests.moving import (
    By,
    Overtaken,
    SamePerson,
    TooLate,
    Unexplained,
    move,
    moved,
)

__all__ = [
    "DOOR",
    "By",
    "Impossible",
    "InHand",
    "Overtaken",
    "SamePerson",
    "TooLate",
    "Unexplained",
    "let_go",
    "move",
    "take",
]
CONTRARY = (carrying.DELETE, "correct", RESTRICT, "access", "portability")
"""Of these, a deletion and another of the same person wait for somebody who sees both."""


class Asked(NamedTuple):
    """What somebody asks, as a door took it.

    `kind` is a right of the policy, "" if the door can't tell. `account` is whom it is about, None
    for somebody without. `place` and `residence` are ISO codes or ids of jurisdictions, "" if
    unknown; `contact` is where the answer goes, for those who have no account. `agent` is who acts
    for them, an address that answers go to as well; `mandate` and `file` show that they may.
    `restricts` is why data is to be set aside, one of `Restricts`, if it was said. `at` is
    when it reached us, if not now; `staff` is who entered it, and `proof` how the door knows them.
    `matter` is the one fact or decision that it is about, if the door knows it. `lost` says that
    mail to the address of the account is read no more: answers go to `contact` all the same.
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
    mandate: str = ""
    at: dt.datetime | None = None
    staff: int | None = None
    proof: str = ""
    file: bytes = b""
    restricts: str = ""
    matter: disputing.About | None = None
    lost: bool = False


class NoSuchKind(ValueError):
    """The policy knows no such right, or it is an appeal, which is of a decision (`appeal`)."""


def file(asked: Asked) -> Request:
    """Open a request, do what can be done at once, and write to whoever asks (P5.2a).

    Its proof is that of the door (`session` for somebody signed in), or none needed where the right
    asks none; else a link goes to their address. By a letter that nothing proves, nothing acts: it
    waits for the link, or for an officer who takes its word. What is asked again is joined to the
    request that runs. Who says that they are a child has the remedy of children: in place of a
    deletion, beside all else (P10e). Raises NoSuchKind.
    """
    policy = in_force()
    if asked.kind in ("", carrying.DELETE) and minors.told(asked.words, asked.account):
        asked = asked._replace(kind=minors.MINOR)
    if asked.kind and (asked.kind not in policy.rights or asked.kind == clock.APPEAL):
        raise NoSuchKind(asked.kind)
    place, residence = asked.place, asked.residence
    if asked.account is not None and not (place or residence):
        place, residence = carrying.home(asked.account)
    if not residence and clock.names_a_state(asked.words):
        residence = clock.in_the_states(place)
    row = Request(
        subject=new_id() if asked.account is None else asked.account,
        member=asked.account is not None,
        kind=asked.kind,
        purposes=" ".join(asked.purposes),
        channel=asked.channel,
        language=asked.language,
        place=place,
        residence=residence,
        contact=_address(asked.contact),
        agent=_address(asked.agent),
        restricts=asked.restricts,
        lost=asked.lost,
        proof=asked.proof or ("" if _claimed(asked) else identity.needless(asked.kind)),
        received_at=asked.at or timezone.now(),
        seq=1,
    )
    moving.set_days(row, ())
    with Opened(DOOR), transaction.atomic(), speaking(row.language):
        if row.member:
            permissions.read_each([row.subject], held=True)  # what they ask at once is in turn
        row.save(force_insert=True)
        Event.objects.create(
            request=row,
            staff=asked.staff,
            seq=1,
            step=machine.FILE,
            after=row.state,
            by=By.PERSON if asked.staff is None else By.OFFICER,
            at=timezone.now(),
            reason=asked.kind,
            said=moving.cut(asked.words),
        )
        if asked.matter is not None:
            disputing.keep(row, asked.matter)
        acting.keep(row, moving.cut(asked.mandate), asked.file)
        row = _first_steps(row, asked)
        _of_a_child(row, asked.words)
        return row


def a_childs(asked: Asked) -> Request | None:
    """The remedy of children, opened where words by a door for other things ask for it (P10e)."""
    if not minors.told(asked.words, asked.account):
        return None
    return file(asked._replace(kind=minors.MINOR))


def _of_a_child(row: Request, words: str) -> None:
    """Open the remedy of children, once, beside a request whose words tell of a child (P10e)."""
    if row.kind == minors.MINOR or not minors.told(words, row.subject if row.member else None):
        return
    theirs = row.theirs()
    told = Request.objects.filter(theirs or Q(pk=None), kind=minors.MINOR, state__in=machine.OPEN)
    if not told.exists():
        _another(row, minors.MINOR, words)


def _another(
    row: Request, kind: str, words: str, staff: int | None = None, contact: str = ""
) -> Request:
    """Open a request of the same person, by the door that the first came by; see `hear`."""
    asked = Asked(
        kind, Channel(row.channel), row.language, words, row.subject if row.member else None,
        contact=row.contact, place=row.place, residence=row.residence, staff=staff,
    )  # fmt: skip
    if contact and row.member and permissions.read(row.subject) is None:
        asked = asked._replace(channel=Channel.MAIL, account=None, contact=contact)
    return file(asked)


def _address(contact: str) -> str:
    """Where somebody is reached, an address of mail in small letters, by which it is found."""
    plain = contact.strip()
    return plain.lower() if "@" in plain else plain


def _first_steps(row: Request, asked: Asked) -> Request:
    """Go as far as nobody has to look: answer, begin, ask who it is, or leave it to a person."""
    earlier = joining.same(row, asked.matter)
    if row.proof:
        row = _begin(row)
    elif earlier is not None:
        return _join(row, earlier, asked.words)
    elif _claimed(asked):
        row = _acknowledged(row, letters.write(row, "unproved", link=identity.link(row)))
    elif asked.agent:
        row = _acknowledged(*acting.answered(row, bool(asked.mandate.strip() or asked.file)))
    elif letters.mailed(row) and row.kind:
        row = _acknowledged(moved(row, "ask-identity", By.SERVICE), True)
    else:
        row = _acknowledged(row, letters.write(row, "received"))
    if row.kind == minors.MINOR:
        row = moved(row, "escalate", By.SERVICE)
        by = minors.close_by(row.received_at)
        letters.bring("child", letters.A_CHILD, number=row.number, by=by)
    if earlier is not None and not earlier.proof:
        _join(earlier, row, "")
    elif earlier is not None and row.state in machine.OPEN:
        return _join(row, earlier, asked.words)
    _contrary(row)
    return row


def _claimed(asked: Asked) -> bool:
    """Whether a letter that nothing proves asks for what would act at the gate (decision 72)."""
    by_letter = asked.channel == Channel.MAIL and "@" in asked.contact
    return by_letter and not asked.proof and carrying.on_their_word(asked.kind)


def _begin(row: Request, by: By = By.SERVICE, staff: int | None = None) -> Request:
    """Begin what is proved, and carry out what can be by itself now."""
    row = moved(row, "begin", by, staff=staff)
    words, whole = "", False
    try:
        words, whole = carrying.at_once(row)
        row = moved(row, "act", by, staff=staff, said="" if whole else words)
    except carrying.Aside:
        whole = True
        try:
            words = carrying.light(row) if row.kind == carrying.SHINE else carrying.page(row)
        except carrying.Aside:
            whole = False
    if whole:
        return moved(row, "answer", by, staff=staff, said=words)
    return _acknowledged(row, letters.write(row, "received", said=words))


def _acknowledged(row: Request, written: bool) -> Request:
    """Note that they were told that it came, if they were."""
    if not written or row.acknowledged_at is not None:
        return row
    return moved(row, "acknowledge", By.SERVICE)


def _join(row: Request, earlier: Request, words: str) -> Request:
    """Let another request speak for this one, with what was written here.

    Where that one waits for its link, the link is sent once more: it may have been lost.
    """
    row.joined_to = earlier
    row = moved(row, "join", By.SERVICE, reason=earlier.number)
    said = f"{row.number}: {words}".rstrip(": ")
    earlier = moved(earlier, "hear", By.SERVICE, said=said, reason=row.number)
    what = "unproved" if unproved(earlier) else "identity"
    if what == "unproved" or (earlier.state == State.IDENTIFYING and letters.mailed(earlier)):
        with suppress(identity.TooMany):
            letters.write(earlier, what, link=identity.link(earlier))
    return row


def _contrary(row: Request) -> None:
    """What contradicts another request of the same person waits for somebody who sees both."""
    theirs = row.theirs()
    if theirs is None or row.kind not in CONTRARY or row.state not in machine.OPEN:
        return
    others = [carrying.DELETE] if row.kind != carrying.DELETE else list(CONTRARY)
    open_ = Request.objects.select_for_update()
    running = open_.filter(theirs, kind__in=others, state__in=machine.OPEN)
    for other in running.exclude(pk=row.pk).exclude(kind=row.kind):
        moved(other, "by-hand", By.SERVICE, reason="contrary", note=row.number)
        moved(row, "by-hand", By.SERVICE, reason="contrary", note=other.number)


def prove(number: str, token: str, *, place: str = "") -> Request | None:
    """Somebody opened the link that was sent to their address; None if it works no more.

    Where the address is an account's, the request is that account's from here on. `place` is where
    they are seen to be; its law holds where nothing else says which does.
    """
    request = identity.request_of(number, token)
    if request is None:
        return None
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        waits = row.state == State.IDENTIFYING or unproved(row)
        if not waits or not identity.serve(token):
            return None
        row.proof = Proof.MAIL
        account = post.whose(row.contact, confirmed=True) if not row.member else None
        if account is not None:
            row.subject, row.member = account, True
        if not (row.place or row.residence):
            row.place, row.residence = carrying.home(account) if account else (place, "")
        with speaking(row.language):
            row = _begin(row)
            _contrary(row)  # only now is it known whose it is
            return row


def unproved(row: Request) -> bool:
    """Whether nothing proves who asks, and nobody needs to: it waits for a link, or an officer."""
    return row.state == State.RECEIVED and not row.proof and carrying.on_their_word(row.kind)


def needless_link(number: str, token: str) -> bool:
    """Whether a link only hastens what an officer carries out without it as well."""
    request = identity.request_of(number, token)
    with Opened(DOOR):
        row = Request.objects.filter(pk=request).first() if request is not None else None
    return row is not None and unproved(row)


def take_word(request: int, *, staff: int) -> Request:
    """An officer carries out what nobody has to prove, by the word of a letter (decision 72).

    Raises InHand, and Impossible where proof is needed or it was carried out meanwhile.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        held(row, staff)
        if not unproved(row):
            raise Impossible("begin", row.state)
        row.proof = Proof.NEEDLESS
        with speaking(row.language):
            return _begin(row, By.OFFICER, staff)


def show_appeal(request: int) -> None:
    """Show by a letter to their address how to appeal: a mail that nothing proves asked for it."""
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        if wording.may_appeal(row):
            moved(row, "write", By.SERVICE, reason=clock.APPEAL)


def hear(
    request: int, words: str, *, by: By = By.PERSON, staff: int | None = None, contact: str = ""
) -> Request:
    """Somebody wrote about their request: it is in the timeline, and goes on if we had asked.

    What is written of one that is decided or over opens a request of its own, so that somebody
    reads it by a day; whoever has left is answered at `contact`. Return the one that is read.
    """
    with Opened(DOOR), transaction.atomic():
        row = Request.objects.select_for_update().get(pk=request)
        while row.state == State.JOINED and row.joined_to is not None:
            row = Request.objects.select_for_update().get(pk=row.joined_to.pk)
        if row.state in machine.RUNNING:
            step = "resume" if row.state == State.PAUSED else "hear"
            row = moved(row, step, by, staff=staff, said=words)
            _of_a_child(row, words)
            return row
        kind = minors.MINOR if minors.unfound(row) else ""
        another = _another(row, kind, f"{row.number}: {words}", staff, contact)
        moved(row, "hear", by, staff=staff, said=words, reason=another.number)
        return another.joined_to or another


def appeal(request: int, words: str) -> Request:
    """Appeal a decision (P5.2.3.2a). Raises TooLate, Impossible where none was made."""
    with Opened(DOOR), transaction.atomic():
        row = move(request, "appeal", by=By.PERSON, said=words)
        _of_a_child(row, words)
        return row


def withdraw(request: int) -> Request:
    """Take a request back. Raises Impossible once it is decided, or is carried out.

    What was set aside until the person wants it used again is so from here on (GDPR 18(3)).
    """
    with Opened(DOOR), transaction.atomic():
        rests = Request.objects.select_for_update().get(pk=request).rests
        return move(request, "close" if rests else "withdraw", by=By.PERSON)
