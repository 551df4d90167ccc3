"""Giving entries their place in the tree, and signing what stands there: one batch after another.

A leaf is written in the transaction of what it commits to and has no place yet. A batch takes every
leaf that is committed and has none, in the order in which they came, under a lock that only batches
want: it can lose none, since a leaf waits until it has a place, and move none, since the database
lets a place be given once. Choices never wait for a batch, nor for each other.

Where the log cannot go on from its last head, an epoch ends and the next begins; its heads say so.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from plainview.platform.storage.whole import put_whole
from plainview.privacy.log import keys, notes
from plainview.privacy.log.merkle import WIDTH, Tree
from plainview.privacy.log.models import Epoch, Head, Key, Leaf, Node
from plainview.privacy.log.notes import NotANote, Signer, TreeHead

BATCH = 2000
PULSE = dt.timedelta(hours=1)
"""So often a head is signed though nothing came: what is logged later can't be dated before it."""
KEPT = "log-head"
_LEVELS = 48
log = logging.getLogger("plainview.privacy.log")
Hearer = Callable[[dt.datetime | None], None]
_hearers: list[Hearer] = []


def hears(hearer: Hearer) -> None:
    """Let `hearer(at)` be called when the database was put back; `at` is of its last head."""
    if hearer not in _hearers:
        _hearers.append(hearer)


def sequence() -> Head:
    """Give a place to every entry that waits for one; return the head over all of them.

    Not inside a transaction: what is signed must be there to stay.
    """
    while True:
        head, more = _batch()
        if not more:
            return head


def rotate() -> Head:
    """Sign with a new key of the data folder from now on; the head that it signs first.

    One at a time: of two that are made at once, one would be lost, and an epoch with it.
    """
    with transaction.atomic(durable=True):
        _held_epoch()
        keys.make()
    return sequence()


def declare_restored() -> Epoch:
    """Begin an epoch because somebody says that the database was put back, and sign its head."""
    with transaction.atomic(durable=True):
        epoch, last = _held_epoch(), latest()
        size = last.size if last is not None else 0
        begun = _begin(epoch.pk + 1, Epoch.Because.RESTORED, size, "")
    sequence()
    return begun


def tree(size: int) -> Tree:
    """The tree of the first `size` leaves, read from the database as it is needed."""
    return Tree(size, _block)


def latest() -> Head | None:
    """The last head that was signed."""
    return Head.objects.select_related("epoch").first()


def kept_note() -> str:
    """The last head as it is kept outside the database; empty if none is."""
    path = Path(settings.DATA) / KEPT
    return path.read_text() if path.exists() else ""


def kept_until() -> float:
    """The end of the second of the last head kept outside, in seconds since 1970; 0 without one."""
    with suppress(NotANote):
        return notes.read(kept_note()).at.timestamp() + 1
    return 0.0


def _block(level: int, number: int) -> list[bytes]:
    """What is stored of a block (`merkle`): leaves, or nodes of a level that is kept."""
    first, last = number << WIDTH, (number + 1) << WIDTH
    if level == 0:
        leaves = Leaf.objects.filter(index__gte=first, index__lt=last).order_by("index")
        return [bytes(each) for each in leaves.values_list("hash", flat=True)]
    base = node_key(level, 0)
    nodes = Node.objects.filter(key__gte=base + first, key__lt=base + last).order_by("key")
    return [bytes(each) for each in nodes.values_list("hash", flat=True)]


