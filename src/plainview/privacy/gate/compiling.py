"""The first wall: what Django's SQL compiler asks for, checked and filtered while it is compiled.

Every column and table of a statement passes `SQLCompiler.compile` as a Col, BaseTable or Join;
what the compilers write by themselves (inserted and updated columns, DISTINCT ON) they tell.
The outermost compiler seals the text together with what it uses and the scope it was made under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import GeneratorType
from typing import Any

from django.db.models.expressions import Col, Func, RawSQL
from django.db.models.sql.datastructures import BaseTable, Join
from django.db.models.sql.where import ExtraWhere

from plainview.privacy.gate import filters
from plainview.privacy.gate.grants import Grant, Key, nobody
from plainview.privacy.gate.refusals import (
    NotPermitted,
    Refused,
    no_purpose,
    not_permitted,
    unmarked,
)
from plainview.privacy.gate.scope import Scope, current
from plainview.privacy.registry import registry

_RAW = (RawSQL, ExtraWhere)


class Statement(str):
    """SQL that the compiler made: its text, the columns it uses, the scope it was made under."""

    columns: frozenset[Key]
    scope: Scope | None


class Compilation:
    """What one statement uses, gathered while it and its sub-queries are compiled."""

    __slots__ = ("columns", "filtered", "grant", "own", "scope", "texts", "upsert", "writes")

    def __init__(self) -> None:
        self.scope = current()
        self.grant: Grant = self.scope.grant if self.scope else nobody()
        self.columns: set[Key] = set()
        self.own: set[Key] = set()
        self.filtered: set[str] = set()
        self.texts: list[str] = []
        self.writes = ""
        self.upsert = ""

    def use(self, key: Key) -> None:
        """Take note of a column ("" for the row). Raises Refused if the purpose may not use it."""
        if key not in self.columns:
            if key not in self.grant.columns:
                raise refusal(key, self.scope)
            self.columns.add(key)

    def rows(self, name: str, alias: str, compiler: Any, *, writing: bool = False) -> str:
        """The row filter for `alias` of table `name`, or ""."""
        if self.scope is None:
            return ""
        table = filters.restricted(name, self.scope)
        if table is None:
            return ""
        self.filtered.add(name)
        self.own |= filters.reads(table)
        inner, compiler.connection.compilation = compiler.connection.compilation, None
        try:
            return filters.rows(table, alias, self.scope, compiler, writing=writing)
        finally:
            compiler.connection.compilation = inner

    def seal(self, sql: str, nonce: str) -> Statement:
        """The finished statement. Raises Refused if a text within it could dodge the row filter."""
        if self.texts and self.filtered:
            self._read_texts()
        if nonce:
            sql = f"{sql} /*{nonce} {self.grant.purpose}*/"
        statement = Statement(sql)
        columns = self.columns | self.own
        if self.writes:
            columns |= registry().neighbours.get(self.writes, set())
        statement.columns = frozenset(columns)
        statement.scope = self.scope
        return statement

    def _read_texts(self) -> None:
        """Refuse a text that names a filtered table other than in front of a column's dot."""
        for text in self.texts:
            for name in self.filtered:
                if re.search(_reference(name), text, re.I) or re.search(r"\bU&", text, re.I):
                    door = self.scope.life.door.name if self.scope else ""
                    raise NotPermitted(
                        f"door {door}, purpose {self.grant.purpose}: an expression with SQL text of"
                        f" its own reads {name}, whose rows are filtered here, and text cannot be."
                        "\n  1. Say it with Subquery, Exists or OuterRef."
                        "\n  2. Name the table only in front of a column."
                        "\n  3. If it serves all rows by duty, it belongs into privacy/."
                    )


def _reference(name: str) -> str:
    return rf"(?<![\w$]){re.escape(name)}(?![\w$])(?![\"\]`]?\s*\.)"


def refusal(key: Key, scope: Scope | None) -> Refused:
    """The refusal that fits: no purpose at all, an unmarked column, or one that may not be used."""
    table = registry().tables.get(key[0])
    what = f"{key[0]}.{key[1]}" if key[1] else f"the table {key[0]}"
    column = table.columns.get(key[1]) if table else None
    category = (column.mark.category if column else "") or (
        table.row if table and not key[1] else ""
    )
    if scope is None and table and (table.personal or category):
        return no_purpose(what)
    door, purpose = (scope.life.door.name, scope.purpose) if scope else ("(none)", "(none)")
    if table is None or (key[1] and column is None):
        return unmarked(what, door, purpose)
    if not category or (table.row and key[1] and column and column.mark.reason):
        what, category = f"the table {key[0]}", table.row
    return not_permitted(what, category, door, purpose)


