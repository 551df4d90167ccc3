"""The catalogue as a file: JSON for machines, CSV for spreadsheets.

What went out comes in unchanged. Of a file with faults nothing is taken, and they are said by row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from plainview.domains.catalogue.document import (
    FIELDS,
    TITLE_WORDS,
    Document,
    document_of,
    known,
    plain,
    problems,
)
from plainview.domains.catalogue.models import Revision, Title
from plainview.domains.catalogue.services.editing import claimed, differing, save_all
from plainview.platform import spreadsheets
from plainview.platform.identifiers import number_in
from plainview.platform.languages import numbers

LARGEST_BYTES = 20 * 2**20
MOST_ROWS = 20_000
LONGEST = 30.0
"""Seconds: proxies wait for an answer for a minute."""
_LISTS = ("countries", "genres", "tags", "reveals")
_NESTED = ("ratings", "artwork", "credits", "licences")


class Fault(NamedTuple):
    """What is wrong in a row of a file (a line of CSV, a number of JSON), and where in it."""

    row: int
    field: str
    words: str


class Rejected(Exception):
    """A file of which nothing was taken; `faults` says why, by row."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class Outcome(NamedTuple):
    """How many titles a file made and changed, how many were as it says, and how many are left."""

    made: int
    changed: int
    same: int
    left: int


def exported(titles: Iterable[Title], form: str) -> bytes:
    """`titles` as `json` or `csv` (UTF-8, for spreadsheets with its mark)."""
    documents = [plain(document_of(title)) for title in titles]
    if form == "json":
        return msgspec.json.format(msgspec.json.encode({"titles": documents}), indent=1)
    tongues = sorted({tongue for each in documents for tongue in each["texts"]})  # type: ignore[attr-defined]
    words = [f"{field}:{tongue}" for tongue in tongues for field in TITLE_WORDS]
    columns = [name for name in FIELDS if name != "texts"]
    rows = [[*columns, *words]]
    for each in documents:
        row = [_cell(name, each[name]) for name in columns]
        rows.append(row + [_worded(each["texts"], *word.split(":", 1)) for word in words])
    return b"\xef\xbb\xbf" + spreadsheets.table(rows).encode()


def imported(data: bytes, form: str, *, only_check: bool = False) -> Outcome:
    """Take a file's titles in, by their slugs. Raises Rejected, and takes nothing then.

    All of it is judged before any is written. A request is no place for minutes: what half a minute
    does not write is left, as where the service dies meanwhile. The same file once more takes it.
    """
    rows = _json(data) if form == "json" else _csv(data)
    faults = [fault for fault in rows if isinstance(fault, Fault)]
    sound = [row for row in rows if not isinstance(row, Fault)]
    there = known(document for _, document in sound)
    seen: dict[str, int] = {}
    for number, document in sound:
        if document.slug in seen:
            said = _("This title is in row %(row)s already.") % {"row": seen[document.slug]}
            faults.append(Fault(number, "slug", said))
        seen.setdefault(document.slug, number)
        faults += [Fault(number, each.field, each.words) for each in problems(document, there)]
    held = claimed([document for _, document in sound])
    faults += [
        Fault(number, held[document.slug].field, held[document.slug].words)
        for number, document in sound
        if document.slug in held
    ]
    if faults:
        raise Rejected(sorted(faults))
    changes = differing([document for _, document in sound])
    changed = {document.slug for document in changes}
    made = changed.difference(Title.objects.filter(slug__in=changed).values_list("slug", flat=True))
    left = 0
    if not only_check:
        revisions, left = save_all(changes, act=Revision.Act.IMPORT, seconds=LONGEST)
        changed = {revision.title.slug for revision in revisions}
    same = len(seen) - len(changed) - left
    return Outcome(len(changed & made), len(changed - made), same, left)


Rows = list["Fault | tuple[int, Document]"]


def _json(data: bytes) -> Rows:
    try:
        found = msgspec.json.decode(data[:LARGEST_BYTES], type=dict[str, list[Any]])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return [Fault(0, "", _("This is no JSON of titles: %(why)s") % {"why": error})]
    titles = found.get("titles", [])
    if len(titles) > MOST_ROWS:
        return [_too_many()]
    rows: Rows = [_converted(number, each) for number, each in enumerate(titles, 1)]
    return rows or [Fault(0, "", _("There is no title in this file."))]


def _converted(number: int, value: Any) -> Fault | tuple[int, Document]:
    try:
        document = msgspec.convert(value, Document)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        return Fault(number, place.strip("`.") or "", said)
    for field, kept in plain(document).items():
        if any("\0" in text for text in _texts(kept)):
            return Fault(number, field, str(ProhibitNullCharactersValidator.message))
    return number, document


def _texts(value: Any) -> Iterator[str]:
    """Every text in a field of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _csv(data: bytes) -> Rows:
    try:
        text = data[:LARGEST_BYTES].decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Fault(0, "", _("Save the file as CSV in UTF-8; this is another encoding."))]
    first = text.partition("\n")[0]
    between = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    try:
        lines = [(reader.line_num, line) for line in reader if any(line)]
    except csv.Error as error:
        return [Fault(reader.line_num, "", _("This is no CSV: %(why)s") % {"why": error})]
    if not lines or "slug" not in lines[0][1]:
        said = _("The first row names the columns, and “slug” must be among them.")
        return [Fault(1, "slug", said)]
    if len(lines) > MOST_ROWS + 1:
        return [_too_many()]
    header = lines[0][1]
    strange = [name for name in header if not _is_column(name)]
    rows: Rows = [
        Fault(1, name, _("There is no column “%(name)s”.") % {"name": name}) for name in strange
    ]
    for number, line in lines[1:]:
        rows.append(_row(number, dict(zip(header, line, strict=False))))
    return (
        rows
        if len(rows) > len(strange)
        else [*rows, Fault(0, "", _("There is no title in this file."))]
    )


def _too_many() -> Fault:
    most = numbers.written(MOST_ROWS)
    return Fault(0, "", _("The file has more than %(most)s titles; part it.") % {"most": most})


def _is_column(name: str) -> bool:
    field, colon, tongue = name.partition(":")
    return field in TITLE_WORDS and bool(tongue) if colon else name in FIELDS and name != "texts"


def _row(number: int, cells: dict[str, str]) -> Fault | tuple[int, Document]:
    value: dict[str, Any] = {"texts": {}}
    for name, kept in cells.items():
        cell = spreadsheets.read(kept)
        field, colon, tongue = name.partition(":")
        if colon and cell:
            value["texts"].setdefault(tongue, {})[field] = cell
        elif colon or (not cell and name != "slug"):
            continue
        elif name in _LISTS:
            value[name] = cell.split()
        elif name in _NESTED:
            try:
                value[name] = msgspec.json.decode(cell)
            except (msgspec.DecodeError, RecursionError) as error:
                return Fault(number, name, _("This is no JSON: %(why)s") % {"why": error})
        elif name in ("year", "featured"):
            value[name] = cell if (count := number_in(cell)) is None else count
        elif name == "licensed":
            value[name] = {"yes": True, "no": False}.get(cell.casefold(), cell)
        else:
            value[name] = cell
    return _converted(number, value)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in _LISTS:
        return " ".join(value)
    if name in _NESTED:
        return msgspec.json.encode(value).decode() if value else ""
    if name == "licensed":
        return "yes" if value else "no"
    return str(value)


def _worded(texts: Any, field: str, tongue: str) -> str:
    return str(texts.get(tongue, {}).get(field, ""))
