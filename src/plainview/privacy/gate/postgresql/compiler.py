"""Django's compilers for PostgreSQL behind the gate: two of its own, the others for all."""

from django.db.backends.postgresql import compiler as django

from plainview.privacy.gate.compilers import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)
from plainview.privacy.gate.selecting import GateSelect
from plainview.privacy.gate.writing import GateInsert

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLCompiler(GateSelect, django.SQLCompiler):
    """SELECT."""


class SQLInsertCompiler(GateInsert, django.SQLInsertCompiler):
    """INSERT."""