class Condition:
    """A finished piece of SQL that takes part in a WHERE."""

    contains_aggregate = False
    contains_over_clause = False

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self.sql, []

    def relabeled_clone(self, change_map: Any) -> Condition:
        return self

    @property
    def negated(self) -> bool:
        return False


def own_text(node: Any) -> bool:
    """Whether a node's SQL may hold text that is not Django's: raw, a template, a foreign class."""
    if isinstance(node, _RAW):
        return True
    kind = type(node)
    if not kind.__module__.startswith("django."):
        return True
    return (
        isinstance(node, Func)
        and bool(node.extra)
        and ("template" in node.extra or "function" in node.extra or "arg_joiner" in node.extra)
    )


class GateCompiler:
    """Mixed into every compiler of a gated engine."""

    connection: Any
    query: Any

    def compile(self, node: Any) -> tuple[str, Any]:
        compilation = self.connection.compilation
        if compilation is None:
            return super().compile(node)  # type: ignore[misc, no-any-return]
        kind = type(node)
        if kind is Col:
            target = node.target
            compilation.use((target.model._meta.db_table, target.column))
        elif kind is Join or kind is BaseTable or isinstance(node, Join | BaseTable):
            return self._table(node, compilation)
        else:
            if isinstance(node, Col):
                compilation.use((node.target.model._meta.db_table, node.target.column))
            if (
                kind.__module__[:7] != "django."
                or (isinstance(node, _RAW) or (isinstance(node, Func) and node.extra))
                and own_text(node)
            ):
                sql, params = super().compile(node)  # type: ignore[misc]
                if kind is not Condition:
                    compilation.texts.append(sql)
                return sql, params
        return super().compile(node)  # type: ignore[misc, no-any-return]

    def _table(self, node: Any, compilation: Compilation) -> tuple[str, Any]:
        name = node.table_name
        compilation.use((name, ""))
        sql, params = super().compile(node)  # type: ignore[misc]
        if isinstance(node, Join):
            alias = self.quote_name_unless_alias(node.table_alias)  # type: ignore[attr-defined]
            condition = compilation.rows(name, alias, self)
            if condition:
                sql = f"{sql[:-1]} AND {condition})"
        return sql, params

    def base_condition(self, *, writing: bool) -> Condition | None:
        """The row filter of the statement's own table."""
        compilation = self.connection.compilation
        if compilation is None or compilation.scope is None or not compilation.scope.restricts:
            return None
        query = self.query
        for alias, table in query.alias_map.items():
            if isinstance(table, BaseTable) and (writing or query.alias_refcount[alias]):
                quoted = self.quote_name_unless_alias(alias)  # type: ignore[attr-defined]
                sql = compilation.rows(table.table_name, quoted, self, writing=writing)
                return Condition(sql) if sql else None
        return None

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        """Run the statement; a statement run while another is compiled is one of its own."""
        connection = self.connection
        outer, connection.compilation = connection.compilation, None
        self.statement: Statement | None = None
        try:
            result = super().execute_sql(*args, **kwargs)  # type: ignore[misc]
        finally:
            connection.compilation = outer
        statement = self.statement
        if statement is None or statement.scope is None:
            return result
        if isinstance(result, list):
            statement.scope.life.met(statement, sum(len(chunk) for chunk in result))
            return result
        if isinstance(result, GeneratorType):
            return _while_open(result, statement)
        statement.scope.life.met(statement, result if isinstance(result, int) else 1)
        return result

    def _told(self, compilation: Compilation) -> None:
        """Use what the compiler writes without compiling a node for it."""

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        connection = self.connection
        if connection.compilation is not None:
            return super().as_sql(*args, **kwargs)  # type: ignore[misc]
        compilation = Compilation()
        self._told(compilation)
        connection.compilation = compilation
        try:
            made = super().as_sql(*args, **kwargs)  # type: ignore[misc]
        finally:
            connection.compilation = None
        if isinstance(made, list):
            sealed = [(compilation.seal(sql, connection.nonce), params) for sql, params in made]
            self.statement = sealed[0][0] if sealed else None
            return sealed
        sql, params = made
        self.statement = compilation.seal(sql, connection.nonce) if sql else None
        return self.statement or sql, params


def _while_open(chunks: Iterator[Any], statement: Statement) -> Iterator[Any]:
    """The chunks of a result, as long as the door is open under which it was asked for."""
    scope = statement.scope
    assert scope is not None
    for chunk in chunks:
        scope.life.met(statement, len(chunk))
        yield chunk
        if not scope.life.open:
            raise no_purpose("the rest of a result whose door has closed")
