"""Texts of one's own within the compiler's statements: what of one is not Django's, and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from django.db.models.expressions import Case, Col, CombinedExpression, Func, RawSQL, Subquery
from django.db.models.sql.datastructures import BaseTable, Join
from django.db.models.sql.where import ExtraWhere

from plainview.privacy.gate.grants import Key
from plainview.privacy.registry import registry

PLAIN, COLUMN, TABLE, OURS, TEMPLATE, OWN, PIECED = range(7)
_ESCAPED_NAME = re.compile(r"\bU&\"", re.IGNORECASE)
_RUNS = re.compile(
    r"\b(?:set_config|dblink\w*|ts_(?:stat|rewrite)"
    r"|(?:query|table|cursor|schema|database)_to_xml\w*)\b",
    re.IGNORECASE,
)
"""PostgreSQL's functions that run a text they are given, or set what the gate has set."""
_WORD = re.compile(r"[\w$]+")
_WHOLE_ROW = re.compile(r"\.\s*\*")
_QUOTED = re.compile(r"""(?<![eE])'(?:[^']|'')*'|"[^"]*"|\[[^]]*\]""")
_OPEN = re.compile(r"['\"`$]|--|/\*")
_RAW = (RawSQL, ExtraWhere)
_TEMPLATE_KEYS = {"template", "function", "arg_joiner"}


def kind_of(kind: type) -> int:
    """How a class of nodes is looked at."""
    if issubclass(kind, Col):
        return COLUMN
    if issubclass(kind, Join | BaseTable):
        return TABLE
    if issubclass(kind, _RAW):
        return OWN
    if issubclass(kind, Func | Case | Subquery):
        return TEMPLATE
    if not kind.__module__.startswith("django."):
        return OWN
    return PIECED if issubclass(kind, CombinedExpression) or hasattr(kind, "template") else PLAIN


def within(how: int, node: Any, sql: str) -> list[str]:
    """What of the SQL of a node is not Django's: what it was given, or all, if it writes itself."""
    given, kind = vars(node), type(node)
    if how == OWN:
        return [sql]
    if how == PIECED:
        text = str(given.get("connector") or given.get("template", ""))
        return [text] if _WORD.search(text) else []
    djangos = kind.__module__.startswith("django.")
    if djangos and not node.extra and _TEMPLATE_KEYS.isdisjoint(given):
        return []  # as nearly all
    keyed = (given[key] for key in _TEMPLATE_KEYS & given.keys())
    own = [str(piece) for piece in (*node.extra.values(), *keyed)]
    if djangos:
        return own
    writers = [getattr(kind, name) for name in dir(kind) if name.startswith("as_")]
    if all(str(writer.__module__).startswith("django.") for writer in writers):
        return own + [str(getattr(kind, key, "")) for key in _TEMPLATE_KEYS]
    return [*own, sql]


def is_closed(sql: str) -> bool:
    """Whether whatever begins in `sql` ends in it, so that what follows it stays what it is."""
    bare, depth = _QUOTED.sub("", sql), 0
    for each in bare:
        depth += (each == "(") - (each == ")")
        if depth < 0:
            return False
    return not depth and not _OPEN.search(bare)


def reads(names: Iterable[str], text: str) -> str:
    """The first of the tables that `text` names other than in front of a column's dot.

    Or what in it may read any: an escaped name, a function that runs a text.
    """
    if _ESCAPED_NAME.search(text):
        return "an escaped name"
    if runs := _RUNS.search(text):
        return runs[0]
    lowered = text.lower()
    for name in sorted(names):
        if name.lower() in lowered and re.search(
            rf"(?<![\w$]){re.escape(name)}(?![\w$])(?![\"\]`]?\s*\.)", text, re.IGNORECASE
        ):
            return name
    return ""


def named(names: set[str], text: str) -> str:
    """The first of `names` that `text` says."""
    if _ESCAPED_NAME.search(text):
        return "an escaped name"
    return next(iter(sorted(names & set(_WORD.findall(text.lower())))), "")


def uses(text: str, there: AbstractSet[str]) -> Iterator[Key]:
    """The columns that `text` may use: those it names, and all of a table that it reads itself.

    A column alone is one of the tables that are `there`, or that the text names too.
    """
    words = set(_WORD.findall(text.lower()))
    for table in registry().tables.values():
        if table.name in there or table.name.lower() in words:
            whole = _WHOLE_ROW.search(text) or reads([table.name], text)
            yield from (
                each.key for each in table.columns.values() if whole or each.name.lower() in words
            )
