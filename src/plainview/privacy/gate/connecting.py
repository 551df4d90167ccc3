"""What both gated engines share: which statement a cursor lets through, and for what.

A statement runs if the compiler made it under the scope that is open now, if a duty is open, or
if it only marks a place in a transaction. Query logs never carry parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from plainview.privacy.gate.compiling import Compilation, Statement
from plainview.privacy.gate.grants import EVERYTHING, Grant, Key, nobody
from plainview.privacy.gate.refusals import no_purpose, not_ours
from plainview.privacy.gate.scope import Scope, current, keep
from plainview.privacy.registry import registry

_PLACES = re.compile(
    r'(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ["`]?\w+["`]?'
    r"|BEGIN( DEFERRED| IMMEDIATE| EXCLUSIVE)?"
    r'|SET CONSTRAINTS (ALL|"?\w+"?(, "?\w+"?)*) (IMMEDIATE|DEFERRED)'
    r'|PRAGMA foreign_keys( = (ON|OFF))?|PRAGMA foreign_key_check(\("?\w+"?\))?'
)


class Admission:
    """What the database may be asked for by one statement."""

    __slots__ = ("columns", "grant", "scope")

    def __init__(self, columns: Any, grant: Grant, scope: Scope | None) -> None:
        self.columns = columns
        self.grant = grant
        self.scope = scope

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


def admit(sql: Any) -> Admission | None:
    """What `sql` may touch; None for a mere place in a transaction. Raises Refused otherwise."""
    scope = current()
    if type(sql) is Statement:
        made_under = sql.scope
        if made_under is None:
            return Admission(sql.columns, nobody(), None)
        if made_under is not scope:
            raise no_purpose("a statement compiled under a scope that is not the open one")
        if made_under.duty:
            return Admission(EVERYTHING.columns, EVERYTHING, scope)
        return Admission(sql.columns, made_under.grant, scope)
    if scope is not None and scope.duty:
        return Admission(EVERYTHING.columns, EVERYTHING, scope)
    text = sql if isinstance(sql, str) else ""
    if _PLACES.fullmatch(text):
        return None
    word = re.match(r"\W*(\w+)", text)
    door, purpose = (scope.life.door.name, scope.purpose) if scope else ("(none)", "(none)")
    raise not_ours(word.group(1).upper() if word else "?", door, purpose)


class GateCursor(CursorWrapper):
    """A cursor that runs what the gate admits, and lets the engine's second wall know of it."""

    db: Any

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        with self.db.second_wall(admit(sql)):
            result = super()._execute(self.db.prepared(self.cursor, sql), params)  # type: ignore[misc]
            self.db.sent(self.cursor)
            return result

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        with self.db.second_wall(admit(sql)):
            sql = self.db.prepared(None, sql)
            return super()._executemany(sql, param_list)  # type: ignore[misc]

    def callproc(self, procname: Any, params: Any = None, kparams: Any = None) -> Any:
        with self.db.second_wall(admit(f"CALL {procname}")):
            self.db.prepared(None, "CALL")
            return super().callproc(procname, params, kparams)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        with self.db.second_wall(admit("COPY")):
            self.db.prepared(None, "COPY")
            return self.cursor.copy(*args, **kwargs)  # type: ignore[attr-defined]


class GateDebugCursor(CursorDebugWrapper, GateCursor):
    """Logs statements without what they carry."""

    @contextmanager
    def debug_sql(
        self,
        sql: Any = None,
        params: Any = None,
        use_last_executed_query: bool = False,
        many: bool = False,
    ) -> Iterator[None]:
        with super().debug_sql(str(sql), None if not many else (), False, many):
            yield


class GateWrapper:
    """Mixed into the connection of a gated engine."""

    compilation: Compilation | None = None

    def make_cursor(self, cursor: Any) -> GateCursor:
        return GateCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> GateDebugCursor:
        return GateDebugCursor(cursor, self)

    def on_commit(self, func: Callable[[], Any], robust: bool = False) -> None:
        """Register `func`; it will run under the scope of now, if that is still open by then."""
        later = keep(func) if callable(func) and current() else func
        super().on_commit(later, robust)  # type: ignore[misc]

    def prepared(self, cursor: Any, sql: Any) -> Any:
        """The text as it is sent."""
        return sql

    def sent(self, cursor: Any) -> None:
        """A statement was answered."""


class GateOperations:
    """Mixed into the operations of a gated engine."""

    connection: Any

    def on_conflict_suffix_sql(self, *args: Any, **kwargs: Any) -> Any:
        """An upsert changes only the rows that the statement may see."""
        suffix = super().on_conflict_suffix_sql(*args, **kwargs)  # type: ignore[misc]
        compilation = self.connection.compilation
        if suffix and compilation is not None and compilation.upsert and "DO UPDATE" in suffix:
            return f"{suffix} WHERE {compilation.upsert}"
        return suffix

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """The statement without its parameters."""
        return str(sql)
