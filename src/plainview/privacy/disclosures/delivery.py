"""Handing over what waits: decided again, read, cut, sent, recorded.

What waits is taken many at a time: one transaction decides, reads and notes that it is tried, one
records what became of it. A worker may die at any moment. Before it sends, the rows say that it
tried; until they say that it was sent, the next worker sends again under the same keys, by which
the recipients know them.

A letter that goes once at most (`post.About`) is written down as being sent, alone, before it is
handed over: with the same transaction that records what became of the one before. Whoever finds it
so later knows that nobody knows, and does not send it again; telling it otherwise is up to
whoever's letter it was (`changes.telling`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from plainview.privacy.changes import telling
from plainview.privacy.consent import news
from plainview.privacy.disclosures import capping, connections, cutting, deciding, post, push
from plainview.privacy.disclosures.models import Disclosure
from plainview.privacy.disclosures.services import task_of
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
CARRIER_REST = 60.0
"""Seconds that who carries letters or messages is left alone at most. Everybody's letters go by one
server, and somebody waits for theirs to sign in; one that it chokes on says nothing of others."""
State = Disclosure.State
OPEN = (State.QUEUED, State.SENDING)
UNSURE = "unsure"


class NotDelivered(Exception):
    """It did not arrive this time. The text is a word of ours: no address, no answer of theirs."""


@dataclass(slots=True)
class Piece:
    """Disclosures that go in one piece, with what is sent, and what became of them."""

    rows: list[Disclosure]
    contents: list[Parcel | str]
    once: bool = False
    trouble: Trouble | None = None
    tried: bool = False
    sent: bool = False
    kept: bool = False

    @property
    def end(self) -> NotDelivered | queue.NotTried | None:
        """What the queue is told: None if there is nothing more to do."""
        if self.sent or self.unsure or (self.trouble is not None and self.trouble.lasting):
            return None
        return queue.NotTried() if self.trouble is None else NotDelivered(self.trouble.code)

    @property
    def unsure(self) -> bool:
        """Whether it may have arrived, and must not twice."""
        return self.once and self.trouble is not None and self.trouble.unsure


def deliver(asked: Sequence[Mapping[str, int]]) -> list[NotDelivered | queue.NotTried | None]:
    """Hand over those disclosures that still wait; for each None, NotDelivered or NotTried."""
    keys = [each["disclosure"] for each in asked]
    waiting = Disclosure.objects.filter(pk__in=keys, state__in=OPEN)
    rows = sorted(waiting, key=lambda row: keys.index(row.pk))
    _left([row for row in rows if row.state == State.SENDING])
    ready = _ready([row for row in rows if row.state == State.QUEUED])
    pieces = [Piece([row], [content], _goes_once(content)) for row, content in ready]
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
    waiting = Disclosure.objects.filter(state__in=OPEN)
    notes = _Notes()
    for row in waiting.filter(pk=disclosure) if disclosure else waiting.filter(batch=batch):
        if row.state == State.SENDING:
            notes.unsure(row)
        else:
            notes.failed(row, row.trouble or "unreachable")
    notes.write()


def _left(rows: Sequence[Disclosure]) -> None:
    """A worker died with these in hand: whether they arrived, nobody knows."""
    notes = _Notes()
    for row in rows:
        notes.unsure(row)
    notes.write()


def forget(disclosure: int) -> None:
    """Drop the letter of a dead letter that nobody took up."""
    Disclosure.objects.filter(pk=disclosure, state=State.FAILED).update(sealed="")


class _Notes:
    """What is to be written about rows that wait; equal notes are one statement."""

    def __init__(self) -> None:
        self._alike: dict[tuple[tuple[str, object], ...], list[int]] = {}
        self._letters: list[int] = []
        self._missed: list[Disclosure] = []

    def add(self, row: Disclosure, **changes: object) -> None:
        self._alike.setdefault(tuple(changes.items()), []).append(row.pk)

    def stopped(self, row: Disclosure, why: str) -> None:
        """Nothing leaves any more; what was tried before may have arrived, and stays recorded."""
        state = State.STOPPED if row.tried_at is None else State.FAILED
        self.add(row, state=state, trouble=why, sealed="")
        self._missed.append(row)

    def unsure(self, row: Disclosure) -> None:
        """It may have arrived and is not handed over again, by nobody."""
        self.add(row, state=State.FAILED, trouble=UNSURE, sealed="")
        self._missed.append(row)

    def gone(self, row: Disclosure) -> None:
        """The browser that it was for takes nothing any more."""
        self.add(row, state=State.STOPPED, trouble=push.GONE, sealed="")
        self._missed.append(row)

    def failed(self, row: Disclosure, trouble: str) -> None:
        """A dead letter; what is sealed of it is kept a while."""
        self.add(row, state=State.FAILED, trouble=trouble)
        self._missed.append(row)
        if row.sealed:
            self._letters.append(row.pk)

    def begin(self, row: Disclosure) -> bool:
        """Write down that `row` is handed over now, and all before it; False if another has it."""
        with transaction.atomic():
            self.write()
            mine = Disclosure.objects.filter(pk=row.pk, state=State.QUEUED)
            return bool(mine.update(state=State.SENDING))

    def write(self) -> None:
        """Write what was noted since the last time."""
        with transaction.atomic():
            for changes, keys in self._alike.items():
                waiting = Disclosure.objects.filter(pk__in=keys, state__in=OPEN)
                waiting.update(**dict(changes))
            for key in self._letters:
                queue.enqueue_at(timezone.now() + KEPT_FOR, FORGET, disclosure=key)
            self._tell_otherwise()
        self._alike, self._letters, self._missed = {}, [], []

    def _tell_otherwise(self) -> None:
        """What tells of a change and did not go, or nobody knows, is told at the next visit."""
        for row in self._missed:
            if row.purpose != post.SERVICE or row.subject is None:
                continue
            over = Disclosure.objects.filter(pk=row.pk, state__in=(State.FAILED, State.STOPPED))
            alike = Disclosure.objects.filter(
                subject=row.subject, key__startswith=row.key[: telling.STEM]
            )
            others = alike.filter(state__in=(*OPEN, State.SENT)).exists()
            if over.exists() and telling.unsure(row.subject, row.key, others=others):
                over.update(sealed="")


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
                queue.enqueue_at(until, task_of(row), disclosure=row.pk)
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
    topic = post.about(letter).topic
    return bool(topic) and news.says_no(facts, topic)


def _goes_once(content: Parcel | str) -> bool:
    return isinstance(content, str) and post.about(content).once


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
    end, notes = time.monotonic() + BOX, _Notes()
    with outbound.keeping():
        for piece in pieces:
            if time.monotonic() > end or _try(piece, notes):
                _note(piece, notes)
    notes.write()


def _note(piece: Piece, notes: _Notes) -> None:
    """What became of it."""
    trouble, now = piece.trouble, timezone.now()
    for row in piece.rows:
        if piece.sent:
            state = State.KEPT if piece.kept else State.SENT
            notes.add(row, state=state, sent_at=now, sealed="", trouble="")
        elif piece.unsure:
            notes.unsure(row)
        elif trouble is not None and trouble.code == push.GONE:
            notes.gone(row)
        elif trouble is not None and trouble.lasting:
            notes.failed(row, trouble.code)
        else:
            code = trouble.code if trouble else row.trouble
            tried = {} if piece.tried else {"tried_at": row.tried_at}
            back = {"state": State.QUEUED} if piece.once and piece.tried else {}
            notes.add(row, trouble=code, **tried, **back)


def _try(piece: Piece, notes: _Notes) -> bool:
    """Send it, unless its recipient is left alone now; False if another worker has it."""
    recipient = piece.rows[0].recipient
    piece.trouble = resting.get(recipient)
    if piece.trouble is not None:
        return True
    if piece.once and not notes.begin(piece.rows[0]):
        return False
    piece.tried, started = True, time.monotonic()
    try:
        piece.kept = _send(piece.rows, piece.contents)
        piece.sent = True
    except Trouble as trouble:
        piece.trouble = trouble
        resting.note(recipient, trouble, time.monotonic() - started)
    return True


class Resting:
    """Recipients that wasted our time: for a while nothing is tried with them, nor waited for."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, Trouble]] = {}

    def note(self, recipient: str, trouble: Trouble, seconds: float) -> None:
        """It failed after so many seconds."""
        if seconds > PATIENCE and not trouble.lasting:
            rest = REST * seconds
            if connections.carries(recipient):
                rest = min(rest, CARRIER_REST)
            self._until[recipient] = time.monotonic() + rest, trouble

    def get(self, recipient: str) -> Trouble | None:
        """What went wrong with a recipient that is left alone now."""
        until, trouble = self._until.get(recipient, (0.0, None))
        if trouble is not None and time.monotonic() >= until:
            del self._until[recipient]
            return None
        return trouble

    @contextmanager
    def meeting(self, recipient: str) -> Iterator[None]:
        """Something is tried with a recipient in this block. Raises Trouble if it is left alone."""
        if (known := self.get(recipient)) is not None:
            raise Trouble(str(known), code=known.code)
        started = time.monotonic()
        try:
            yield
        except Trouble as trouble:
            self.note(recipient, trouble, time.monotonic() - started)
            raise


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
