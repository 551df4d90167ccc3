"""What becomes of a copy that somebody brings: kept sealed, looked through, written, forgotten.

Nothing is written before all of it was looked through. Then each batch is written together with the
place after which the work goes on, so that whatever it dies at, each row is there once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
from django.db import transaction
from django.utils import timezone

from plainview.engine import permits
from plainview.platform.encryption import cipher
from plainview.platform.jobs import queue
from plainview.platform.overtaking import looks_again
from plainview.privacy import permissions
from plainview.privacy.disclosures import deciding
from plainview.privacy.gate.doors import runs
from plainview.privacy.policies import in_force
from plainview.privacy.rights import planning
from plainview.privacy.rights.bringing import reading, writing
from plainview.privacy.rights.bringing.models import Bringing
from plainview.privacy.rights.bringing.reading import NotACopy, TooMuch
from plainview.privacy.rights.bringing.writing import PURPOSES, Outcome
from plainview.privacy.rights.copies.models import FOLDER, KIND, new_copy_key
from plainview.privacy.rights.copies.sealed import FRAME, Broken, Opened, Sealed, new_key, place_of
from plainview.privacy.staying import stays

State = Bringing.State
TASK = "bring"
STRETCH = 100
"""So many batches are done by one job; the next is asked for with the last of them."""
ENDED = (State.DONE, State.REFUSED)
NOT_A_COPY, TOO_MUCH = "not-a-copy", "too-much"


class Moved(Exception):
    """Somebody else has gone on with it, or it was taken back: whoever is late stops."""


def of(subject: int) -> Bringing | None:
    """What a person brings or brought, unless its time is over."""
    row = Bringing.objects.filter(subject=subject).first()
    return row if row is not None and timezone.now() < ends_at(row) else None


def ends_at(row: Bringing) -> dt.datetime:
    """When nothing is known any more of what was brought; an invitation ends sooner."""
    end = planning.ends_at(row.came_at, KIND)
    return min(end, row.until) if row.state == State.INVITED and row.until else end


def outcomes(row: Bringing) -> list[Outcome]:
    """What became of each table so far."""
    return msgspec.json.decode(row.found, type=list[Outcome])


@looks_again
def begin(subject: int, state: State, **values: object) -> Bringing:
    """A new row in the place of an earlier one. Raises staying.Left."""
    stays(subject)
    key = new_copy_key()
    drop(subject)
    return Bringing.objects.create(
        subject=subject,
        state=state,
        key=key,
        seal=cipher().encrypted(new_key().hex()),
        file=f"{FOLDER}/{key}",
        **values,
    )


def drop(subject: int) -> None:
    """Forget what a person brings: what is written stays, the file goes."""
    with transaction.atomic():
        for row in Bringing.objects.select_for_update().filter(subject=subject):
            row.delete()
            _remove(row.file.path)


def _remove(path: str) -> None:
    transaction.on_commit(lambda: Path(path).unlink(missing_ok=True))


def take(file: IO[bytes], size: int, subject: int) -> Bringing:
    """Keep a file that was sent and have it read. Raises TooMuch."""
    if size > reading.LONGEST_FILE:
        raise TooMuch
    row = begin(subject, State.ARRIVING, size=size)
    with sealed(row) as store:
        while piece := file.read(FRAME):
            store.append(piece)
        store.settle()
    with transaction.atomic():
        row.state, row.came = State.READING, size
        if Bringing.objects.filter(pk=row.pk).update(state=row.state, came=size):
            queue.enqueue(TASK, bringing=row.pk)
        else:  # it was taken back, or its person has left, while it was kept
            _remove(row.file.path)
    return row


def add(row: Bringing, piece: bytes) -> None:
    """Keep the next piece: FRAME bytes, or the rest; with the last one it is read. Raises Moved.

    Behind `came` stands nothing that counts; a piece that was written and not counted goes.
    """
    came = row.came + len(piece)
    with transaction.atomic():
        held = Bringing.objects.select_for_update().filter(pk=row.pk, state=State.ARRIVING)
        if not held.filter(came=row.came).update(came=came):
            raise Moved
        with sealed(row) as store:
            store.cut(place_of(row.came))
            store.append(piece)
            store.settle()
        if came == row.size:
            held.update(state=State.READING)
            queue.enqueue(TASK, bringing=row.pk)
    row.came = came


@contextmanager
def sealed(row: Bringing) -> Iterator[Sealed]:
    """The sealed file of what is brought."""
    path = Path(row.file.path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        yield Sealed(file, bytes.fromhex(cipher().decrypted(row.seal)), row.key)


def go_on(subject: int) -> bool:
    """Take up what failed, from where it was; False if there is nothing of that kind."""
    with transaction.atomic():
        row = Bringing.objects.select_for_update().filter(subject=subject).first()
        if row is None or row.state != State.FAILED:
            return False
        Bringing.objects.filter(pk=row.pk).update(state=State.READING, ended_at=None)
        queue.enqueue(TASK, bringing=row.pk)
    return True


def give_up(bringing: int) -> None:
    """After the last attempt: say so. The file stays, so that the person can have it go on."""
    Bringing.objects.filter(pk=bringing, state=State.READING).update(
        state=State.FAILED, ended_at=timezone.now()
    )


def carry_on(bringing: int) -> None:
    """Go on with what is brought, a stretch further; the rest is asked for with it."""
    row = Bringing.objects.filter(pk=bringing).first()
    if row is None:
        return
    if row.state == State.READING:
        _carry(subject=row.subject, bringing=row)
    elif row.state in ENDED:  # killed between the end and this
        _remove(row.file.path)


@runs("rights", may=PURPOSES, source="import", about="subject")
def _carry(*, subject: int, bringing: Bringing) -> None:
    row, left = bringing, STRETCH
    try:
        with sealed(row) as store:
            content = io.BufferedReader(Opened(store, row.size), 1 << 16)
            new = not (row.checked or row.table or row.line)
            if new:
                _same(row, content)
            with reading.opened(content) as brought:
                if new:
                    row.signed = brought.unaltered(writing.taken(brought))
                rows = sum(each.rows for each in brought.about.tables.values())
                if rows > reading.MOST_ROWS:
                    raise TooMuch
                for step in writing.steps(row, brought, _permits(subject)):
                    _settle(row, step, last=left == 1)
                    left -= 1
                    if not left:
                        return
    except Moved:
        return
    except (NotACopy, Broken):
        if row.checked:  # it was found good before: what has changed since is ours
            raise
        _refuse(row, NOT_A_COPY)
    except TooMuch:
        _refuse(row, TOO_MUCH)
    else:
        _end(row, State.DONE)


def _settle(row: Bringing, step: writing.Step, *, last: bool) -> None:
    """Write a batch and the place behind it in one transaction. Raises Moved, NotACopy."""
    if not row.checked:
        step.try_out()
    with transaction.atomic():
        if row.checked:
            step.write()
        here = Bringing.objects.filter(
            pk=row.pk, state=State.READING, checked=row.checked, table=row.table, line=row.line
        )
        found = msgspec.json.encode(step.outcomes).decode()
        row.rows_done += len(step.lines)
        row.checked, row.table, row.line = step.checked, step.table, step.line
        row.service, row.rows = step.service, step.rows
        if not here.update(
            checked=row.checked, table=row.table, line=row.line, found=found,
            rows_done=row.rows_done, service=row.service, rows=row.rows, signed=row.signed,
        ):  # fmt: skip
            raise Moved
        if last:
            queue.enqueue(TASK, bringing=row.pk)


def _same(row: Bringing, content: io.BufferedReader[Opened]) -> None:
    """Hold the file against the digest that was announced. Raises NotACopy."""
    if row.digest and hashlib.file_digest(content, "sha256").hexdigest() != row.digest:
        raise NotACopy


def _refuse(row: Bringing, problem: str) -> None:
    _end(row, State.REFUSED, problem=problem, found="[]")


def _end(row: Bringing, state: State, **values: object) -> None:
    with transaction.atomic():
        open_ = Bringing.objects.filter(pk=row.pk, state=State.READING)
        open_.update(state=state, ended_at=timezone.now(), **values)
        _remove(row.file.path)


def _permits(subject: int) -> Callable[[str], bool]:
    """Whether a purpose is open for a person by what is known of them now."""
    policy = in_force()
    open_ = permissions.integer(deciding.facts_of(subject), device=False)
    return lambda purpose: permits(open_, policy.bit(purpose))
