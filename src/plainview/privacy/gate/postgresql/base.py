"""The connection: Django's, with the gate's compilers and a role for each purpose.

`SET ROLE` travels in front of the first statement that needs another role, in the same message,
so a switch costs no round trip. A rollback may put an older role back, so it is asked for anew.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import DataError, ProgrammingError
from django.db.backends.postgresql import base, operations

from plainview.privacy.gate import duties
from plainview.privacy.gate.compiling import Statement
from plainview.privacy.gate.connecting import GateOperations, GateWrapper
from plainview.privacy.gate.grants import EVERYTHING
from plainview.privacy.gate.postgresql.errors import silenced
from plainview.privacy.gate.postgresql.roles import role
from plainview.privacy.gate.refusals import NotPermitted

UNKNOWN = "?"
_TAKEN = {
    f"the owner, erasing {what or 'nothing'}": f"SET ROLE NONE; SET plainview.erases = '{what}'"
    for what in ("", "people", "all")
}
"""How the owner's role is taken; triggers of ledgers ask what of them may go (`ledgers.py`)."""


class Quiet:
    """A driver's cursor whose errors carry no values."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().execute(*args, **kwargs)  # type: ignore[misc]
        except psycopg.Error as error:
            raise silenced(error) from None

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().executemany(*args, **kwargs)  # type: ignore[misc]
        except psycopg.Error as error:
            raise silenced(error) from None


class Cursor(Quiet, base.Cursor):
    """The usual cursor."""


class ServerBindingCursor(Quiet, base.ServerBindingCursor):
    """The cursor of connections that bind on the server."""


class DatabaseOperations(GateOperations, operations.DatabaseOperations):
    """Compilers from here, upserts filtered, parameters kept out of logs."""

    compiler_module = "plainview.privacy.gate.postgresql.compiler"


class DatabaseWrapper(GateWrapper, base.DatabaseWrapper):
    """A PostgreSQL database behind both walls."""

    as_vendor = "as_postgresql"
    ops_class = DatabaseOperations
    role = UNKNOWN
    wanted = UNKNOWN
    _folded = False
    _admitted: Statement | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if params["cursor_factory"] is base.Cursor:
            params["cursor_factory"] = Cursor
        elif params["cursor_factory"] is base.ServerBindingCursor:
            params["cursor_factory"] = ServerBindingCursor
        return params

    def init_connection_state(self) -> None:
        """Begin as nobody, where the roles are made already, and made ours."""
        super().init_connection_state()
        name = self._role_of("")
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', rolname, false) FROM pg_roles"
                " WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')",
                [name],
            )
            self.role = name if cursor.fetchone() else UNKNOWN
        if not self.get_autocommit():
            self.connection.commit()

    def _role_of(self, purpose: str) -> str:
        names = self.__dict__.setdefault("_role_names", {})
        if purpose not in names:
            names[purpose] = role(self.settings_dict["NAME"] or "", purpose)
        return names[purpose]  # type: ignore[no-any-return]

    def _switch(self) -> str:
        """The statement that makes the wanted role the current one."""
        return _TAKEN.get(self.wanted) or f'SET ROLE "{self.wanted}"'

    def prepared(self, cursor: Any, sql: Any) -> Any:
        """The text as it is sent, behind a change of role where one is needed."""
        if self.wanted in (self.role, UNKNOWN):
            return sql
        if self.wanted not in _TAKEN and isinstance(sql, str) and type(cursor) is Cursor:
            self._folded = True
            return f"{self._switch()}; {sql}"
        with psycopg.ClientCursor(self.connection) as plain:
            plain.execute(self._switch())
        self.role = self.wanted
        return sql

    def sent(self, cursor: Any) -> None:
        """Step over the answer to a change of role that travelled with the statement."""
        if self._folded:
            self._folded = False
            cursor.nextset()
            self.role = self.wanted

    def let_in(self, admission: Statement | None) -> Any:
        """Say which role the statement runs as."""
        before = self.wanted, self._admitted
        self._admitted = admission
        self._folded = False
        if admission is None:
            self.wanted = UNKNOWN
        elif admission.grant is EVERYTHING:
            duty = admission.scope.duty if admission.scope is not None else ""
            self.wanted = f"the owner, erasing {duties.erases(duty) or 'nothing'}"
        else:
            self.wanted = self._role_of(admission.grant.purpose)
        return before

    def let_out(self, before: Any) -> None:
        self.wanted, self._admitted = before

    def turned_away(self, error: BaseException) -> BaseException:
        self.role = UNKNOWN
        cause = error.__cause__
        if isinstance(error, ProgrammingError) and getattr(cause, "sqlstate", "") == "42501":
            return self._denied(self._admitted, str(cause))
        nul = "NUL" in str(cause) or getattr(cause, "sqlstate", "") == "22P05"  # within JSON
        if isinstance(error, DataError) and nul:  # whoever sent it slipped: 400
            return SuspiciousOperation("a text with a NUL, which no column takes")
        return error

    def _denied(self, admission: Statement | None, said: str) -> NotPermitted:
        scope = admission.scope if admission is not None else None
        door, purpose = (scope.life.door.name, scope.purpose) if scope else ("(none)", "(none)")
        return NotPermitted(
            f"door {door}, purpose {purpose}: the database refused it ({said.split(chr(10))[0]})."
            "\n  1. Say it with the ORM, which refuses with the column's name."
            "\n  2. After a change of marks or policy: `plainview manage migrate` renews the roles."
            "\n  3. If it is a migration, an export or an erasure, it belongs into that duty."
        )

    def _rollback(self) -> Any:
        self.role = UNKNOWN
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.role = UNKNOWN

    def connect(self) -> None:
        self.role = UNKNOWN
        super().connect()
