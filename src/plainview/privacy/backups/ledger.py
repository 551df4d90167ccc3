"""The ledger of what must not come back: written outside the database, replayed after a restore.

One line of JSON an act, in a file that is only appended to and written through to the disk. A
person stands there under a keyed hash of their number, so that a line says something only to
whoever has both the key and a copy of the database in which the person still is. Lessons 4 and 6.
"""

from __future__ import annotations

import fcntl
import hashlib
import heapq
import hmac
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.conf import settings

from plainview.platform.decoding import UNREADABLE
from plainview.platform.storage.whole import put_whole, write_through
from plainview.privacy.log import sequencing

KEY_LENGTH = 32
_FILE, _KEY, _LOCK = "notes", "key", "lock"
What = Literal["erased", "narrowed", "removed", "ended", "held"]
"""What a line of the ledger can be about."""


class Note(msgspec.Struct, omit_defaults=True, frozen=True):
    """One act that a restored copy must not undo.

    `who` is a keyed hash of a person's number, `key` the first letters of the hash of that key,
    `at` seconds since 1970. "erased": they left, `report` is the key of their report and `day` the
    ISO date they left on. "narrowed": `facts` holds what they closed. "removed": they deleted rows
    (`rows`, keyed hashes of their keys) of `table`, or all of a `category`. "ended": what of their
    account must not come back, such as "password" or "role:editor", stands in `ended`; `rows` has
    the keyed hash of what is in its place. "held": a legal hold that began at the moment in `ended`
    stands as `facts` say, with the keyed hash of who answers for it in `rows`; without facts it is
    over.
    """

    what: What
    who: str
    key: str
    at: float
    report: str = ""
    day: str = ""
    facts: dict[str, Any] = {}
    table: str = ""
    rows: list[str] = []
    category: str = ""
    ended: str = ""


class Unreadable(Exception):
    """The ledger has lines under a key that is not here, or that are no lines of it."""


def place() -> Path:
    """Where the ledger lies."""
    return Path(settings.ENV.ledger_dir or settings.DATA / "ledger")


def folder() -> Path:
    """Where the ledger lies; made if it is missing, for its owner only."""
    found = place()
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def exists() -> bool:
    """Whether there is a ledger at all."""
    return (folder() / _FILE).exists()


def begin() -> None:
    """Make an empty ledger where there is none, so that its absence says something."""
    _key()
    with _held():
        if not exists():
            _write(b"")


def erased(subject: int, *, report: str, day: str) -> None:
    """Note, before it is said to be done, that somebody left. Raises OSError."""
    _append("erased", subject, report=report, day=day)


def narrowed(subject: int, facts: Mapping[str, Any]) -> None:
    """Note what somebody closed, before it is told to them. Raises OSError."""
    _append("narrowed", subject, facts=dict(facts))


def removed(subject: int, *, table: str = "", rows: Iterable[Any] = (), category: str = "") -> None:
    """Note what somebody deletes: rows of a table, or all of a category. Raises OSError."""
    key = _key()
    named = [_named(key, f"{table}:{row}") for row in rows]
    _append("removed", subject, table=table, rows=named, category=category)


def ended(subject: int, what: str, *, now: object = "") -> None:
    """Note what of an account ends, and what is in its place `now`. Raises OSError."""
    _append("ended", subject, ended=what, rows=[_named(_key(), f"{what}:{now}")] if now else [])


def held(
    subject: int, since: str, *, owner: int | None = None, facts: Mapping[str, str] | None = None
) -> None:
    """Note a legal hold by the ISO moment it began at: what it says, or that it is over (None).

    Raises OSError.
    """
    rows = [_named(_key(), f"{since}:{owner}")] if owner else []
    _append("held", subject, ended=since, rows=rows, facts=dict(facts or {}))


def notes() -> list[Note]:
    """Every line, the first first. Raises Unreadable for one that is none; the last may be torn."""
    path = folder() / _FILE
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Note))
        except UNREADABLE:
            if number < len(lines):
                raise Unreadable(f"line {number} of the ledger is no line of it") from None
    if unknown := {note.key for note in found} - set(_keys()):
        raise Unreadable(f"the ledger has lines under keys that are not here: {sorted(unknown)}")
    return found


