"""The connection: Django's, with the gate's compilers and SQLite's authorizer."""

from __future__ import annotations

import os
import secrets
import sqlite3
from typing import Any

from django.db import DatabaseError
from django.db.backends.sqlite3 import base, features, operations
from django.db.backends.utils import CursorWrapper

from plainview.privacy.gate import duties
from plainview.privacy.gate.compiling import Statement, refusal
from plainview.privacy.gate.connecting import (
    GateCursor,
    GateDebugCursor,
    GateOperations,
    GateWrapper,
    admit,
)
from plainview.privacy.gate.refusals import not_ours
from plainview.privacy.gate.scope import current
from plainview.privacy.gate.sqlite3.authorizer import Authorizer
from plainview.privacy.gate.written import note


def _demand_duty(act: str) -> None:
    scope = current()
    if scope is None or not scope.duty:
        door, purpose = (scope.life.door.name, scope.purpose) if scope else ("(none)", "(none)")
        raise not_ours(act, door, purpose)


def _erases() -> str:
    """What of ledgers may go now; their triggers ask (`ledgers.py`)."""
    scope = current()
    return duties.erases(scope.duty) if scope is not None else ""


class GateConnection(sqlite3.Connection):
    """A driver connection whose ways around SQL need a duty."""

    authorizer: Authorizer

    def commit(self) -> None:
        self.authorizer.settling = True
        try:
            super().commit()
        finally:
            self.authorizer.settling = False

    def serialize(self, *args: Any, **kwargs: Any) -> bytes:
        _demand_duty("serialize")
        return super().serialize(*args, **kwargs)

    def deserialize(self, *args: Any, **kwargs: Any) -> None:
        _demand_duty("deserialize")
        super().deserialize(*args, **kwargs)

    def backup(self, *args: Any, **kwargs: Any) -> None:
        _demand_duty("backup")
        super().backup(*args, **kwargs)

    def blobopen(self, *args: Any, **kwargs: Any) -> sqlite3.Blob:
        _demand_duty("blobopen")
        return super().blobopen(*args, **kwargs)

    def iterdump(self, *args: Any, **kwargs: Any) -> Any:
        _demand_duty("iterdump")
        return super().iterdump(*args, **kwargs)


class Endings(dict[str, str]):
    """How the texts of a connection end: with its secret and what they were compiled for."""

    def __init__(self) -> None:
        super().__init__()
        self.secret = secrets.token_hex(6)

    def __missing__(self, label: str) -> str:
        self[label] = ending = f"\n/*{self.secret} {label}*/"  # also after a comment
        return ending


class Fetching:
    """Mixed into a cursor: also while its rows are fetched, its statement is what runs.

    SQLite ends a statement with its last row, and FTS5 then writes down what it kept in memory.
    """

    db: DatabaseWrapper
    admission: Statement | None = None

    def _fetched(self, way: str, *args: Any) -> Any:
        authorizer = self.db.authorizer
        before, authorizer.admission = authorizer.admission, self.admission
        try:
            return self.__getattr__(way)(*args)  # type: ignore[attr-defined]
        finally:
            authorizer.admission = before

    def fetchone(self) -> Any:
        return self._fetched("fetchone")

    def fetchmany(self, *args: Any) -> Any:
        return self._fetched("fetchmany", *args)

    def fetchall(self) -> Any:
        return self._fetched("fetchall")


class Cursor(Fetching, GateCursor):
    """A cursor that tells the authorizer what its statement may use, and for no longer."""

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        self.admission = admission = admit(sql)
        authorizer = self.db.authorizer
        before = authorizer.admission
        authorizer.admission = admission
        authorizer.denied = None
        authorizer.settling = admission is None
        if admission is not None:
            scope = admission.scope
            sql += self.db.endings[scope.label if scope is not None else ""]
        try:
            result = CursorWrapper._execute(self, sql, params)  # type: ignore[attr-defined]
            note(self.db, sql)
            return result
        except DatabaseError as error:
            refused = self.db.turned_away(error)
            if refused is error:
                raise
            raise refused from None
        finally:
            authorizer.admission = before
            authorizer.settling = False


class DebugCursor(Fetching, GateDebugCursor):
    """As the cursor, with a log of the statements."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        self.admission = admit(sql)
        return super().execute(sql, params)


class DatabaseFeatures(features.DatabaseFeatures):
    """Django asks SQLite whether it has JSON in a statement of its own; ours always has."""

    supports_json_field = True
    minimum_database_version = (3, 35)
    """From then on rows that are made together come back with their keys."""


class DatabaseOperations(GateOperations, operations.DatabaseOperations):
    """Compilers from here, upserts filtered, parameters kept out of logs."""

    compiler_module = "plainview.privacy.gate.compilers"


class DatabaseWrapper(GateWrapper, base.DatabaseWrapper):
    """A SQLite database behind both walls."""

    as_vendor = "as_sqlite"
    cursor_class = Cursor
    ops_class = DatabaseOperations
    features_class = DatabaseFeatures
    _file: tuple[int, int] | None = None

    def get_connection_params(self) -> dict[str, Any]:
        return {"factory": GateConnection, **super().get_connection_params()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self._file = self._file_there()
        connection.create_function("plainview_erases", 0, _erases)
        connection.execute("PRAGMA recursive_triggers = ON")  # a REPLACE is a removal too
        self.endings = Endings()
        self.authorizer = connection.authorizer = Authorizer()
        connection.set_authorizer(self.authorizer)
        return connection

    def is_usable(self) -> bool:
        """Whether the file that is open is the one that is there: a copy may have taken its place.

        Asked once a request, since a connection outlives many.
        """
        return self._file == self._file_there()

    def _file_there(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def make_debug_cursor(self, cursor: Any) -> DebugCursor:
        return DebugCursor(cursor, self)

    def prepared(self, cursor: Any, sql: Any) -> Any:
        """The text with what it is for and the secret, so that no cached one serves another."""
        admission = self.authorizer.admission
        if admission is None:
            return sql
        return sql + self.endings[admission.scope.label if admission.scope is not None else ""]

    def let_in(self, admission: Statement | None) -> Any:
        """Let the authorizer know what the statement may use, for as long as it is prepared."""
        before = self.authorizer.admission
        self.authorizer.admission = admission
        self.authorizer.denied = None
        self.authorizer.settling = admission is None
        return before

    def let_out(self, before: Any) -> None:
        self.authorizer.admission = before
        self.authorizer.settling = False

    def turned_away(self, error: BaseException) -> BaseException:
        authorizer = self.authorizer
        if authorizer.denied is None or not isinstance(error, DatabaseError):
            return error
        admission = authorizer.admission
        return refusal(authorizer.denied, admission.scope if admission is not None else None)
