"""Having what travels sent to a service that the person named, and going on until it has arrived.

The other side proves the invitation first; then the person is asked once; then a job makes the
copy, sends it a piece at a time from wherever the other side is, and asks what became of it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from plainview.platform.decoding import UNREADABLE
from plainview.platform.encryption import cipher
from plainview.platform.jobs import queue
from plainview.platform.overtaking import looks_again
from plainview.privacy.disclosures import named
from plainview.privacy.disclosures.deciding import Denied
from plainview.privacy.gate.duties import duty
from plainview.privacy.policies import in_force
from plainview.privacy.rights import planning
from plainview.privacy.rights.copies import form, making
from plainview.privacy.rights.copies import services as copies
from plainview.privacy.rights.copies.models import KIND, Copy
from plainview.privacy.rights.sending import protocol
from plainview.privacy.rights.sending.models import Sending
from plainview.privacy.rights.sending.protocol import Invitation, Unfit
from plainview.privacy.staying import stays

State = Sending.State
TASK = "send"
STRETCH = 64
"""So many pieces are sent by one job; the next is asked for with the last of them."""
SOON, LATE = dt.timedelta(seconds=2), dt.timedelta(minutes=5)
LONGEST_NAME = 200
GIVEN_UP = "given-up"
OVER = ("done", "refused")

T = TypeVar("T", bound=msgspec.Struct)


def of(subject: int) -> Sending | None:
    """What a person sends or sent, unless its time is over."""
    row = Sending.objects.filter(subject=subject).first()
    return row if row is not None and timezone.now() < ends_at(row) else None


def ends_at(row: Sending) -> dt.datetime:
    """When nothing is known any more of what was sent but its row in the ledger."""
    return planning.ends_at(row.asked_at, KIND)


def categories(subject: int) -> list[str]:
    """The kinds of data that would go, in the order of the policy."""
    with duty("export"):
        held = {
            part.category(each)
            for part in form.parts(travels=True)
            if part.rows(subject).exists()
            for each in part.fields
        }
    return [each for each in in_force().categories if each in held and "." in each]


def offer(subject: int, code: str) -> None:
    """Ask the service of an invitation to prove itself, and keep it for the person's yes.

    Nothing about the person leaves. Raises Unfit, named.Trouble.
    """
    anywhere = bool(settings.ENV.sending_authorities)
    invitation = protocol.read(code, anywhere=anywhere)
    if not anywhere and invitation.host == str(settings.PUBLIC.netloc).lower():
        raise Unfit
    challenge = secrets.token_hex(16)
    body = msgspec.json.encode(protocol.Challenge(challenge))
    said = _ask(invitation, protocol.PROVE, body, protocol.Proof, signed=False)
    if said.format != protocol.FORMAT or said.version != protocol.VERSION:
        raise Unfit
    if not invitation.proves(said.proof, protocol.PROVE, challenge):
        raise named.unproved()
    name = " ".join(each for each in said.service.split() if each.isprintable())[:LONGEST_NAME]
    _keep(subject, invitation, name)


@looks_again
def _keep(subject: int, invitation: Invitation, service: str) -> None:
    stays(subject)
    drop(subject)
    Sending.objects.create(
        subject=subject,
        host=invitation.host,
        service=service,
        invitation=invitation.name,
        secret=cipher().encrypted(base64.b64encode(invitation.secret).decode()),
    )


def send(subject: int) -> bool:
    """The person's yes: make it and send it; False if nothing is offered. Raises Denied."""
    kinds = categories(subject)
    with transaction.atomic():
        row = Sending.objects.select_for_update().filter(subject=subject).first()
        if row is None or row.state != State.OFFERED:
            return False
        copies.drop(subject, travels=True)
        copy = copies.ask(subject, travels=True)
        ledger = named.begin(subject, row.host, kinds)
        _update(row, state=State.SENDING, copy=copy.pk, disclosure=ledger, asked_at=timezone.now())
        queue.enqueue(TASK, sending=row.pk)
    return True


def again(subject: int) -> bool:
    """Take up what failed, from where the other side is; False if nothing did."""
    with transaction.atomic():
        row = Sending.objects.select_for_update().filter(subject=subject).first()
        if row is None or row.state != State.FAILED:
            return False
        state = State.READING if row.size and row.sent == row.size else State.SENDING
        _update(row, state=state, trouble="", ended_at=None)
        queue.enqueue(TASK, sending=row.pk)
    return True


def drop(subject: int) -> None:
    """Send no further, and forget the copy; the ledger keeps what left."""
    with transaction.atomic():
        for row in Sending.objects.select_for_update().filter(subject=subject):
            _forget(row)
            row.delete()


def give_up(sending: int) -> None:
    """After the last attempt: say so, and keep the copy, so that the person can have it go on."""
    row = Sending.objects.filter(pk=sending, state__in=(State.SENDING, State.READING)).first()
    if row is not None:
        _update(row, state=State.FAILED, trouble=row.trouble or GIVEN_UP, ended_at=timezone.now())


