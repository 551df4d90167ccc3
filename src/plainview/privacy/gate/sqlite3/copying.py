"""A copy of a SQLite database as it stands at one moment, while others write."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

LONGEST = 504
"""Bytes of the longest path by which SQLite opens a file; what it adds for its journal counts."""


def copy(connection: Any, to: Path) -> None:
    """Copy by SQLite's online backup, in one step, so that no writer makes it begin anew.

    In write-ahead mode writers go on meanwhile. Needs a duty. `to` must not exist.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(to)) as target:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


def too_long(path: Path) -> str:
    """That SQLite opens no file by so long a path, and what to do; "" if it does."""
    length = len(os.fsencode(path.resolve()))
    if length <= LONGEST:
        return ""
    return (
        f"SQLite opens no file whose path is longer than {LONGEST} bytes, and that of the database"
        f" has {length}: name a folder nearer to the root in PLAINVIEW_DATA_DIR"
    )


def _read(path: Path) -> sqlite3.Connection:
    """The file opened for reading, whatever its folders are called."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def whole(path: Path) -> bool:
    """Whether SQLite finds the file in order."""
    with closing(_read(path)) as opened:
        try:
            return bool(opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False


def bare(path: Path) -> bool:
    """Whether a file of SQLite has no table in it."""
    with closing(_read(path)) as opened:
        try:
            return not opened.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.DatabaseError:
            return False
