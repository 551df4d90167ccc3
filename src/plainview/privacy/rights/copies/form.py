"""The form of a copy, for programs: `data.json`, the tables it names, and their schema.

Version 1 is written down in `docs/portability.md`. `schema.json` is derived from these classes and
from the columns, so that it can't say anything else than what is written.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

import msgspec
from django.db.models import Field

from plainview.platform import spreadsheets
from plainview.privacy import declarations
from plainview.privacy.rights import tables, wording
from plainview.privacy.rights.tables import Part

FORMAT: Final = "plainview-copy"
VERSION: Final = 1


class Purpose(msgspec.Struct):
    """What a kind of data is used for, and whether it may be now, with the reason in words."""

    id: str
    name: str
    may: bool
    because: str


class Recipient(msgspec.Struct):
    """Who may receive a kind of data, for which purposes, and when it last did (null: never).

    `protection` is what protects data with it abroad, in words (GDPR Art. 15(2)).
    """

    id: str
    name: str
    role: str
    country: str
    purposes: list[str]
    last_received: str | None
    protection: list[str] = []

    @property
    def last(self) -> dt.date | None:
        """The day on which it last received something."""
        return dt.date.fromisoformat(self.last_received) if self.last_received else None


class Kept(msgspec.Struct):
    """How long: an ISO 8601 duration, what it counts from, what happens then, and in words."""

    keep: str
    after: str
    then: str
    words: str


class Kind(msgspec.Struct):
    """A kind of personal data of which something is held, as the policy in force has it."""

    name: str
    sources: dict[str, str]
    purposes: list[Purpose]
    recipients: list[Recipient]
    kept: Kept

    @property
    def used_for(self) -> list[str]:
        """The names of what it may be used for now."""
        return [each.name for each in self.purposes if each.may]

    @property
    def roles(self) -> list[str]:
        """The kinds of those who may receive it."""
        return list(dict.fromkeys(each.role for each in self.recipients if each.role))


class Column(msgspec.Struct):
    """A column of a table: its kind of data, what it is called, the type of its values in JSON."""

    category: str
    label: str
    type: str


class Table(msgspec.Struct):
    """A table: its files, how many rows they hold, what is held and not copied (credentials).

    `refers` names, for a column that points to part of the programme, where its names stand.
    """

    json: str
    csv: str
    rows: int
    columns: dict[str, Column]
    held_but_not_copied: list[str]
    refers: dict[str, str] = {}


class File(msgspec.Struct):
    """An original, as it was sent: where it stands in the copy and how long it is in bytes."""

    file: str
    size: int


class Copy(msgspec.Struct):
    """`data.json`: what the copy is, what the policy says of each kind, and where all of it is."""

    format: Literal["plainview-copy"]
    version: int
    service: str
    made: str
    policy: str
    language: str
    subject: str
    categories: dict[str, Kind]
    tables: dict[str, Table]
    files: list[File]
    programme: dict[str, dict[str, Any]] = {}


TYPES: Final[dict[str, dict[str, Any]]] = {
    "boolean": {"type": ["boolean", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "datetime": {"type": ["string", "null"], "format": "date-time"},
    "date": {"type": ["string", "null"], "format": "date"},
    "identifier": {"type": ["string", "integer", "null"], "description": "as text from 2^53 on"},
    "bytes": {"type": ["string", "null"], "contentEncoding": "base64"},
    "json": {"description": "any JSON"},
    "text": {"type": ["string", "null"]},
}
_NUMBERS = frozenset({"BigIntegerField", "BigAutoField", "PositiveBigIntegerField"})


def type_of(field: Field[Any, Any]) -> str:
    """The type of a field's values, one of TYPES."""
    kind = field.get_internal_type()
    if kind in ("ForeignKey", "OneToOneField"):
        target: Any = field
        kind = target.target_field.get_internal_type()
    if kind in _NUMBERS:
        return "identifier"
    if kind.endswith(("IntegerField", "AutoField")):
        return "integer"
    return {
        "BooleanField": "boolean",
        "FloatField": "number",
        "DateTimeField": "datetime",
        "DateField": "date",
        "BinaryField": "bytes",
        "JSONField": "json",
    }.get(kind, "text")


def name_of(part: Part) -> str:
    """The name of a part of a table, which is that of its files too."""
    several = len(part.table.subjects) > 1
    return f"{part.table.name}-{part.path.name}" if several else part.table.name


def columns(part: Part) -> dict[str, Column]:
    """The columns of a part, as `data.json` describes them."""
    return {
        str(each.column): Column(
            part.category(each), wording.label(part.table.name, each), type_of(each)
        )
        for each in part.fields
    }


def schema(parts: Iterable[Part]) -> bytes:
    """The JSON Schema (2020-12) of `data.json` and, under `$defs`, of a row of each table."""
    (whole,), defs = msgspec.json.schema_components([Copy], ref_template="#/$defs/{name}")
    for part in parts:
        rows = {str(each.column): TYPES[type_of(each)] for each in part.fields}
        defs[f"rows of {name_of(part)}"] = {
            "type": "array",
            "items": {"type": "object", "properties": rows, "required": list(rows)},
        }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return msgspec.json.format(msgspec.json.encode({**head, **whole, "$defs": defs}), indent=1)


def written(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value of the field is written, where not as it is: long numbers as text (53 bits)."""
    kind = type_of(field)
    if kind == "identifier":
        return _number
    if kind in ("boolean", "integer", "number", "datetime", "date"):
        return None
    return None if field.get_internal_type() in ("CharField", "TextField") else _whatever


def _number(value: Any) -> Any:
    return str(value) if isinstance(value, int) and abs(value) >= wording.EXACT else value


def _whatever(value: Any) -> Any:
    if value is None or isinstance(value, dict | list | bool | int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return str(value)


def cell(value: Any) -> Any:
    """A value in CSV; no text is a formula there."""
    if isinstance(value, str):
        return spreadsheets.inert(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def parts(*, travels: bool = False) -> list[Part]:
    """What belongs to a person of each table, in the order in which a copy is made.

    What `travels` is the tables that another service takes.
    """
    return [
        part
        for table in tables.tables()
        if not travels or (table.model and goes(table.model))
        for part in tables.parts(table)
    ]


def goes(model: Any) -> bool:
    """Whether rows of a model may come along to another service."""
    said = declarations.about(model)
    return said is not None and said.travels is not None
