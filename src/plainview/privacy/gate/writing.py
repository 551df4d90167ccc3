"""INSERT, UPDATE and DELETE behind the gate: columns told, rows filtered, new rows looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.constants import OnConflict
from django.db.models.expressions import Case, Col, Value, When
from django.db.models.functions import Cast
from django.db.models.sql import Query

from plainview.privacy.gate import corrected, filters, preserved, purposes
from plainview.privacy.gate.compiling import Compilation, GateCompiler, would_hold
from plainview.privacy.gate.grants import Key
from plainview.privacy.gate.refusals import NotPermitted, PersonRefuses, comes_otherwise, unsourced
from plainview.privacy.gate.scope import Scope, require
from plainview.privacy.gate.standing import answer, permitting
from plainview.privacy.registry import SubjectPath, Table, registry


def _columns(expression: Any, own: Key, connection: Any) -> Iterator[Key]:
    """The columns that the value of `expression` speaks of, sub-queries and their rows included.

    `own` is the key of the row that is written; a condition on it says nothing that the row is not.
    """
    if isinstance(expression, Col):
        target: Any = expression.target
        yield (target.model._meta.db_table, target.column)
    elif isinstance(expression, Query):
        selected = [*expression.select, *expression.annotation_select.values()]
        for column in [*selected, *expression.combined_queries]:
            yield from _columns(column, own, connection)
        yield from _asked(expression, connection) - {own}
    elif isinstance(expression, When):
        condition, result = expression.get_source_expressions()
        yield from (key for key in _columns(condition, own, connection) if key != own)
        yield from _columns(result, own, connection)
    elif hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from _columns(source, own, connection)


def _asked(query: Query, connection: Any) -> set[Key]:
    """All that a sub-query goes by: what chooses or orders its rows tells of people too."""
    outer, connection.compilation = connection.compilation, Compilation()
    try:
        query.clone().get_compiler(connection=connection).as_sql()
        found: set[Key] = connection.compilation.columns
        return found
    except EmptyResultSet:
        return set()
    finally:
        connection.compilation = outer


def _refuse_leak(target: Key, value: Any, compilation: Compilation, connection: Any) -> None:
    """A personal expression may not be assigned to a column that is marked impersonal.

    A count of personal rows is personal too. What texts of its own say is looked at when sealed.
    """
    if compilation.scope is None or compilation.scope.duty:
        return
    tables = registry().tables
    table = tables.get(target[0])
    mark = table.columns[target[1]].mark if table and target[1] in table.columns else None
    if table is None or mark is None or not mark.reason:
        return
    compilation.impersonal = f"{target[0]}.{target[1]}, marked impersonal ({mark.reason})"
    for origin, name in _columns(value, (table.name, table.key), connection):
        source = tables.get(origin)
        column = source.columns.get(name) if source and name else None
        if source is None or (source.personal if not name else not column or column.mark.category):
            raise would_hold(f"{origin}.{name}" if name else f"a row of {origin}", compilation)


def _values(expression: Any) -> Iterator[Any]:
    """The values that an expression may come to. Raises NotPermitted where nobody can know them."""
    if isinstance(expression, Value):
        yield expression.value
    elif isinstance(expression, Case | When | Cast):
        sources = expression.get_source_expressions()
        for source in sources[1:] if isinstance(expression, When) else sources:
            yield from _values(source)
    else:
        raise NotPermitted(
            f"{expression!r} is for a column whose keys are a closed list: give it a value"
        )


def _check_keys(target: Key, value: Any) -> None:
    """A JSON column whose mark closes the list of its keys holds an object of those and no more."""
    table = registry().tables.get(target[0])
    column = table.columns.get(target[1]) if table else None
    if column is None or not column.mark.keys or value is None:
        return
    if isinstance(value, str | bytes):
        value = json.loads(value)
    unknown = sorted(set(value) - set(column.mark.keys)) if isinstance(value, dict) else ["?"]
    if unknown:
        raise NotPermitted(
            f"{target[0]}.{target[1]} may hold {', '.join(column.mark.keys)}, not"
            f" {', '.join(unknown)}."
            "\n  1. Leave it out."
            "\n  2. Keep it in a column of its own, marked."
            "\n  3. Add it to keys=… of the mark, and let the privacy officer review it."
        )


def _refuse_unsourced(compilation: Compilation, name: str, columns: set[str]) -> None:
    """Raise Unsourced where what is written does not come from where the door says it does.

    The source has to be one of the policy (P0b), and one that the kind of data names (P1a).
    """
    scope, table = compilation.scope, registry().tables.get(name)
    if scope is None or scope.duty or table is None:
        return
    door, policy = scope.life.door, purposes.policy()
    known = getattr(policy, "sources", None)
    if known is None:
        return
    written = (each.mark.category for each in table.columns.values() if each.name in columns)
    for category in filter(None, written):
        if door.source not in known:
            raise unsourced(name, door.name, door.source)
        if category in policy.categories and not policy.comes_from(category, door.source):
            raise comes_otherwise(name, category, door.name, door.source)


class _Newcomers:
    """The check of rows that are about to be written about people."""

    def __init__(self, compiler: Any, scope: Scope, table: Table) -> None:
        self.compiler = compiler
        self.scope = scope
        self.table = table

    def check(self, people: list[dict[SubjectPath, Any]], *, births: bool) -> Any:
        """Raise PersonRefuses unless each row may be written; `people` has each row's links.

        Returns who is the person at the door once the rows are there, if nobody was before.
        """
        born = None if self.scope.everyone else self._check_own(people, births=births)
        if self.scope.grant.refusable:
            if not self.scope.everyone and not self.scope.life.allows(self.scope.grant.bit):
                raise self._refused("is about somebody who does not permit it here")
            for path in self.table.subjects:
                values = {row[path] for row in people if row.get(path) is not None}
                if values and self._count(path, values, refusing=True) != len(values):
                    raise self._refused("is about somebody who does not permit it")
        return born

    def _check_own(self, people: list[dict[SubjectPath, Any]], *, births: bool) -> Any:
        me, born = self.scope.life.subject, None
        for row in people:
            if not row:
                continue
            linked = {path: value for path, value in row.items() if value is not None}
            if not linked or any(self._mine(path, value, me) for path, value in linked.items()):
                continue
            if births and me is born is None and any(path.name == "self" for path in linked):
                born = next(iter(linked.values()))
                continue
            raise self._refused("is about somebody other than the person at the door")
        return born

    def _mine(self, path: SubjectPath, value: Any, me: int | None) -> bool:
        if me is None:
            return False
        if not path.hops:
            return bool(value == me)
        return self._count(path, {value}, refusing=False) == 1

    def _count(self, path: SubjectPath, values: set[Any], *, refusing: bool) -> int:
        """How many of the links lead to a person who permits it, or to the person at the door."""
        connection = self.compiler.connection
        if not path.hops:
            held = self.table.categories
            return len(permitting(values, self.scope.purpose, connection.alias, held))
        quote = connection.ops.quote_name
        first, *rest = path.hops
        tables = [f"{quote(first.table)} gate_l0"]
        joins = [f"gate_l0.{quote(first.target)} IN ({', '.join(['%s'] * len(values))})"]
        for number, hop in enumerate(rest, 1):
            tables.append(f"{quote(hop.table)} gate_l{number}")
            joins.append(
                f"gate_l{number}.{quote(hop.target)} = gate_l{number - 1}.{quote(hop.column)}"
            )
        grant = self.scope.grant
        withheld = self.table.categories & grant.withholdable
        person = f"gate_l{len(rest)}.{quote(path.column)}"
        test = (
            filters.permits(person, grant.bit, connection, filters.keeps(withheld, grant.bit))
            if refusing
            else f"{person} = {int(self.scope.life.subject or 0)}"
        )
        joins.append(f"({person} IS NULL OR {test})" if path.nullable else test)
        sql = f"SELECT COUNT(*) FROM {', '.join(tables)} WHERE {' AND '.join(joins)}"
        return int(answer(connection, sql, list(values), filters.reads(self.table))[0][0])

    def _refused(self, why: str) -> PersonRefuses:
        return PersonRefuses(
            f"door {self.scope.life.door.name}, purpose {self.scope.purpose}: a new row of"
            f" {self.table.name} {why}."
            "\n  1. Write only about people who permit the purpose; ask `permits` first."
            '\n  2. If the door serves everybody, say everyone="<why>".'
            "\n  3. If it must be written whatever they choose, it serves another purpose."
        )


class GateInsert(GateCompiler):
    """Mixed into the INSERT compiler."""

    returning_fields: Any
    born: Any = None

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's; then whoever watches hears what an upsert corrected of rows it found.

        A newcomer is the person at the door from then on: a row that was there already is nobody's
        birth, whoever asks for it.
        """
        upsert = self.query.on_conflict == OnConflict.UPDATE
        tell = corrected.overwriting(self.query) if upsert else None
        done = super().execute_sql(*args, **kwargs)
        if self.born is not None:
            require().life.become(self.born)
        if tell is not None:
            tell()
        return done

    def _told(self, compilation: Compilation) -> None:
        meta = self.query.get_meta()
        name = meta.db_table
        compilation.writes = name
        compilation.use((name, ""))
        keyed = registry().keyed
        for column in self.query.fields or [meta.pk]:
            compilation.use((name, column.column))
            for thing in self.query.objs:
                value = getattr(thing, column.attname)
                if hasattr(value, "resolve_expression"):
                    if (name, column.column) in keyed:
                        for part in _values(value):
                            _check_keys((name, column.column), part)
                    _refuse_leak((name, column.column), value, compilation, self.connection)
                elif (name, column.column) in keyed:
                    _check_keys((name, column.column), value)
        for column in [*(self.returning_fields or ()), *self.query.update_fields]:
            compilation.use((name, column.column))
        _refuse_unsourced(compilation, name, {each.column for each in self.query.fields})
        scope = compilation.scope
        table = filters.restricted(name, scope) if scope else None
        if scope is None or table is None:
            return
        people = [_links(table, thing, self.query.fields) for thing in self.query.objs]
        births = self.query.on_conflict is None
        self.born = _Newcomers(self, scope, table).check(people, births=births)
        if self.query.on_conflict == OnConflict.UPDATE:
            alias = self.connection.ops.quote_name(name)
            compilation.upsert = compilation.rows(name, alias, self, writing=True)


