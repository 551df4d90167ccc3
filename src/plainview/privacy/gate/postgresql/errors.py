"""Errors don't speak: what PostgreSQL says is cut down to what holds no value of a row."""

from __future__ import annotations

from typing import Any

import psycopg

# Classes whose primary message names tables, columns, constraints or roles, never a value.
_NAMING = frozenset(
    {"23502", "23503", "23505", "23514", "23P01", "42P01", "42703", "42501", "42883"}
)


def silenced(error: psycopg.Error) -> psycopg.Error:
    """The same kind of error without DETAIL, without the statement, without values."""
    state = error.sqlstate or ""
    primary = getattr(error.diag, "message_primary", None) or ""
    if not state:
        return error
    said = primary if state in _NAMING or state[:2] in ("08", "40", "53", "55", "57") else ""
    quiet: Any = type(error)(f"{said or type(error).__name__} (SQLSTATE {state})")
    return quiet  # type: ignore[no-any-return]
