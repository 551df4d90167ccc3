"""Making a copy, a stretch at a time: what is done stands in its file with an account of it.

Rows go through in the order of their keys and none is kept in memory longer than a stretch. Killed
at any moment, the next attempt cuts off what no account covers and goes on after the last row.
Secrets are named and left out (P1.1.1c).
"""

from __future__ import annotations

import csv
import fcntl
import io
import itertools
from collections.abc import Generator, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from plainview.platform import languages
from plainview.platform.encryption import cipher
from plainview.privacy.gate.duties import duty
from plainview.privacy.policies import in_force
from plainview.privacy.rights import holdings, person, tables
from plainview.privacy.rights.copies import facts, form, page, references, signing, telling, zips
from plainview.privacy.rights.copies.models import Copy
from plainview.privacy.rights.copies.sealed import FRAME, Sealed
from plainview.privacy.rights.copies.zips import Entry, Packer
from plainview.privacy.rights.tables import Part
from plainview.privacy.versions import queries as versions

CHUNK = 2000
STRETCH = 5
"""So many chunks are done between two accounts."""
FILES = 16
"""So many small originals too."""


class Busy(Exception):
    """Another process makes this copy; whoever is late tries again."""


class Gone(Exception):
    """Nobody wants the copy any more."""


class Account(msgspec.Struct):
    """How far a copy is: the entries done, the parts done with their rows, and what is open.

    `after` is the key of the last row of the part that is open, as text; `opened` its JSON and CSV.
    `files` has the entry of each original that was done, by where that is from.
    """

    entries: list[Entry] = []
    files: dict[str, str] = {}
    rows: dict[str, int] = {}
    opened: list[Entry] = []
    after: str = ""


class Making:
    """A copy under the hands of one process."""

    def __init__(self, row: Copy, file: BinaryIO) -> None:
        self.row, self.file = row, file
        self.sealed = sealed(row, file)
        self.account = Account()
        if row.at:
            self.account, end = account(row, self.sealed)
            self.sealed.cut(end)

    def settle(self) -> None:
        """Write the account and have it count. Raises Gone."""
        self.counts(self.written())

    def written(self) -> int:
        """Write the account and have the disk hold all of it, which takes as long as it takes.

        Returns where it stands.
        """
        start = self.sealed.append_note(msgspec.msgpack.encode(self.account))
        self.sealed.settle()
        return start

    def counts(self, start: int, **changes: object) -> None:
        """Have the account that stands there count. Raises Gone."""
        done = sum(self.account.rows.values())
        changes |= {"at": start, "rows_done": done}
        if not Copy.objects.filter(pk=self.row.pk, at=self.row.at).update(**changes):
            raise Gone
        self.row.at = start

    def whole(self, name: str, content: bytes) -> None:
        """An entry that is written at once."""
        packer = Packer(Entry(name))
        packer.add(content)
        packer.flush(self.sealed.append, last=True)
        self.account.entries.append(packer.entry)


def sealed(row: Copy, file: BinaryIO) -> Sealed:
    """The sealed file of a copy."""
    return Sealed(file, bytes.fromhex(cipher().decrypted(row.seal)), row.key)


def account(row: Copy, store: Sealed) -> tuple[Account, int]:
    """The account that a copy's row points to, and where it ends. Raises sealed.Broken."""
    content, end = store.note(row.at)
    return msgspec.msgpack.decode(content, type=Account), end


def make(copy: int) -> None:
    """Make the copy of this id, or go on with it. Raises Busy."""
    with duty("export"):
        row = Copy.objects.filter(pk=copy, state=Copy.State.ASKED).first()
        if row is None:
            return
        path = Path(row.file.path)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("r+b") as file, languages.speaking(row.language):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy from None
            try:
                _make(row, file)
            except Gone:
                path.unlink(missing_ok=True)


def _make(row: Copy, file: BinaryIO) -> None:
    parts, nothing = form.parts(travels=row.travels), tables.empty()
    filled = [part for part in parts if part.table.name not in nothing]
    if not row.at:
        file.truncate(0)
        total = sum(part.told(row.subject).order_by().count() for part in filled)
        Copy.objects.filter(pk=row.pk).update(rows=total)
    making = Making(row, file)
    known = making.account
    open_ = [part for part in parts if known.opened and known.opened[0].name == _json(part)]
    if not open_:
        known.opened, known.after = [], ""
    for part in (*open_, *(part for part in filled if form.name_of(part) not in known.rows)):
        _table(making, part)
    files = [] if row.travels else _files(making)
    _close(making, [part for part in parts if making.account.rows.get(form.name_of(part))], files)
    entries = making.account.entries
    start = making.written()
    with transaction.atomic():  # whoever dies here has told nobody of a copy that is not there
        making.counts(
            start, state=Copy.State.READY, ready_at=timezone.now(), size=zips.length(entries)
        )
        if not row.travels:  # what is sent elsewhere is not for its person to fetch
            telling.ready(making.row)


def _json(part: Part) -> str:
    return f"data/{form.name_of(part)}.json"


def _csv(part: Part) -> str:
    return f"tables/{form.name_of(part)}.csv"


