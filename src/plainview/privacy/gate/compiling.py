"""The first wall: what Django's SQL compiler asks for, checked and filtered while it is compiled.

Every column and table of a statement passes `SQLCompiler.compile` as a Col, BaseTable or Join;
what the compilers write by themselves (inserted and updated columns, DISTINCT ON) they tell.
The outermost compiler seals the text together with what it uses and the scope it was made under.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from types import GeneratorType
from typing import Any

from django.core.exceptions import FullResultSet
from django.db.models.expressions import Col
from django.db.models.sql import InsertQuery
from django.db.models.sql.datastructures import BaseTable, Join

from plainview.privacy.gate import filters, purposes, texts
from plainview.privacy.gate.grants import Grant, Key, nobody
from plainview.privacy.gate.looks import met
from plainview.privacy.gate.refusals import (
    NotPermitted,
    Refused,
    no_purpose,
    not_permitted,
    unmarked,
)
from plainview.privacy.gate.scope import Scope, current
from plainview.privacy.gate.texts import COLUMN, OURS, PLAIN, TABLE, TEMPLATE
from plainview.privacy.registry import registry


class Statement(str):
    """SQL that the compiler made: its text, the columns it uses, the scope it was made under."""

    __slots__ = ("columns", "grant", "scope")
    columns: AbstractSet[Key]
    scope: Scope | None
    grant: Grant

    def also(self, key: Key) -> bool:
        """Whether a text within the statement may read a column that the compiler did not see.

        It may if the purpose may, and if no row filter is passed by: the table is in the statement
        already (and then filtered there), or all its rows are open to the scope.
        """
        if key not in self.grant.columns:
            return False
        if self.scope is None or not self.scope.restricts:
            return True
        table = registry().tables.get(key[0])
        return (key[0], "") in self.columns or (table is not None and not table.personal)


class Compilation:
    """What one statement uses, gathered while it and its sub-queries are compiled."""

    own: AbstractSet[Key] = frozenset()
    filtered: AbstractSet[str] = frozenset()
    texts: tuple[str, ...] = ()
    writes = ""
    deletes = ""
    upsert = ""
    impersonal = ""
    """The column marked impersonal to which an expression is assigned."""

    def __init__(self) -> None:
        self.scope = scope = current()
        self.grant: Grant = scope.grant if scope is not None else nobody()
        self.allowed = self.grant.columns
        self.restricts = scope is not None and scope.restricts
        self.columns: set[Key] = set()

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
        self.filtered |= {name}
        self.own |= filters.reads(table)
        inner, compiler.connection.compilation = compiler.connection.compilation, None
        try:
            return filters.rows(table, alias, self.scope, compiler, writing=writing)
        finally:
            compiler.connection.compilation = inner

    def seal(self, sql: str) -> Statement:
        """The finished statement. Raises Refused if a text within it could dodge the row filter."""
        columns = self.columns
        if self.filtered and (self.grant.withholdable or self.grant.disputable):
            sql = self._withholding(sql)
        if self.own:
            columns |= self.own
        if self.writes:
            columns |= registry().neighbours.get(self.writes, frozenset())
        if self.texts and not (self.scope and self.scope.duty):
            self._read_texts(columns)
            there = {table for table, _ in columns}
            said = (key for text in self.texts for key in texts.uses(text, there))
            columns |= {key for key in said if key in self.grant.columns}
        statement = Statement(sql)
        statement.columns = columns
        statement.scope = self.scope
        statement.grant = self.grant
        return statement

    def _withholding(self, sql: str) -> str:
        """`sql` with the rows left out of people who withhold what it uses of a table.

        Deleting a row and reading it in text of one's own use all that the row holds.
        """
        bulk = self.scope is not None and self.scope.everyone
        for name in self.filtered:
            table = registry().tables[name]
            used = set(table.categories)
            if name != self.deletes and not self.texts:
                used = {table.columns[c].mark.category for t, c in self.columns if t == name and c}
            sql = filters.without_withheld(sql, table, used, self.grant, bulk=bulk)
        return sql

    def _read_texts(self, columns: set[Key]) -> None:
        """Refuse a text that reads a table which is filtered here, or which only the gate reads.

        A table is read where its name stands other than in front of a column's dot. Beside an
        impersonal column that is written, no text may name what is personal at all.
        """
        if self.impersonal:
            personal = {table.name for table in registry().personal_tables()}
            tables = (registry().tables.get(name) for name in {name for name, _ in columns})
            for table in filter(None, tables):
                personal |= {c.name for c in table.columns.values() if c.mark.category}
            for text in self.texts:
                if found := texts.named(personal, text):
                    raise would_hold(f"{found} in a text of its own", self)
        names = {table for table, _ in columns if (table, "") not in self.grant.columns}
        names |= {name for name, _ in filters.READ if (name, "") not in self.grant.columns}
        if self.scope is not None and self.scope.restricts:
            names.update(table.name for table in registry().personal_tables())
        for text in self.texts:
            found = texts.reads(names, text)
            if found:
                raise self.dodges(f"reads {found}")

    @property
    def where(self) -> str:
        """The door and the purpose, as a refusal begins."""
        door = self.scope.life.door.name if self.scope else "(none)"
        return f"door {door}, purpose {self.grant.purpose}"

    def dodges(self, how: str) -> NotPermitted:
        """The refusal of a text of its own that could pass the row filter by."""
        return NotPermitted(
            f"{self.where}: an expression with SQL text of its own"
            f" {how}, whose rows are filtered here, and text cannot be."
            "\n  1. Say it with Subquery, Exists or OuterRef."
            "\n  2. Name the table only in front of a column."
            "\n  3. If it serves all rows by duty, it belongs into privacy/."
        )


def would_hold(what: str, compilation: Compilation) -> NotPermitted:
    """The refusal of an assignment that would carry `what` into a column marked impersonal."""
    return NotPermitted(
        f"{compilation.where}: {what} is personal, and"
        f" {compilation.impersonal}, would hold it."
        "\n  1. Assign it to a column of that category."
        "\n  2. If the target holds personal data after all, mark it with personal(…)."
        "\n  3. If the result says nothing about anyone, compute it in Python and say why."
    )


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
    uses = purposes.policy().uses(purpose) if scope and not scope.duty else frozenset()
    if not category or category in uses or (column and column.mark.reason):
        what, category = f"the table {key[0]}", table.row
    return not_permitted(what, category, door, purpose)


class Narrowed:
    """A WHERE, whatever it says, and the row filter that must be met besides."""

    contains_aggregate = False
    contains_over_clause = False

    def __init__(self, where: Any, condition: str) -> None:
        self.where = where
        self.condition = condition

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.where:
            return self.condition, []
        try:
            sql, params = compiler.compile(self.where)
        except FullResultSet:
            return self.condition, []
        return f"({sql}) AND {self.condition}", params


_kinds: dict[type, int] = {Narrowed: OURS}


class GateCompiler:
    """Mixed into every compiler of a gated engine."""

    connection: Any
    query: Any

    def compile(self, node: Any) -> tuple[str, Any]:
        connection = self.connection
        compilation = connection.compilation
        kind = type(node)
        how = PLAIN
        if compilation is not None:
            if kind is Col:  # the commonest node, written as Col.as_sql does
                alias, column = node.alias, node.target.column
                key = (node.target.model._meta.db_table, column)
                if key in compilation.allowed:
                    compilation.columns.add(key)
                else:
                    compilation.use(key)
                quoted = self.quote_cache  # type: ignore[attr-defined]
                quote = self.quote_name_unless_alias  # type: ignore[attr-defined]
                sql = quoted.get(column) or quote(column)
                return (f"{quoted.get(alias) or quote(alias)}.{sql}" if alias else sql), []
            how = _kinds.get(kind, -1)
            if how < 0:
                how = _kinds[kind] = texts.kind_of(kind)
            if how == TABLE:
                key = (node.table_name, "")
                if key in compilation.allowed:
                    compilation.columns.add(key)
                else:
                    compilation.use(key)
                if compilation.restricts and isinstance(node, Join):
                    return self._join(node, compilation)
            elif how == COLUMN:
                compilation.use((node.target.model._meta.db_table, node.target.column))
        for_vendor = getattr(node, connection.as_vendor, None)
        sql, params = for_vendor(self, connection) if for_vendor else node.as_sql(self, connection)
        if how >= TEMPLATE and (own := texts.within(how, node, sql)):
            compilation.texts += tuple(own)
            if compilation.restricts and not texts.is_closed(sql):
                raise compilation.dodges(
                    "has a bracket, quote or comment that does not end in it, at a table"
                )
        return sql, params

    def _join(self, node: Any, compilation: Compilation) -> tuple[str, Any]:
        sql, params = node.as_sql(self, self.connection)
        alias = self.quote_name_unless_alias(node.table_alias)  # type: ignore[attr-defined]
        condition = compilation.rows(node.table_name, alias, self)
        return (f"{sql[:-1]} AND {condition})" if condition else sql), params

    def narrowed(self, where: Any, *, writing: bool) -> Any:
        """`where` with the row filter of the statement's own table."""
        compilation = self.connection.compilation
        if compilation is None or not compilation.restricts:
            return where
        query = self.query
        for alias, table in query.alias_map.items():
            if isinstance(table, BaseTable) and (writing or query.alias_refcount[alias]):
                quoted = self.quote_name_unless_alias(alias)  # type: ignore[attr-defined]
                sql = compilation.rows(table.table_name, quoted, self, writing=writing)
                return Narrowed(where, sql) if sql else where
        return where

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
        life = statement.scope.life
        if type(result) is list:
            if life.records or life.looks is not None:
                rows = len(result[0]) if len(result) == 1 else sum(map(len, result))
                asked = not isinstance(self.query, InsertQuery)
                met(statement.scope, statement.columns, rows, read=asked)
        elif isinstance(result, GeneratorType):
            return _while_open(result, statement)
        elif life.records or life.looks is not None:
            rows = result if isinstance(result, int) else 1
            met(statement.scope, statement.columns, max(rows, 0), read=isinstance(result, tuple))
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
        if type(made) is list:
            sealed = [(compilation.seal(sql), params) for sql, params in made]
            self.statement = sealed[0][0] if sealed else None
            return sealed
        sql, params = made
        self.statement = compilation.seal(sql) if sql else None
        return self.statement or sql, params


def _while_open(chunks: Iterator[Any], statement: Statement) -> Iterator[Any]:
    """The chunks of a result, as long as the door is open under which it was asked for."""
    scope = statement.scope
    for chunk in chunks:
        if scope is None:
            yield chunk
            continue
        if scope.life.records or scope.life.looks is not None:
            met(scope, statement.columns, len(chunk))
        yield chunk
        if not scope.life.open:
            raise no_purpose("the rest of a result whose door has closed")
