"""What rows point to in the programme, by names that mean the same at another service.

A model that is about nobody takes part by `natural_key()` and `by_natural_key(*key)`, whose keys
are plain values; nothing here knows what a film is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Field, ForeignKey

from plainview.privacy.registry import registry
from plainview.privacy.rights import wording
from plainview.privacy.rights.tables import Part

SOME = 500


def target(field: Field[Any, Any]) -> Any | None:
    """The model that a field points to, if others know its rows by a name."""
    if not isinstance(field, ForeignKey):
        return None
    remote: Any = field.remote_field.model
    known = registry().tables.get(remote._meta.db_table)
    public = known is not None and not known.personal and field.target_field.primary_key
    return remote if public and hasattr(remote, "by_natural_key") else None


def columns(part: Part) -> dict[str, str]:
    """The columns of a part that point to the programme, each with what it points to."""
    return dict(_columns(part))


def _columns(part: Part) -> Iterator[tuple[str, str]]:
    for each in part.fields:
        if (remote := target(each)) is not None:
            yield str(each.column), remote._meta.db_table


def programme(parts: Iterable[Part], subject: int) -> dict[str, dict[str, Any]]:
    """All that the rows of a person point to: by table and number, its key and its name."""
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        for field in part.fields:
            if (remote := target(field)) is None:
                continue
            known = found.setdefault(remote._meta.db_table, {})
            numbers = part.told(subject).order_by().values_list(field.attname, flat=True)
            fresh = [n for n in numbers.distinct() if n is not None and str(n) not in known]
            for start in range(0, len(fresh), SOME):
                some = remote._base_manager.in_bulk(fresh[start : start + SOME])
                for key, row in some.items():
                    known[str(key)] = {"key": row.natural_key(), "name": wording.name_of(row)}
    return {table: rows for table, rows in found.items() if rows}