def carry_on(sending: int) -> None:
    """Go on with what is sent. Raises named.Trouble for what may pass, and making.Busy."""
    row = Sending.objects.filter(pk=sending).first()
    if row is None or row.state not in (State.SENDING, State.READING):
        return
    try:
        if row.state == State.SENDING:
            _send(row)
        else:
            _listen(row)
    except named.Trouble as trouble:
        ends = {"state": State.FAILED, "ended_at": timezone.now()} if trouble.lasting else {}
        _update(row, trouble=trouble.code[:20], **ends)
        if not trouble.lasting:
            raise
    except Denied:
        _update(row, state=State.FAILED, trouble="denied", ended_at=timezone.now())


def _send(row: Sending) -> None:
    making.make(row.copy or 0)
    with duty("export"):
        copy = Copy.objects.filter(pk=row.copy or 0, state=Copy.State.READY).first()
    if copy is None:
        _update(row, state=State.FAILED, trouble="no-copy", ended_at=timezone.now())
        return
    if not row.digest and not _update(row, size=copy.size, digest=_digest(copy)):
        return
    invitation = _invitation(row)
    begun = msgspec.json.encode(protocol.Beginning(row.size, row.digest))
    there = _ask(invitation, protocol.BEGIN, begun, protocol.Progress)
    if not 0 <= there.offset <= row.size:
        raise named.unproved()
    pieces = _pieces(copy, there.offset)
    for number, (offset, piece) in enumerate(pieces, 1):
        there = _ask(invitation, protocol.ADD, piece, protocol.Progress, offset)
        if not _update(row, sent=offset + len(piece), trouble=""):
            return  # no further: the person has stopped it
        if number == STRETCH and there.offset < row.size:
            queue.enqueue(TASK, sending=row.pk)
            return
    named.arrived(row.disclosure or 0)
    with transaction.atomic():
        if _update(row, state=State.READING, sent=row.size, trouble=""):
            queue.enqueue_at(timezone.now() + SOON, TASK, sending=row.pk)


def _listen(row: Sending) -> None:
    """Hear what became of it there; asked again ever more seldom."""
    invitation = _invitation(row)
    there = _ask(invitation, protocol.TELL, b"", protocol.Progress)
    if there.state not in OVER:
        waited = timezone.now() - row.asked_at
        _update(row, trouble="" if there.state == "reading" else there.state[:20])
        pause = min(max(SOON, waited / 4), LATE)
        queue.enqueue_at(timezone.now() + pause, TASK, sending=row.pk)
        return
    if there.digest != row.digest or not invitation.proves(
        there.proof, protocol.TELL, there.state, there.digest
    ):
        raise named.unproved()
    with transaction.atomic():
        _update(row, state=State(there.state), trouble="", ended_at=timezone.now())
        copies.drop(row.subject, travels=True)


def _forget(row: Sending) -> None:
    copies.drop(row.subject, travels=True)
    if row.disclosure is not None and not row.size:  # known before the first byte goes
        named.nothing_left(row.disclosure)


def _update(row: Sending, **changes: object) -> bool:
    """Change the row; False if it is gone."""
    for name, value in changes.items():
        setattr(row, name, value)
    return bool(Sending.objects.filter(pk=row.pk).update(**changes))


def _invitation(row: Sending) -> Invitation:
    secret = base64.b64decode(cipher().decrypted(row.secret))
    return Invitation(row.host, row.invitation, secret)


def _ask(
    invitation: Invitation,
    act: str,
    body: bytes,
    answer: type[T],
    offset: int = 0,
    *,
    signed: bool = True,
) -> T:
    """One exchange with the other side. Raises named.Trouble."""
    said = named.ask(
        f"{invitation.address}{act}/",
        body,
        invitation.signature(act, body, offset) if signed else "",
        offset,
        settings.ENV.sending_authorities,
    )
    try:
        return msgspec.json.decode(said, type=answer)
    except UNREADABLE:
        raise named.unproved() from None


def _content(copy: Copy) -> Iterable[bytes]:
    """The copy's bytes, the same each time."""
    with duty("export"):
        return copies.content(copy)


def _digest(copy: Copy) -> str:
    digest = hashlib.sha256()
    for piece in _content(copy):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(copy: Copy, begin: int) -> Iterator[tuple[int, bytes]]:
    """The copy from a place on, in pieces of the length agreed, each with its place."""
    place, rest = 0, bytearray()
    for content in _content(copy):
        skipped = min(len(content), max(0, begin - place))
        place += skipped
        rest += content[skipped:]
        while len(rest) >= protocol.PIECE:
            yield place, bytes(rest[: protocol.PIECE])
            del rest[: protocol.PIECE]
            place += protocol.PIECE
    if rest:
        yield place, bytes(rest)
