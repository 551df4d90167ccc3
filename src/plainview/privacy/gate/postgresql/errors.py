"""Errors don't speak: what PostgreSQL says is cut down to what holds no value of a row."""

from __future__ import annotations

from typing import Any

import psycopg

READ_ONLY = "25006"
"""What a server answers that lets nobody write: a standby, or one that was set so."""
# Classes whose primary message names tables, columns, constraints or roles, never a value.
_NAMING = frozenset(
    {"23502", "23503", "23505", "23514", "23P01", "42P01", "42703", "42501", "42883"}
)


class ReadOnly(psycopg.OperationalError):
    """Nothing can be written at this moment, by whomever: nothing is wrong with the statement."""


def silenced(error: psycopg.Error) -> psycopg.Error:
    """The same kind of error without DETAIL, without the statement, without values."""
    state = error.sqlstate or ""
    primary = getattr(error.diag, "message_primary", None) or ""
    if not state:
        return error
    if state == READ_ONLY:  # the driver calls it internal, as if it were a fault of ours
        return ReadOnly(f"the database can only be read (SQLSTATE {state})")
    said = primary if state in _NAMING or state[:2] in ("08", "40", "53", "55", "57") else ""
    quiet: Any = type(error)(f"{said or type(error).__name__} (SQLSTATE {state})")
    return quiet  # type: ignore[no-any-return]
