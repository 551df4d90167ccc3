"""Handing over what waits: decided again, read, cut, sent, recorded.

What waits is taken many at a time: one transaction decides, reads and notes that it is tried, one
records what became of it. A worker may die at any moment. Before it sends, the rows say that it
tried; until they say that it was sent, the next worker sends again under the same keys, by which
the recipients know them.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from plainview.engine import Standing as Facts
from plainview.engine import UnknownPurpose
from plainview.platform import outbound
from plainview.platform.encryption import Unreadable, cipher
from plainview.platform.jobs import queue
from plainview.platform.outbound import Trouble
from plainview.privacy.consent import news
from plainview.privacy.disclosures import capping, connections, cutting, deciding, post, push
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.services import DELIVER
from plainview.privacy.disclosures.transports import TRANSPORTS, Parcel
from plainview.privacy.gate import purposes
from plainview.privacy.policies import in_force
from plainview.privacy.versions import fence

FORGET = "disclosures.forget"
KEPT_FOR = timedelta(days=14)
BOX = 5.0
"""Seconds after which what was claimed with others and not begun goes back to the queue."""
PATIENCE, REST = 1.0, 10
"""Whoever wastes that many seconds and then fails is left alone that many times as long."""
State = Disclosure.State


class NotDelivered(Exception):
    """It did not arrive this time. The text is a word of ours: no address, no answer of theirs."""


@dataclass(slots=True)
class Piece:
    """Disclosures that go in one piece, with what is sent, and what became of them."""

    rows: list[Disclosure]
    contents: list[Parcel | str]
    trouble: Trouble | None = None
    tried: bool = False
    sent: bool = False
    kept: bool = False

    @property
    def end(self) -> NotDelivered | queue.NotTried | None:
        """What the queue is told: None if there is nothing more to do."""
        if self.sent or (self.trouble is not None and self.trouble.lasting):
            return None
        return queue.NotTried() if self.trouble is None else NotDelivered(self.trouble.code)


def deliver(asked: Sequence[Mapping[str, int]]) -> list[NotDelivered | queue.NotTried | None]:
    """Hand over those disclosures that still wait; for each None, NotDelivered or NotTried."""
    keys = [each["disclosure"] for each in asked]
    waiting = Disclosure.objects.filter(pk__in=keys, state=State.QUEUED)
    rows = sorted(waiting, key=lambda row: keys.index(row.pk))
    pieces = [Piece([row], [content]) for row, content in _ready(rows)]
    _hand_over(pieces)
    ends = {piece.rows[0].pk: piece.end for piece in pieces}
    return [ends.get(key) for key in keys]


def deliver_batch(batch: int) -> None:
    """Hand over what still waits of a batch, in one piece where the recipient takes one.

    Raises NotDelivered, queue.NotTried.
    """
    rows = list(Disclosure.objects.filter(batch=batch, state=State.QUEUED).order_by("pk"))
    if ready := _ready(rows):
        kind = connections.kind_of(rows[0].recipient)
        if kind in TRANSPORTS and not TRANSPORTS[kind].at_once:
            pieces = [Piece([row], [content]) for row, content in ready]
        else:
            pieces = [Piece([row for row, _ in ready], [content for _, content in ready])]
        _hand_over(pieces)
        ends = [piece.end for piece in pieces if piece.end is not None]
        for end in sorted(ends, key=lambda each: isinstance(each, queue.NotTried)):
            raise end


def give_up(disclosure: int = 0, batch: int = 0) -> None:
    """After the last attempt it is a dead letter; whether it arrived, nobody knows."""
    waiting = Disclosure.objects.filter(state=State.QUEUED)
    notes = _Notes()
    for row in waiting.filter(pk=disclosure) if disclosure else waiting.filter(batch=batch):
        notes.failed(row, row.trouble or "unreachable")
    notes.write()


def forget(disclosure: int) -> None:
    """Drop the letter of a dead letter that nobody took up."""
    Disclosure.objects.filter(pk=disclosure, state=State.FAILED).update(sealed="")


class _Notes:
    """What is to be written about rows that wait; equal notes are one statement."""

    def __init__(self) -> None:
        self._alike: dict[tuple[tuple[str, object], ...], list[int]] = {}
        self._letters: list[int] = []

    def add(self, row: Disclosure, **changes: object) -> None:
        self._alike.setdefault(tuple(changes.items()), []).append(row.pk)

    def stopped(self, row: Disclosure, why: str) -> None:
        """Nothing leaves any more; what was tried before may have arrived, and stays recorded."""
        state = State.STOPPED if row.tried_at is None else State.FAILED
        self.add(row, state=state, trouble=why, sealed="")

    def failed(self, row: Disclosure, trouble: str) -> None:
        """A dead letter; what is sealed of it is kept a while."""
        self.add(row, state=State.FAILED, trouble=trouble)
        if row.sealed:
            self._letters.append(row.pk)

    def write(self) -> None:
        with transaction.atomic():
            for changes, keys in self._alike.items():
                waiting = Disclosure.objects.filter(pk__in=keys, state=State.QUEUED)
                waiting.update(**dict(changes))
            for key in self._letters:
                queue.enqueue_at(timezone.now() + KEPT_FOR, FORGET, disclosure=key)


def _ready(rows: Sequence[Disclosure]) -> list[tuple[Disclosure, Parcel | str]]:
    """What is to be sent: a parcel or a letter each; without what is not to be sent any more.

    Decided, read and noted as tried while the people's standings are held: whoever withdraws does
    so before, and nothing leaves, or after, and it is called back.
    """
    notes, found = _Notes(), []
    with transaction.atomic(), purposes.holding(fence.held()):
        facts = deciding.facts_of_each((row.subject for row in rows), held=True)
        rulings: dict[int, deciding.Ruling] = {}
        for row in rows:
            try:
                rulings[row.pk] = deciding.ruled(
                    facts[row.subject], row.subject, row.purpose, row.recipient
                )
            except (deciding.Denied, deciding.UnknownRecipient, UnknownPurpose):
                notes.stopped(row, "denied")
        data = _read([row for row in rows if row.pk in rulings and not row.sealed], rulings)
        now = timezone.now()
        for row in rows:
            if row.pk not in rulings:
                continue
            if until := capping.quiet_until(facts[row.subject], row.purpose, now):
                queue.enqueue_at(until, DELIVER, disclosure=row.pk)
                continue
            try:
                content = cipher().decrypted(row.sealed) if row.sealed else _parcel(row, data)
            except (cutting.TooMuch, Unreadable) as error:
                too_much = isinstance(error, cutting.TooMuch)
                notes.failed(row, "too-much" if too_much else "unreadable")
                continue
            if content is None:
                notes.stopped(row, "nothing")
                continue
            if isinstance(content, str) and _unwanted(content, facts[row.subject]):
                notes.stopped(row, "denied")
                continue
            kinds = row.categories if isinstance(content, str) else " ".join(sorted(content.data))
            notes.add(row, tried_at=now, categories=kinds)
            found.append((row, content))
        notes.write()
    return found


def _unwanted(letter: str, facts: Facts) -> bool:
    """Whether its reader refused what it is about after it was asked for (P5.1.2a)."""
    topic = post.topic_of(letter)
    return bool(topic) and news.says_no(facts, topic)


Cut = dict[tuple[str, str], dict[int, dict[str, cutting.Rows] | cutting.TooMuch]]


def _read(rows: Iterable[Disclosure], rulings: Mapping[int, deciding.Ruling]) -> Cut:
    """What goes out of each person, by recipient and purpose."""
    wanted: dict[tuple[str, str], dict[int, frozenset[str]]] = {}
    for row in rows:
        if row.subject is not None:
            withheld = rulings[row.pk].decision.withheld
            wanted.setdefault((row.recipient, row.purpose), {})[row.subject] = withheld
    return {pair: cutting.read_each(people, *pair) for pair, people in wanted.items()}


def _parcel(row: Disclosure, cut: Cut) -> Parcel | None:
    """Raises TooMuch. A letter that is there no more can't be written again."""
    if row.subject is None or connections.carries(row.recipient):
        return None
    data = cut[row.recipient, row.purpose][row.subject]
    if isinstance(data, cutting.TooMuch):
        raise data
    return Parcel(row.key, row.reference, row.purpose, data) if data else None