def _table(making: Making, part: Part) -> None:
    """Go on with a part of a table, or begin it, up to its end."""
    name, known = form.name_of(part), making.account
    begun = bool(known.opened)
    if not begun:
        known.opened = [Entry(_json(part)), Entry(_csv(part))]
        known.rows[name] = 0
    doc, sheet = map(Packer, known.opened)
    columns = [str(each.column) for each in part.fields]
    plain = [(n, f) for n, each in enumerate(part.fields) if (f := form.written(each))]
    stream = _stream(making, part)
    text = io.StringIO(newline="")
    table = csv.writer(text)
    if not begun:
        doc.add(b"[")
        text.write("\ufeff")
        table.writerow(columns)
    encoder = msgspec.json.Encoder()
    for number in itertools.count(1):
        chunk = list(itertools.islice(stream, CHUNK))
        values = [list(row[1:]) for row in chunk]
        for place, change in plain:
            for each in values:
                each[place] = change(each[place])
        if chunk:
            lines = encoder.encode_lines([dict(zip(columns, each, strict=True)) for each in values])
            doc.add(b",\n" if known.rows[name] else b"\n")
            doc.add(lines[:-1].replace(b"\n", b",\n"))
            table.writerows([form.cell(value) for value in each] for each in values)
            known.rows[name] += len(chunk)
            known.after = str(chunk[-1][0])
        sheet.add(text.getvalue().encode())
        text.seek(0)
        text.truncate()
        if len(chunk) < CHUNK:
            break
        if number % STRETCH == 0:
            doc.flush(making.sealed.append)
            sheet.flush(making.sealed.append)
            if connection.vendor == "sqlite":  # who still reads can't write there once others have
                stream.close()
                making.settle()
                stream = _stream(making, part)
            else:
                making.settle()
    known.opened, known.after = [], ""
    if not known.rows[name]:
        return  # nothing is held here: no file says so
    doc.add(b"\n]\n")
    doc.flush(making.sealed.append, last=True)
    sheet.flush(making.sealed.append, last=True)
    known.entries += [doc.entry, sheet.entry]
    making.settle()


def _stream(making: Making, part: Part) -> Generator[tuple[Any, ...], None, None]:
    """The rows of a part after the last one that was done."""
    rows = part.told(making.row.subject).order_by("pk")
    if making.account.after:
        rows = rows.filter(pk__gt=making.account.after)
    names = ("pk", *(each.attname for each in part.fields))
    yield from rows.values_list(*names).iterator(CHUNK)


def _files(making: Making) -> list[page.Original]:
    """The originals, as they were sent; one that was begun and not ended begins anew.

    What was deleted since it was done is left out, and moves no other one's number.
    """
    whom, known = person.find(making.row.subject), making.account
    found = set()
    for source, file in _originals(whom):
        with file:
            if source not in known.files:
                head, number = file.read(32), len(known.files) + 1
                place = f"files/{number}-{page.named(PurePosixPath(source).name, head)}"
                packer = Packer(Entry(place, zips.STORED))
                piece = head
                while piece:
                    packer.add(piece)
                    packer.flush(making.sealed.append)
                    piece = file.read(FRAME)
                known.entries.append(packer.entry)
                known.files[source] = place
                if number % FILES == 0 or packer.entry.size > FRAME:
                    making.settle()
            found.add(known.files[source])
    gone = {*known.files.values()} - found
    known.entries = [each for each in known.entries if each.name not in gone]
    return [page.Original(each.name, each.size) for each in known.entries if each.name in found]


def _originals(whom: person.Person) -> Iterator[tuple[str, BinaryIO]]:
    for holding in holdings.everything():
        for name, file in holding.originals(whom):
            yield f"{holding.name}/{name}", file


def _close(making: Making, parts: list[Part], files: list[page.Original]) -> None:
    """What speaks of the rest comes last: the account for programs, the page for people."""
    subject, policy = making.row.subject, in_force()
    held = {part.category(each) for part in parts for each in (*part.fields, *part.secrets)}
    kinds = facts.of(subject, held)
    rows = making.account.rows
    about = form.Copy(
        format=form.FORMAT,
        version=form.VERSION,
        service=policy.controller.name,
        made=timezone.now().isoformat(timespec="seconds"),
        policy=versions.name(),
        language=languages.current(),
        subject=str(subject),
        categories=kinds,
        tables={
            form.name_of(part): form.Table(
                json=_json(part),
                csv=_csv(part),
                rows=rows[form.name_of(part)],
                columns=form.columns(part),
                held_but_not_copied=[str(each.column) for each in part.secrets],
                refers=references.columns(part),
            )
            for part in parts
        },
        programme=references.programme(parts, subject),
        files=[form.File(each.place, each.size) for each in files],
    )
    making.whole("data.json", msgspec.json.format(msgspec.json.encode(about), indent=1))
    making.whole("schema.json", form.schema(parts))
    if not making.row.travels:
        for name, content in page.written(subject, parts, rows, kinds, files):
            making.whole(name, content)
    head = f"{about.made} {about.service}"
    text = signing.manifest(making.account.entries, making.sealed.read, head)
    making.whole(signing.KEY, signing.public()[0])
    making.whole(signing.SIGNATURE, signing.signature(text))
    making.whole(signing.MANIFEST, text)
    making.account.entries.reverse()  # whoever unpacks it sees the page first
