"""Follows what an act of somebody leaves: rows, jobs, files, shelves, log lines.

Nothing is taken from the marks: the whole database and every file are compared before and after.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import connection

from plainview.platform.jobs.models import Job
from plainview.platform.logs import Discreet
from plainview.privacy.gate.scope import current
from plainview.privacy.gate.written import _WRITES
from plainview.privacy.registry import registry
from plainview.privacy.rights import forms, searching

Rows = dict[Any, dict[str, Any]]
_CARRIERS = ("plainview.privacy.gate", "plainview.platform.jobs")
"""Code that makes the statements of others."""


@dataclass
class Left:
    """What one act left."""

    rows: dict[str, Rows] = field(default_factory=dict)
    """The rows that came or changed, by table and key."""
    holding: dict[str, set[str]] = field(default_factory=dict)
    """The columns of them in which the value that is followed stands, in any form."""
    writers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    purposes: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    jobs: set[str] = field(default_factory=set)
    files: dict[str, bool] = field(default_factory=dict)
    """The files that came or changed, and whether the value stands in what is new of them."""
    shelves: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    asked: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    """How often a request asked the same, by its number, statement and values."""
    requests: int = 0
    within: bool = False


def everything() -> dict[str, Rows]:
    """Every row of every table, by its key; the shadows of SQLite's indexes are left out.

    Needs the duty of fixtures, which leaves no line in the log.
    """
    quote = connection.ops.quote_name
    found: dict[str, Rows] = {}
    with connection.cursor() as cursor:
        for name in _full(cursor):
            cursor.execute(f"SELECT * FROM {quote(name)}")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            table = registry().tables.get(name)
            rows = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor.fetchall()]
            found[name] = {row.get(table.key if table else "", repr(row)): row for row in rows}
    return found


def _full(cursor: Any) -> list[str]:
    """The tables that have rows, asked for many at a time."""
    names = [name for name in searching.tables() if "_fts" not in name]
    full: list[str] = []
    for start in range(0, len(names), 100):
        each = [
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})"  # noqa: S608
            for name in names[start : start + 100]
        ]
        cursor.execute(" UNION ALL ".join(each))
        full += [name for (name,) in cursor.fetchall()]
    return full


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def files() -> dict[str, bytes]:
    """Every file of the data folder, by its place; what is of a moment in its name is left out."""
    data = Path(settings.DATA)
    found: dict[str, bytes] = {}
    for path in sorted(data.rglob("*")):
        if path.is_file():
            place = path.relative_to(data)
            named = place if place.parent.name != "outbox" else place.with_stem("…")
            found[str(named)] = found.get(str(named), b"") + path.read_bytes()
    return found


def holds(value: Any, needles: set[bytes]) -> bool:
    """Whether one of these forms of a value stands in it."""
    low = (value if isinstance(value, bytes) else str(value).encode()).lower()
    return any(each in low for each in needles)


@contextmanager
def following(*values: str, subject: int = 0) -> Iterator[Left]:
    """Note in a `Left` what the block leaves; `values` are looked for in all that is new of it."""
    left = Left()
    before, kept, jobs = everything(), files(), {*Job.objects.values_list("pk", flat=True)}
    with _listening(left), connection.execute_wrapper(_noting(left)):
        yield left
    needles = {*forms.needles(values), *forms.hashes(subject, values)}
    for name, rows in everything().items():
        was = before.get(name, {})
        new = {key: row for key, row in rows.items() if was.get(key) != row}
        if new:
            left.rows[name] = new
            left.holding[name] = {
                column
                for key, row in new.items()
                for column, value in row.items()
                if value is not None
                and was.get(key, {}).get(column) != value
                and holds(value, needles)
            }
    left.jobs = {*Job.objects.exclude(pk__in=jobs).values_list("task", flat=True)}
    for place, content in files().items():
        if kept.get(place) != content:
            left.files[place] = holds(content.replace(kept.get(place, b""), b""), needles)
    left.shelves = {key.split(":")[3] for key in caches["shelves"]._cache if key.count(":") > 4}


@contextmanager
def _listening(left: Left) -> Iterator[None]:
    """Count the requests, and keep each line that would be written to a log."""

    def begun(**_: Any) -> None:
        left.requests, left.within = left.requests + 1, True

    def over(**_: Any) -> None:
        left.within = False

    handler = _Lines(left.lines)
    loggers = [logging.getLogger(name) for name in ("", "django", "plainview.privacy.duties")]
    request_started.connect(begun)
    request_finished.connect(over)
    for each in loggers:
        each.addHandler(handler)
    try:
        yield
    finally:
        request_started.disconnect(begun)
        request_finished.disconnect(over)
        for each in loggers:
            each.removeHandler(handler)


def _noting(left: Left) -> Callable[..., Any]:
    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        written = _WRITES.match(str(sql))
        if written is None:
            left.asked[left.requests, str(sql), repr(params)] += left.within
        else:
            left.writers[written[1]].add(_code())
            scope = current()
            if scope is not None and scope.duty != "fixture":
                left.purposes[written[1]].add(scope.duty or scope.purpose)
        return execute(sql, params, many, context)

    return note


def _code() -> str:
    """The function of ours, or of a third party, that had a statement made."""
    frame = sys._getframe(2)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(("plainview.", "allauth.")) and not module.startswith(_CARRIERS):
            return f"{module.removeprefix('plainview.')}:{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "platform.jobs"


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines
        self.setFormatter(Discreet("{name}: {message}", style="{"))

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))
