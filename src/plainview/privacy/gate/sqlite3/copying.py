"""A copy of a SQLite database as it stands at one moment, while others write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def copy(connection: Any, to: Path) -> None:
    """Copy by SQLite's online backup, in one step, so that no writer makes it begin anew.

    In write-ahead mode writers go on meanwhile. Needs a duty. `to` must not exist.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(to)) as target:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def whole(path: Path) -> bool:
    """Whether SQLite finds the file in order."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        try:
            return bool(opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False


def bare(path: Path) -> bool:
    """Whether a file of SQLite has no table in it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        try:
            return not opened.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.DatabaseError:
            return False
