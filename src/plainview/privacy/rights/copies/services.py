"""Asking for a copy, and fetching it: one for each person, for as long as the policy says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from plainview.platform import languages
from plainview.platform.encryption import cipher
from plainview.platform.jobs import queue
from plainview.platform.overtaking import looks_again
from plainview.privacy.gate.duties import duty
from plainview.privacy.rights.copies import making, telling, zips
from plainview.privacy.rights.copies.models import FOLDER, Copy, new_copy_key
from plainview.privacy.rights.copies.sealed import new_key
from plainview.privacy.staying import stays

TASK = "copy"


class NothingThere(Exception):
    """There is no copy of that key for this person, or its time is over."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A finished copy: its bytes, a piece at a time, and how many there are."""

    content: Iterator[bytes]
    size: int


@looks_again
def ask(subject: int, language: str = "", *, travels: bool = False) -> Copy:
    """Ask for a copy in a language (the spoken one); one that is being made goes on.

    A finished or failed one gives way to the new. In the caller's transaction. One that `travels`
    has only what other services take. Raises staying.Left.
    """
    stays(subject)
    with duty("export"):
        mine = Copy.objects.select_for_update().filter(subject=subject, travels=travels)
        found = mine.first()
        if found is not None and found.state == Copy.State.ASKED:
            return found
        if found is not None:
            _drop(found)
        key = new_copy_key()
        row = Copy.objects.create(
            subject=subject,
            travels=travels,
            key=key,
            language=language or languages.current(),
            seal=cipher().encrypted(new_key().hex()),
            file=f"{FOLDER}/{key}",
        )
        queue.enqueue(TASK, copy=row.pk)
    return row


def drop(subject: int, *, travels: bool = False) -> None:
    """Delete a person's copy before its time, if there is one."""
    with duty("export"), transaction.atomic():
        found = Copy.objects.filter(subject=subject, travels=travels).first()
        if found is not None:
            _drop(found)


def _drop(row: Copy) -> None:
    path = row.file.path
    row.delete()
    transaction.on_commit(lambda: Path(path).unlink(missing_ok=True))


def of(subject: int) -> Copy | None:
    """The copy of a person, unless its time is over."""
    with duty("export"):
        row = Copy.objects.filter(subject=subject, travels=False).first()
    return row if row is not None and timezone.now() < telling.ends_at(row) else None


def fetch(subject: int, key: str) -> Fetched:
    """A finished copy of a person's. Raises NothingThere, and sealed.Broken as it is read."""
    row = of(subject)
    if row is None or row.key != key or row.state != Copy.State.READY:
        raise NothingThere
    return Fetched(content(row), row.size)


def content(row: Copy) -> Iterator[bytes]:
    """The bytes of a finished copy, the same each time. Raises NothingThere, and as `fetch`."""
    try:
        file = Path(row.file.path).open("rb")  # noqa: SIM115 - closed when the last byte has gone
    except FileNotFoundError:
        raise NothingThere from None
    return _pieces(row, file)


def _pieces(row: Copy, file: BinaryIO) -> Iterator[bytes]:
    with file:
        store = making.sealed(row, file)
        made = timezone.localtime(row.ready_at or row.asked_at)
        yield from zips.stream(making.account(row, store)[0].entries, made, store.read)


def give_up(copy: int) -> None:
    """After the last attempt: say so, and keep nothing of what was made."""
    with duty("export"):
        row = Copy.objects.filter(pk=copy, state=Copy.State.ASKED).first()
        if row is not None:
            Copy.objects.filter(pk=copy).update(state=Copy.State.FAILED)
            Path(row.file.path).unlink(missing_ok=True)
