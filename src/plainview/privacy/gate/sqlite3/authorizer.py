"""The second wall of SQLite: its authorizer asks for every table and column at prepare time.

It is not asked again for a statement that the connection's cache holds, so every statement ends
in a comment with a secret of the connection and the purpose (see `base.prepared`).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from plainview.platform.search import FULL_TEXT
from plainview.privacy.gate.compiling import Statement
from plainview.privacy.gate.grants import Everything, Key

_FREE = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_PRAGMAS = frozenset(
    {"foreign_keys", "foreign_key_check", "foreign_key_list", "table_info", "data_version"}
)
_FUNCTIONS_REFUSED = frozenset({"load_extension", "fts3_tokenizer"})
_NOTHING: frozenset[Key] = frozenset()
_VIRTUAL = frozenset({"json_each", "json_tree"})
_ROWS = frozenset(
    {sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
)
_INDEX_OF = {
    f"{table}_fts{part}": table for table in FULL_TEXT for part in ("", "_data", "_idx", "_config")
}
"""A full-text index and the tables that FTS5 keeps it in, each with the table that it is over."""


class Authorizer:
    """Answers for one connection. `admission` says what the running statement may use.

    `settling` says that a transaction is at its end or at a place within it: FTS5 then writes down
    what it kept in memory.
    """

    __slots__ = ("admission", "denied", "settling")

    def __init__(self) -> None:
        self.admission: Statement | None = None
        self.denied: Key | None = None
        self.settling = False

    def __call__(
        self,
        action: int,
        one: str | None,
        two: str | None,
        database: str | None,
        source: str | None,
    ) -> int:
        row = two == "ROWID"
        admission = self.admission
        columns: Any = admission.columns if admission is not None else _NOTHING
        if action == sqlite3.SQLITE_READ:
            if (one, two) in columns or one in _VIRTUAL:
                return sqlite3.SQLITE_OK
            if row:
                two = ""
            if admission is not None and admission.also((one or "", two or "")):
                return sqlite3.SQLITE_OK
        elif action in _FREE or type(columns) is Everything:
            return sqlite3.SQLITE_OK
        elif action == sqlite3.SQLITE_UPDATE:
            if (one, two) in columns:
                return sqlite3.SQLITE_OK
        elif action in (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE):
            if (one, "") in columns:
                return sqlite3.SQLITE_OK
            two = ""
        elif action == sqlite3.SQLITE_FUNCTION:
            if two not in _FUNCTIONS_REFUSED:
                return sqlite3.SQLITE_OK
        elif action == sqlite3.SQLITE_PRAGMA and (one or "") in _PRAGMAS:
            return sqlite3.SQLITE_OK
        if database == "main" and self._is_index(action, one, row, source):
            return sqlite3.SQLITE_OK
        self.denied = (one or "", two or "")
        return sqlite3.SQLITE_DENY

    def _is_index(self, action: int, table: str | None, row: bool, source: str | None) -> bool:
        """Whether it is a full-text index that is touched: open to whom the table under it is."""
        if action in _ROWS and table in _INDEX_OF:
            under = (_INDEX_OF[table], "")
            admission = self.admission
            return self.settling or (
                admission is not None and (under in admission.columns or admission.also(under))
            )
        if table == "sqlite_master" and source is None and self.admission is not None:
            # When SQLite meets an index anew it compiles a change of its schema, which it never
            # runs; a statement that says so is refused by SQLite itself (no `writable_schema`).
            return action == sqlite3.SQLITE_UPDATE or (action == sqlite3.SQLITE_READ and row)
        return False