def node_key(level: int, number: int) -> int:
    """Under which a stored node stands."""
    return (level // WIDTH) << _LEVELS | number


def _batch() -> tuple[Head, bool]:
    """One batch in a transaction of its own; its head, and whether entries still wait."""
    with transaction.atomic(durable=True):
        epoch, head = _held_epoch(), latest()
        size = head.size if head is not None else 0
        epoch = _goes_on(epoch, head, size)
        epoch, signer = _signing(epoch, size)
        waiting = list(Leaf.objects.filter(index=None).order_by("id")[: BATCH + 1])
        leaves, more = waiting[:BATCH], len(waiting) > BATCH
        now = timezone.now()
        fresh = head is not None and now - head.at < PULSE
        if head is not None and fresh and not leaves and _speaks_for(head, epoch, signer):
            return head, False
        _place(leaves, size)
        made = _signed(epoch, tree(size + len(leaves)), _time(now, head), signer)
        transaction.on_commit(lambda: _keep(made.note))
        return made, more


def _held_epoch() -> Epoch:
    """The epoch of now, held until the transaction ends: one batch at a time."""
    epoch = Epoch.objects.select_for_update().order_by("-number").first()
    if epoch is not None:  # whoever held it may have begun another, which is seen from here on
        newer = Epoch.objects.filter(number__gt=epoch.number).exists()
        return _held_epoch() if newer else epoch
    try:
        with transaction.atomic():
            _begin(1, Epoch.Because.FIRST, 0)
    except IntegrityError:
        pass  # another process began it
    return Epoch.objects.select_for_update().get(number=1)


def _begin(number: int, because: Epoch.Because, size: int, lost: str = "") -> Epoch:
    if because == Epoch.Because.RESTORED:
        last = latest()
        for hearer in _hearers:
            hearer(last.at if last is not None else None)
    if number > 1:
        log.error("the log begins epoch %s with %s entries: %s", number, size, because.label)
    return Epoch.objects.create(
        number=number,
        origin=f"{settings.PUBLIC.netloc}/legal/log/{number}",
        began_at=timezone.now(),
        because=because,
        size=size,
        lost=lost,
    )


def _goes_on(epoch: Epoch, head: Head | None, size: int) -> Epoch:
    """`epoch`, or the next one if the head kept outside is none of this database's.

    Then the database was put back to an earlier state, and what was signed since is lost.
    """
    note = kept_note()
    if not note or (head is not None and head.note == note):
        return epoch
    try:
        kept = notes.read(note)
    except NotANote:
        return epoch  # cut short while it was written; this batch writes it anew
    known = Head.objects.filter(size=kept.size, note=note).exists()
    if known or Epoch.objects.filter(lost=note).exists():
        return epoch  # the process ended after the transaction, before the head was kept
    return _begin(epoch.pk + 1, Epoch.Because.RESTORED, size, note)


def _signing(epoch: Epoch, size: int) -> tuple[Epoch, Signer]:
    """Who signs now; a key that changed is endorsed by the one before, or an epoch begins.

    A process that was not yet given the newest key signs with the one that it has.
    """
    ours = keys.signers(epoch.origin)
    last = Key.objects.filter(epoch=epoch).order_by("-id").first()
    if last is not None and last.public == str(ours[0].public):
        return epoch, ours[0]
    if Key.objects.filter(epoch=epoch, public=str(ours[0].public)).exists():
        log.warning("another process signs the log with a newer key: give this one its keys too")
        return epoch, ours[0]
    if last is None:
        before = Key.objects.exclude(epoch=epoch).select_related("epoch").order_by("-id").first()
    else:
        before = last
    old = None
    if before is not None:
        known = {str(each.public): each for each in keys.signers(before.epoch.origin)}
        old = known.get(before.public)
    if last is not None and old is None:
        return _signing(_begin(epoch.pk + 1, Epoch.Because.KEY_LOST, size), size)
    now = timezone.now()
    endorsed = ""
    if old is not None:
        endorsed = notes.endorsement(ours[0].public, size, now, old)
    Key.objects.create(
        public=str(ours[0].public), epoch=epoch, size=size, began_at=now, endorsed=endorsed
    )
    return epoch, ours[0]


def _speaks_for(head: Head, epoch: Epoch, signer: Signer) -> bool:
    """Whether a head is of this epoch and signed by the key of now, or by a newer one."""
    newest = Key.objects.filter(epoch=epoch).order_by("-id").values_list("public", flat=True)[0]
    known = (signer.public, notes.read_key(newest))
    return head.epoch_id == epoch.pk and any(notes.signed_by(head.note, key) for key in known)


def _place(leaves: list[Leaf], size: int) -> None:
    for index, leaf in enumerate(leaves, size):
        leaf.index = index
    Leaf.objects.bulk_update(leaves, ["index"], batch_size=500)
    grown = tree(size + len(leaves)).grown(size)
    for level, number, made in grown:  # each level is read from the one below
        Node.objects.create(key=node_key(level, number), hash=made)


def _time(now: dt.datetime, head: Head | None) -> dt.datetime:
    """The time of a head: the clock's, but never before the head before."""
    if head is None or now >= head.at:
        return now
    log.error("the clock went back %s; heads keep the time of the last one", head.at - now)
    return head.at


def _signed(epoch: Epoch, grown: Tree, at: dt.datetime, signer: Signer) -> Head:
    head = Head(epoch=epoch, size=grown.size, root=grown.root(), at=at)
    head.note = said(head).signed([signer])
    head.save(force_insert=True)
    return head


def said(head: Head) -> TreeHead:
    """What the row of a head says, as its note does."""
    at, epoch = head.at.replace(microsecond=0), head.epoch
    return TreeHead(epoch.origin, head.size, bytes(head.root), at, _how_it_began(epoch))


def _how_it_began(epoch: Epoch) -> tuple[str, ...]:
    """What every head says of an epoch that is not the first: why, and what it goes on from."""
    if epoch.because == Epoch.Because.FIRST:
        return ()
    began = f"{epoch.began_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    lines = [f"epoch {epoch.pk} began {began} with {epoch.size} entries: {epoch.because}"]
    if epoch.lost:
        lost = notes.read(epoch.lost)
        lines.append(f"lost {lost.size} {notes.base64_of(lost.root)} of {lost.origin}")
    return tuple(lines)


def _keep(note: str) -> None:
    """Keep a head outside the database, so that a database put back is noticed."""
    put_whole(Path(settings.DATA) / KEPT, note.encode(), mode=0o666)
