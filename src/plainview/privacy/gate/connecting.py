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
from plainview.privacy.gate.grants import EVERYTHING, Grant
from plainview.privacy.gate.refusals import no_purpose, not_ours
from plainview.privacy.gate.scope import Scope, current, keep
from plainview.privacy.gate.written import note

_PLACES = re.compile(
    r'(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ["`]?\w+["`]?'
    r"|BEGIN( DEFERRED| IMMEDIATE| EXCLUSIVE)?"
    r'|SET CONSTRAINTS (ALL|"?\w+"?(, "?\w+"?)*) (IMMEDIATE|DEFERRED)'
    r'|PRAGMA foreign_keys( = (ON|OFF))?|PRAGMA foreign_key_check(\("?\w+"?\))?'
)


def _admission(columns: Any, grant: Grant, scope: Scope | None) -> Statement:
    admission = Statement()
    admission.columns, admission.grant, admission.scope = columns, grant, scope
    return admission


def admit(sql: Any) -> Statement | None:
    """What `sql` may touch; None for a mere place in a transaction. Raises Refused otherwise."""
    scope = current()
    if type(sql) is Statement:
        made_under = sql.scope
        if made_under is None:
            return sql
        if made_under is not scope:
            raise no_purpose("a statement compiled under a scope that is not the open one")
        if not made_under.duty:
            return sql
    text = sql if isinstance(sql, str) else ""
    if _PLACES.fullmatch(text):  # also in an aborted transaction, where no role can be set
        return None
    if scope is not None and scope.duty:
        return _admission(EVERYTHING.columns, EVERYTHING, scope)
    word = re.match(r"\W*(\w+)", text)
    door, purpose = (scope.life.door.name, scope.purpose) if scope else ("(none)", "(none)")
    raise not_ours(word.group(1).upper() if word else "?", door, purpose)


class GateCursor(CursorWrapper):
    """A cursor that runs what the gate admits, and lets the engine's second wall know of it."""

    db: Any

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        db = self.db
        before = db.let_in(admit(sql))
        try:
            result = super()._execute(db.prepared(self.cursor, sql), params)  # type: ignore[misc]
            db.sent(self.cursor)
            note(db, sql)
            return result
        except BaseException as error:
            refused = db.turned_away(error)
            if refused is error:
                raise
            raise refused from None
        finally:
            db.let_out(before)

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        with self.db.second_wall(admit(sql)):
            prepared = self.db.prepared(None, sql)
            result = super()._executemany(prepared, param_list)  # type: ignore[misc]
            note(self.db, sql)
            return result

    def callproc(self, procname: Any, params: Any = None, kparams: Any = None) -> Any:
        with self.db.second_wall(admit(f"CALL {procname}")):
            self.db.prepared(None, "CALL")
            return super().callproc(procname, params, kparams)

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        return self._of_the_driver("copy", *args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Any:
        return self._of_the_driver("stream", *args, **kwargs)

    def executescript(self, *args: Any, **kwargs: Any) -> Any:
        return self._of_the_driver("executescript", *args, **kwargs)

    def _of_the_driver(self, way: str, *args: Any, **kwargs: Any) -> Any:
        """A way of the driver's own cursor by which statements run: under a duty alone."""
        with self.db.second_wall(admit(way)):
            self.db.prepared(None, way)
            return getattr(self.cursor, way)(*args, **kwargs)


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

    as_vendor: str
    """The method by which a node writes itself for this engine."""
    compilation: Compilation | None = None
    cursor_class = GateCursor

    def make_cursor(self, cursor: Any) -> GateCursor:
        return self.cursor_class(cursor, self)

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

    def let_in(self, admission: Statement | None) -> Any:
        """Tell the engine what the next statement may use; returns what `let_out` needs."""
        raise NotImplementedError

    def let_out(self, before: Any) -> None:
        """The statement is over."""
        raise NotImplementedError

    def turned_away(self, error: BaseException) -> BaseException:
        """The error that stands for `error`: a refusal, where the engine refused."""
        raise NotImplementedError

    @contextmanager
    def second_wall(self, admission: Statement | None) -> Iterator[None]:
        """`let_in` and `let_out` around whatever else runs on the connection."""
        before = self.let_in(admission)
        try:
            yield
        except BaseException as error:
            refused = self.turned_away(error)
            if refused is error:
                raise
            raise refused from None
        finally:
            self.let_out(before)


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