class Finder:
    """Tells whose a note is among people, and which rows it means; each is hashed once a key."""

    def __init__(self, people: Iterable[int]) -> None:
        everybody = list(people)
        self._people = {
            (name, _named(word, str(one))): one
            for name, word in _keys().items()
            for one in everybody
        }

    def person(self, note: Note) -> int | None:
        """The person of a note; None if they are not among these people."""
        return self._people.get((note.key, note.who))

    def rows(self, note: Note, keys: Iterable[Any]) -> list[Any]:
        """Those of the keys of rows that a note means."""
        word, wanted = _keys()[note.key], set(note.rows)
        return [key for key in keys if _named(word, f"{note.table}:{key}") in wanted]

    def newer(self, note: Note, held: Iterable[object]) -> bool:
        """Whether nothing of what is held is what a note of an end has put in its place."""
        word = _keys()[note.key]
        return not any(_named(word, f"{note.ended}:{each}") in note.rows for each in held)


def bring(path: Path) -> int:
    """Take the lines of another copy of the ledger in, by when each was noted; return how many
    were new.

    What was done last about something decides, so a line stands before those that came after it.
    Raises Unreadable, and OSError.
    """
    own = folder() / _FILE
    with _held():
        here = _lines(own)
        known = set(here)
        new = [line for line in _lines(path, cut=False) if line not in known]
        merged = heapq.merge(_dated(own, here), _dated(path, new), key=itemgetter(0))
        put_whole(own, b"".join(line + b"\n" for _at, line in merged))
        write_through(own.parent)
    return len(new)


def forget(before: float) -> int:
    """Drop what was noted before a moment (seconds since 1970); return how many lines went."""
    with _held():
        path = folder() / _FILE
        lines = _lines(path)
        kept = [line for line in lines if msgspec.json.decode(line, type=Note).at >= before]
        if len(kept) < len(lines):
            put_whole(path, b"".join(line + b"\n" for line in kept))
    return len(lines) - len(kept)


def key_file() -> Path:
    """The file of the keys, which belongs into the archive of keys."""
    _key()
    return folder() / _KEY


def _append(what: What, subject: int, **more: Any) -> None:
    word = _key()
    at = max(round(time.time(), 3), sequencing.kept_until())  # a copy is as old as its last head
    note = Note(what, _named(word, str(subject)), _name(word), at, **more)
    with _held():
        _write(msgspec.json.encode(note) + b"\n")


def _write(text: bytes) -> None:
    """Append and write through; a line that was torn is ended first. Needs the lock."""
    path = folder() / _FILE
    fresh = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
            whole = os.pread(file.fileno(), size, 0).rpartition(b"\n")
            os.ftruncate(file.fileno(), len(whole[0]) + len(whole[1]))
        while text:  # on a disk that fills up the first part is taken, and no error said
            text = text[os.write(file.fileno(), text) :]
        os.fsync(file.fileno())
    if fresh:
        write_through(path.parent)


def _lines(path: Path, *, cut: bool = True) -> list[bytes]:
    """The whole lines of a ledger; `cut` says that a last one without its end was torn.

    An editor may have taken the end of one that is whole.
    """
    *whole, last = path.read_bytes().split(b"\n") if path.exists() else [b""]
    if not cut:
        with suppress(*UNREADABLE):
            msgspec.json.decode(last, type=Note)
            whole.append(last)
    return [line for line in whole if line.strip()]


def _dated(path: Path, lines: list[bytes]) -> list[tuple[float, bytes]]:
    """Lines of a file with when each was noted. Raises Unreadable."""
    try:
        return [(msgspec.json.decode(line, type=Note).at, line) for line in lines]
    except UNREADABLE:
        raise Unreadable(f"{path} is no ledger") from None


@contextmanager
def _held() -> Iterator[None]:
    with (folder() / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _key() -> str:
    """The key of now, made once."""
    path = folder() / _KEY
    if not path.exists():
        with _held():
            if not path.exists():
                put_whole(path, f"{secrets.token_urlsafe(KEY_LENGTH)}\n".encode())
    return path.read_text().split()[0]


def _keys() -> dict[str, str]:
    """Every key in the file by its name, the one of now first."""
    _key()
    return {_name(word): word for word in (folder() / _KEY).read_text().split()}


def _name(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:8]


def _named(word: str, plain: str) -> str:
    return hmac.new(word.encode(), plain.encode(), hashlib.sha256).hexdigest()
