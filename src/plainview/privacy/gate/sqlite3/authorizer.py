"""The second wall of SQLite: its authorizer asks for every table and column at prepare time.

It is not asked again for a statement that the connection's cache holds, so every statement ends
in a comment with a secret of the connection and the purpose (see `base.prepared`).
"""

from __future__ import annotations

import sqlite3
from typing import Any

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
_INDEXES = ("search_entry_fts", "search_passage_fts")
"""Full-text indexes, each over a table about nobody; FTS5 keeps them in tables of its own."""
_INDEX_TABLES = frozenset(
    f"{name}{part}"
    for name in _INDEXES
    for part in ("", "_data", "_idx", "_content", "_docsize", "_config")
)


class Authorizer:
    """Answers for one connection. `admission` says what the running statement may use."""

    __slots__ = ("admission", "denied")

    def __init__(self) -> None:
        self.admission: Statement | None = None
        self.denied: Key | None = None

    def __call__(
        self,
        action: int,
        one: str | None,
        two: str | None,
        database: str | None,
        source: str | None,
    ) -> int:
        if one in _INDEX_TABLES and action in _ROWS:
            return sqlite3.SQLITE_OK  # FTS5 asks for them later than its statement began
        if one == "sqlite_master" and (action == sqlite3.SQLITE_UPDATE or two == "ROWID"):
            # What SQLite compiles, and never runs, when it meets an index anew. A statement that
            # says it is refused by SQLite itself, without the pragma `writable_schema`.
            return sqlite3.SQLITE_OK
        admission = self.admission
        columns: Any = admission.columns if admission is not None else _NOTHING
        if action == sqlite3.SQLITE_READ:
            if (one, two) in columns or one in _VIRTUAL:
                return sqlite3.SQLITE_OK
            if two == "ROWID":
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
        self.denied = (one or "", two or "")
        return sqlite3.SQLITE_DENY
