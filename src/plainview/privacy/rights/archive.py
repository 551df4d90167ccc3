"""A copy of all that is held of a person: one zip that opens without a network.

`index.html` for reading, `data.json` and one CSV a table for programs, files as they were sent.
Rows go straight through: memory does not grow with them. Secrets are named and left out (P1.1.1c).
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import IO, Any

import msgspec
from django.conf import settings
from django.db.models import Field
from django.template.loader import render_to_string
from django.utils import timezone

from plainview.platform import languages
from plainview.privacy.gate.duties import duty
from plainview.privacy.policies import in_force
from plainview.privacy.rights import holdings, person, tables, wording
from plainview.privacy.rights.tables import Part

CHUNK = 2000
READABLE = 1000
"""So many rows of a table stand in the readable page; all of them stand in the others."""


@dataclass(slots=True)
class Sheet:
    """A table as the readable page shows it."""

    name: str
    file: str
    labels: list[str]
    secrets: list[str]
    rows: list[list[str]] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        """How many rows stand only in the file."""
        return self.count - len(self.rows)


def write(subject: int) -> IO[bytes]:
    """The archive of a person, open at its beginning, in a file that no folder names."""
    made: IO[bytes] = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
    with (
        duty("export"),
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped,
    ):
        sheets = _tables(zipped, subject)
        files = _files(zipped, subject)
        zipped.writestr("index.html", _page(sheets, files))
    made.seek(0)
    return made


def _tables(zipped: zipfile.ZipFile, subject: int) -> list[Sheet]:
    sheets: list[Sheet] = []
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as doc:
        doc.write(msgspec.json.encode(_about())[:-1] + b',"tables":{')
        for table in tables.tables():
            for part in tables.parts(table):
                if sheet := _sheet(zipped, doc, part, subject, first=not sheets):
                    sheets.append(sheet)
        doc.write(b"}}")
        doc.seek(0)
        with zipped.open("data.json", "w", force_zip64=True) as target:
            shutil.copyfileobj(doc, target)
    return sheets


def _about() -> dict[str, str]:
    policy = in_force()
    return {
        "service": policy.controller.name,
        "made": timezone.now().isoformat(timespec="seconds"),
        "policy": policy.version,
        "language": languages.current(),
    }


def _sheet(
    zipped: zipfile.ZipFile, doc: IO[bytes], part: Part, subject: int, *, first: bool
) -> Sheet | None:
    """Write a part of a table to its CSV and to the JSON; None where nothing is held."""
    rows = part.rows(subject)
    if not rows.exists():
        return None
    fields = part.fields
    name = part.table.name
    if len(part.table.subjects) > 1:
        name = f"{name}-{part.path.name}"
    sheet = Sheet(
        _title(part),
        f"tables/{name}.csv",
        [wording.label(part.table.name, each) for each in fields],
        [wording.category(each) for each in dict.fromkeys(map(part.category, part.secrets))],
    )
    columns = [str(each.column) for each in fields]
    head: dict[str, Any] = {
        "columns": {each: part.category(f) for each, f in zip(columns, fields, strict=True)},
        "held_but_not_copied": [str(each.column) for each in part.secrets],
    }
    doc.write(b"" if first else b",")
    doc.write(msgspec.json.encode(name) + b":" + msgspec.json.encode(head)[:-1] + b',"rows":[')
    plain = [_plain(each) for each in fields]
    with zipped.open(sheet.file, "w", force_zip64=True) as raw:
        text = io.TextIOWrapper(raw, "utf-8-sig", newline="", write_through=True)
        out = csv.writer(text)
        out.writerow(columns)
        stream = rows.values_list(*(each.attname for each in fields)).iterator(CHUNK)
        while chunk := list(islice(stream, CHUNK)):
            if not sheet.count:
                sheet.rows = list(_readable(part.table.name, fields, chunk[:READABLE]))
            else:
                doc.write(b",")
            values = [[f(v) if f else v for f, v in zip(plain, row, strict=True)] for row in chunk]
            out.writerows(map(_cells, values))
            objects = [dict(zip(columns, each, strict=True)) for each in values]
            doc.write(msgspec.json.encode(objects)[1:-1])
            sheet.count += len(chunk)
        text.detach()
    doc.write(b"]}")
    return sheet


def _title(part: Part) -> str:
    held = {part.category(each) for each in (*part.fields, *part.secrets)}
    kinds = {each for each in held if "." in each} or held
    return "; ".join(wording.category(each) for each in in_force().categories if each in kinds)


def _plain(field_: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value of the field is written, where not as it is: long numbers as text (53 bits)."""
    kind = field_.get_internal_type()
    if kind in ("BigIntegerField", "BigAutoField", "ForeignKey", "OneToOneField"):
        return _number
    if kind in ("CharField", "TextField", "BooleanField", "DateTimeField", "DateField"):
        return None
    if kind.endswith("IntegerField") or kind in ("FloatField", "AutoField"):
        return None
    return _whatever


def _number(value: Any) -> Any:
    return str(value) if isinstance(value, int) and abs(value) >= wording.EXACT else value


def _whatever(value: Any) -> Any:
    if value is None or isinstance(value, dict | list | bool | int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return str(value)


def _cells(values: Sequence[Any]) -> list[Any]:
    """A row of CSV. A text that a spreadsheet would run as a formula gets a quote in front."""
    return [
        f"'{v}"
        if isinstance(v, str) and v[:1] in ("=", "+", "-", "@")
        else v.isoformat()
        if isinstance(v, dt.date)
        else v
        for v in values
    ]


def _readable(
    table: str, fields: Sequence[Field[Any, Any]], rows: Sequence[Sequence[Any]]
) -> Iterator[list[str]]:
    found = wording.names(fields, rows)
    for row in rows:
        yield [wording.value(f, raw, found) for f, raw in zip(fields, row, strict=True)]


def _files(zipped: zipfile.ZipFile, subject: int) -> list[str]:
    """The originals, as they were sent."""
    whom = person.find(subject)
    names: list[str] = []
    for holding in holdings.everything():
        for name, file in holding.originals(whom):
            place = f"files/{len(names) + 1}-{PurePosixPath(name).name}"
            with file, zipped.open(place, "w", force_zip64=True) as target:
                shutil.copyfileobj(file, target)
            names.append(place)
    return names


def _page(sheets: list[Sheet], files: list[str]) -> str:
    policy = in_force()
    return render_to_string(
        "privacy/rights/archive.html",
        {
            "sheets": sheets,
            "files": files,
            "controller": policy.controller,
            "made": timezone.localtime(),
            "language": languages.current(),
            "direction": languages.direction(languages.current()),
        },
    )
