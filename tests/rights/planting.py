"""Plants a value in every personal column of every installed table, read off the registry.

A table that is added tomorrow is planted too. Rows that a person has already stay; each planted
value names its person and column.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

from django.core.files.base import ContentFile
from django.db import models

from plainview.platform.identifiers import new_key
from plainview.privacy.registry import Table, registry
from plainview.privacy.rights import tables


class Planted:
    """The values planted for one person: (table, column) to value, secrets apart."""

    def __init__(self, subject: int, who: str) -> None:
        self.subject = subject
        self.who = who
        self.values: dict[tuple[str, str], Any] = {}
        self.secrets: dict[tuple[str, str], Any] = {}
        self.own: set[tuple[str, str]] = set()
        self.rows: dict[str, models.Model] = {}

    def canaries(self, *, but: Collection[tuple[str, str]] = ()) -> set[str]:
        """The values that can be nobody else's, as text; without those of some columns."""
        own = self.own.difference(but)
        found = {str(self.values[key]) for key in own if _canary(self.values[key])}
        return found | {f"file of {self.who}"} if self.files else found

    @property
    def files(self) -> list[Any]:
        """The file fields planted."""
        return [v for v in self.values.values() if hasattr(v, "storage")]


DEMANDED = {
    ("privacy_bringing", "state"): "failed",
    ("privacy_sending", "state"): "failed",
    ("privacy_copy", "state"): "failed",
    ("subtitles_passage", "before"): "draft",
    ("subtitles_passage", "after"): "review",
    ("subtitles_membership", "role"): "subtitler",
    ("privacy_change", "differences"): "[]",
    ("privacy_change", "words"): "{}",
    ("privacy_request", "state"): "closed",
    ("privacy_request", "came_from"): "answered",
    ("privacy_request_event", "step"): "close",
    ("privacy_request_event", "before"): "answered",
    ("privacy_request_event", "after"): "closed",
}
"""What a check of the database leaves little choice about; also, what ends does so later."""


def _canary(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int):
        return value > 2**40
    if not isinstance(value, str) or value in DEMANDED.values():
        return False
    return len(value) >= 8 and '"' not in value


KINDS = (
    "playback_viewing", "privacy_answer", "searches_search", "staff_look", "subtitles_note",
    "subtitles_passage", "subtitles_revision", "support_copyrightnotice",
)  # fmt: skip
"""Of these some are removed, some stay without a name, some by a law, some are of two people."""


def plant(subject: int, who: str, other: int, only: Collection[str] | None = None) -> Planted:
    """Plant for `subject`; where a row is about two people the second is `other`."""
    planted = Planted(subject, who)
    for table in reversed(tables.children_first()):
        if only is not None and table.name not in only:
            continue
        found = tables.about(table, subject).first()
        row = found or _row(table, planted, other)
        planted.rows[table.name] = row
        _note(table, row, planted, own=found is None)
    return planted


def _row(table: Table, planted: Planted, other: int) -> models.Model:
    given: dict[str, Any] = {}
    model: Any = table.model
    ends = {path.column: n for n, path in enumerate(table.subjects) if not path.hops}
    for field in model._meta.local_concrete_fields:
        if field.column in ends:
            given[field.attname] = planted.subject if ends[field.column] == 0 else other
        elif isinstance(field, models.ForeignKey):
            if not (field.null and field.remote_field.model is model):  # it may stand alone
                given[field.attname] = _target(field, planted).pk
        elif not (field.primary_key and field.get_internal_type().endswith("AutoField")):
            given[field.attname] = _value(table, field, planted)
    return model._base_manager.create(**given)


def _target(field: Any, planted: Planted) -> models.Model:
    """What a foreign key points to: the person's own row, or something about nobody."""
    remote = field.remote_field.model
    name = remote._meta.db_table
    if name in planted.rows and not _taken(field, planted.rows[name]):
        return planted.rows[name]
    values: dict[str, Any] = {}
    checked = any(name == table for table, _ in DEMANDED)
    for each in remote._meta.local_concrete_fields:
        if checked and not each.primary_key and not each.is_relation and not each.has_default():
            values[each.attname] = _value(registry().tables[name], each, planted, mine=False)
        elif (name, each.column) in DEMANDED:
            values[each.attname] = DEMANDED[name, each.column]
        if each.attname in values:
            continue
        if each.primary_key or each.has_default() or each.null:
            if each.primary_key and isinstance(each, models.CharField):
                values[each.attname] = f"{planted.who}-{name}"[: each.max_length]
            continue
        if isinstance(each, models.ForeignKey):
            values[each.attname] = _target(each, planted).pk
        else:
            values[each.attname] = _value(registry().tables[name], each, planted, mine=False)
    return remote._base_manager.create(**values)


def _taken(field: Any, target: models.Model) -> bool:
    """Whether another row points there already, where only one may."""
    return bool(
        field.unique and field.model._base_manager.filter(**{field.attname: target.pk}).exists()
    )


def _value(table: Table, field: Any, planted: Planted, *, mine: bool = True) -> Any:
    who = planted.who if mine else f"public-{new_key()}"
    text = f"{who}-{table.name}-{field.column}"
    number = int(hashlib.sha256(f"{planted.who}-{text}".encode()).hexdigest()[:15], 16)
    kind = field.get_internal_type()
    if (table.name, field.column) in DEMANDED:
        return DEMANDED[table.name, field.column]
    if field.choices:
        return field.flatchoices[0][0]
    if hasattr(field, "upload_to"):
        return field.storage.save(f"{text}.txt", ContentFile(f"file of {who}".encode()))
    if kind == "BooleanField":
        return True
    if kind == "BinaryField":
        return text.encode()
    if kind == "DateField":
        return dt.date(1980, 1, 1) + dt.timedelta(number % 10_000)
    if kind == "DateTimeField":
        start = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
        return start + dt.timedelta(seconds=number % 900_000_000)
    if kind in ("BigIntegerField", "PositiveBigIntegerField"):
        return 2**52 + number
    if "Integer" in kind:
        return number % 30_000 + (30_000 if field.column.startswith(("end_", "until_")) else 0)
    if kind == "JSONField":
        keys = registry().tables[table.name].columns[field.column].mark.keys or ("canary",)
        return dict.fromkeys(keys, text)
    if isinstance(field, models.EmailField) or field.column == "email":
        return f"{text}@example.org"
    if isinstance(field, models.CharField) and field.max_length and field.max_length < len(text):
        digest = hashlib.sha256(f"{planted.who}-{text}".encode()).hexdigest()
        return digest[: field.max_length]
    if field.column == "answers":
        return f'{{"{text}": "denied"}}'
    return text


def _note(table: Table, row: models.Model, planted: Planted, *, own: bool) -> None:
    row = type(row)._base_manager.get(pk=row.pk)
    for part in tables.parts(table):
        if not part.rows(planted.subject).filter(pk=row.pk).exists():
            continue
        for field in part.fields:
            planted.values[table.name, field.column] = getattr(row, field.attname)
            if own and not isinstance(field, models.ForeignKey):
                planted.own.add((table.name, field.column))
        for field in part.secrets:
            planted.secrets[table.name, field.column] = getattr(row, field.attname)


def written(value: Any) -> Any:
    """A planted value as `data.json` writes it."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and value >= 2**53:
        return str(value)
    return value.name if hasattr(value, "storage") else value