def _hand_over(pieces: Sequence[Piece]) -> None:
    """Send, over connections that stay open, and record what became of each."""
    end = time.monotonic() + BOX
    with outbound.keeping():
        for piece in pieces:
            if time.monotonic() > end:
                break
            _try(piece)
    notes = _Notes()
    now = timezone.now()
    for piece in pieces:
        for row in piece.rows:
            if piece.sent:
                state = State.KEPT if piece.kept else State.SENT
                notes.add(row, state=state, sent_at=now, sealed="", trouble="")
            elif piece.trouble is not None and piece.trouble.code == push.GONE:
                notes.add(row, state=State.STOPPED, trouble=push.GONE, sealed="")
            elif piece.trouble is not None and piece.trouble.lasting:
                notes.failed(row, piece.trouble.code)
            else:
                code = piece.trouble.code if piece.trouble else row.trouble
                tried = {} if piece.tried else {"tried_at": row.tried_at}
                notes.add(row, trouble=code, **tried)
    notes.write()


def _try(piece: Piece) -> None:
    recipient = piece.rows[0].recipient
    piece.trouble = resting.get(recipient)
    if piece.trouble is not None:
        return
    piece.tried, started = True, time.monotonic()
    try:
        piece.kept = _send(piece.rows, piece.contents)
        piece.sent = True
    except Trouble as trouble:
        piece.trouble = trouble
        resting.note(recipient, trouble, time.monotonic() - started)


class Resting:
    """Recipients that wasted our time: for a while nothing is tried with them, nor waited for."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, Trouble]] = {}

    def note(self, recipient: str, trouble: Trouble, seconds: float) -> None:
        """It failed after so many seconds."""
        if seconds > PATIENCE and not trouble.lasting:
            self._until[recipient] = time.monotonic() + REST * seconds, trouble

    def get(self, recipient: str) -> Trouble | None:
        """What went wrong with a recipient that is left alone now."""
        until, trouble = self._until.get(recipient, (0.0, None))
        if trouble is not None and time.monotonic() >= until:
            del self._until[recipient]
            return None
        return trouble


resting = Resting()


def _send(rows: Sequence[Disclosure], contents: Sequence[Parcel | str]) -> bool:
    """Send; whether it stayed on this machine. Raises Trouble."""
    first = rows[0]
    letters = [each for each in contents if isinstance(each, str)]
    if letters and connections.carries(first.recipient) == push.CARRIES:
        push.hand_over(letters[0], first.subject or 0, first.recipient, first.purpose)
        return False
    if letters:
        return post.hand_over(letters[0], first.key)
    try:
        connection = connections.to(first.recipient)
    except connections.NotConnected:
        raise Trouble("nothing says how it is reached", code="not-connected") from None
    transport = TRANSPORTS[connection.kind]
    alone = first.batch is None or not transport.at_once
    parcels = [each for each in contents if isinstance(each, Parcel)]
    transport.send(connection, first.key if alone else f"{first.batch:x}", parcels)
    return False


def waiting() -> int:
    """How many disclosures wait to be handed over."""
    return Disclosure.objects.filter(
        state=State.QUEUED, recipient__in=in_force().recipients
    ).count()