def _links(table: Table, thing: Any, fields: Any) -> dict[SubjectPath, Any]:
    by_column = {field.column: field for field in fields}
    links: dict[SubjectPath, Any] = {}
    for path in table.subjects:
        column = path.hops[0].column if path.hops else path.column
        field = by_column.get(column)
        value = getattr(thing, field.attname) if field is not None else None
        if hasattr(value, "resolve_expression"):
            raise NotPermitted(
                f"{table.name}.{column} says whom a new row is about: give it a value"
            )
        links[path] = value
    return links


class GateUpdate(GateCompiler):
    """Mixed into the UPDATE compiler."""

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's; then whoever watches hears, in the same transaction, what was corrected."""
        tell = corrected.listening(self.query)
        done = super().execute_sql(*args, **kwargs)
        if done and tell is not None:
            tell()
        return done

    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        made = super().pre_sql_setup()  # type: ignore[misc]
        where = self.narrowed(self.query.where, writing=True)
        if where is not self.query.where:
            self.query = self.query.clone()
            self.query.where = where
        return made

    def _told(self, compilation: Compilation) -> None:
        if not self.query.values:
            return
        name = self.query.get_meta().db_table
        compilation.writes = name
        compilation.use((name, ""))
        changed: dict[str, Any] = {}
        keyed = registry().keyed
        for field, _, value in self.query.values:
            if field.column is None:
                continue
            compilation.use((name, field.column))
            changed[field.column] = value
            if hasattr(value, "resolve_expression"):
                if (name, field.column) in keyed:
                    for part in _values(value):
                        _check_keys((name, field.column), part)
                value = value.resolve_expression(self.query, allow_joins=False, for_save=True)
                _refuse_leak((name, field.column), value, compilation, self.connection)
            elif (name, field.column) in keyed:
                _check_keys((name, field.column), value)
        _refuse_unsourced(compilation, name, set(changed))
        scope = compilation.scope
        table = filters.restricted(name, scope) if scope else None
        if scope is None or table is None:
            return
        people: dict[SubjectPath, Any] = {}
        for path in table.subjects:
            column = path.hops[0].column if path.hops else path.column
            if column in changed:
                value = changed[column]
                if hasattr(value, "resolve_expression"):
                    raise NotPermitted(f"{name}.{column} says whom a row is about: give it a value")
                people[path] = getattr(value, "pk", value)
        if people:
            _Newcomers(self, scope, table).check([people], births=False)


class GateDelete(GateCompiler):
    """Mixed into the DELETE compiler."""

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's; whoever must keep what goes has it then, and whoever watches hears of it."""
        tell = corrected.listening(self.query, gone=True)
        with preserved.around(self.query):
            done = super().execute_sql(*args, **kwargs)
        if tell is not None:
            tell()
        return done

    def _told(self, compilation: Compilation) -> None:
        name = self.query.get_meta().db_table
        compilation.writes = compilation.deletes = name
        compilation.use((name, ""))

    def _as_sql(self, query: Any) -> Any:
        where = self.narrowed(query.where, writing=True)
        if where is not query.where:
            query = query.clone()
            query.where = where
        return super()._as_sql(query)  # type: ignore[misc]
